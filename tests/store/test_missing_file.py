"""Whether there is a database yet is told from its address alone."""

from pathlib import Path

import pytest

from store.database import Database
from store.errors import StoreError
from store.missing_file import missing_file


@pytest.mark.parametrize(
    "name",
    ["hearten.db", "sub/hearten.db", "with space.db", "a%20b.db", "h@st:1.db", "a.db?timeout=5"],
)
def test_the_file_that_is_missing_is_the_one_that_opening_makes(tmp_path: Path, name: str) -> None:
    url = f"sqlite:///{tmp_path}/{name}"

    missing = missing_file(url)
    Database(url).close()

    assert missing
    assert missing.is_file()
    assert missing_file(url) is None


def test_a_file_is_looked_for_from_the_folder_in_which_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert missing_file("sqlite:///var/hearten.db") == tmp_path / "var" / "hearten.db"


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/hearten", "sqlite:///file:x?uri=true"])
def test_nothing_is_missing_where_no_file_would_be_made(url: str) -> None:
    assert missing_file(url) is None


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///", "mysql://host/x"])
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match=r"Write sqlite:///folder/file\.db or"):
        missing_file(url)
