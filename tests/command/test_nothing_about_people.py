"""After a collection of the whole made-up organisation, no trace of a person is anywhere."""

import logging
from pathlib import Path

import pytest

from sandbox.demo.config import demo_config
from sandbox.demo.world import demo_world
from sandbox.people import personal_strings
from store.store import Store
from tests.support.database_dump import everything_in
from tests.support.organisation import NOW, Organisation
from tests.support.sandbox_servers import serve


def test_no_name_login_address_or_text_of_a_person_is_kept_printed_or_logged(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("DEMO_DC_TOKEN", "any")
    caplog.set_level(logging.DEBUG)
    world = demo_world(NOW)
    with serve(world) as sandbox:
        organisation = Organisation(world, sandbox, database_url, tmp_path / "config")
        organisation.config.mkdir()
        for name, text in demo_config(NOW, data_center_url=sandbox.jira_url("legacy")).items():
            organisation.config.joinpath(name).write_text(text)
        said = [organisation.run("collect", "--since", "2024-01-01"), organisation.run("evaluate")]
        said += [organisation.run("results", "--format", form) for form in ("json", "csv", "table")]
        said += [organisation.run("status", "--format", "json"), organisation.run("status")]

    with Store.open(database_url) as store:
        kept = everything_in(store)
    everywhere = [kept, caplog.text, *(ran.out + ran.messages for ran in said)]

    assert len(kept) > 100_000, "the organisation was really read"
    found = {text for text in personal_strings() for place in everywhere if text in place}
    assert not found
