"""The kinds of production evidence that may be written in `teams.yaml`."""

from typing import get_args

import pytest

from evaluator.model.facts import Evidence
from hearten.config.repositories import KEYS, ProductionEntry
from tests.config.folder import TEAMS, Folder


def test_every_kind_of_evidence_may_be_written_and_has_its_keys() -> None:
    written = get_args(ProductionEntry.model_fields["evidence"].annotation)

    assert set(written) == KEYS.keys() == set(Evidence)


@pytest.mark.parametrize("evidence", Evidence)
def test_a_key_that_is_missing_is_asked_for_with_an_example(
    evidence: Evidence, folder: Folder
) -> None:
    folder.write(
        teams=f"{TEAMS}    repositories:\n      - name: acme/shop\n"
        f"        production: {{evidence: {evidence}}}\n"
    )
    needed = [key for key, must in KEYS[evidence].items() if must]

    said = [fault.message for fault in folder.faults()]

    assert len(said) == len(needed)
    for message, key in zip(said, needed, strict=True):
        assert f"write `{key}: " in message
