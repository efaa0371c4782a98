"""The hashed requirement files stay installable when what they pin has a newer release."""

from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FILES = sorted(ROOT.glob("requirements/*.txt"))


def pins(file: Path) -> dict[str, Requirement]:
    lines = file.read_text().splitlines()
    pinned = [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]
    return {canonicalize_name(pin.name): pin for pin in pinned}


def asked_for(pin: Requirement) -> list[Requirement]:
    """What a pinned package, with the extras it is pinned with, depends on here."""
    try:
        asked = [Requirement(line) for line in requires(pin.name) or []]
    except PackageNotFoundError:  # a package for another platform
        return []
    extras = ["", *pin.extras]
    return [
        one
        for one in asked
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_package_that_another_asks_for_with_an_extra_is_pinned_with_it(file: Path) -> None:
    """Otherwise pip before 23.3 (Debian 12, Python 3.11) takes the newest release for the extra,
    and refuses it because that one has no hash."""
    pinned = pins(file)

    bare = [
        f"{pin.name} asks for {asked}, pinned as {pinned[canonicalize_name(asked.name)]}"
        for pin in pinned.values()
        for asked in asked_for(pin)
        if asked.extras - pinned[canonicalize_name(asked.name)].extras
    ]

    assert pinned
    assert bare == []
