"""docs/deploy.md: what it shows is well formed, and asks what the service answers."""

import re
from pathlib import Path
from typing import Any

import yaml

from hearten.settings import Settings

TEXT = Path(__file__).parents[2].joinpath("docs", "deploy.md").read_text()


def deployment() -> dict[str, Any]:
    (block,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    shown: dict[str, Any] = yaml.safe_load(block)
    return shown


def test_the_deployment_uses_each_probe_for_what_it_tells() -> None:
    (container,) = deployment()["spec"]["template"]["spec"]["containers"]

    probes = {name: container[name]["httpGet"]["path"] for name in container if "Probe" in name}

    assert probes == {
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
        "startupProbe": "/readyz",
    }


def test_the_deployment_has_no_right_that_it_does_not_need() -> None:
    pod = deployment()["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_deployment_mounts_what_it_declares_and_names_secrets_by_file_alone() -> None:
    pod = deployment()["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    named = {each["name"]: each["value"] for each in container["env"]}

    assert {m["name"] for m in container["volumeMounts"]} == {v["name"] for v in pod["volumes"]}
    assert [name for name in named if named[name].startswith("/run/secrets/hearten/")] == [
        "HEARTEN_DATABASE_URL_FILE",
        "HEARTEN_GITHUB_TOKEN_FILE",
    ]
    settings = {f"HEARTEN_{field.upper()}" for field in Settings.model_fields}
    assert {name.removesuffix("_FILE") for name in named} - {"HEARTEN_ACCESS"} <= settings
