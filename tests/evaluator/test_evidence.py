"""What holds for each kind of production evidence."""

from evaluator.model.evidence import RULES
from evaluator.model.facts import Evidence


def test_every_kind_of_evidence_has_its_rule() -> None:
    assert RULES.keys() == set(Evidence)
