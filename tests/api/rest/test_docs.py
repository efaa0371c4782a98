"""docs/api.md names every address and every setting of access, and nothing that is not there."""

import re
from pathlib import Path

from hearten.settings import Settings
from tests.support.judged_teams import World

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


def test_every_address_is_described_and_none_that_is_not_there(world: World) -> None:
    text = DOCS.read_text()
    rows = re.findall(r"^\| (`[^|]*) \| [^|]* \|$", text, re.MULTILINE)
    told = {address for row in rows for address in re.findall(r"`([a-z./A-Z]+)`", row)}
    paths = world.app().openapi()["paths"]
    there = {
        re.sub(r"\{[a-z]+\}", "ID", path.removeprefix("/api/v1/"))
        for path in paths
        if path.startswith("/api/")
    }

    assert there - {"tokens/ID"} == {address for address in told if address in there}
    assert {a for a in told if "/" in a or "." in a} <= there


def test_every_setting_that_is_named_is_one() -> None:
    named = set(re.findall(r"HEARTEN_([A-Z_]+)", DOCS.read_text()))

    assert named >= {"ACCESS", "PROXY_HEADER", "PROXY_ADDRESSES", "RATE_LIMIT"}
    assert {name.lower() for name in named} <= set(Settings.model_fields)
