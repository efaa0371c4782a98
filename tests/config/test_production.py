"""The kinds of production evidence that may be written in `teams.yaml`."""

from typing import get_args

from evaluator.model.facts import Evidence
from hearten.config.repositories import KEYS, ProductionEntry


def test_every_kind_of_evidence_may_be_written_and_has_its_keys() -> None:
    written = get_args(ProductionEntry.model_fields["evidence"].annotation)

    assert set(written) == KEYS.keys() == set(Evidence)
