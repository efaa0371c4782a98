"""What holds for each kind of production evidence."""

import pytest

from evaluator.model.evidence import RULES, Production
from evaluator.model.facts import Evidence


def test_every_kind_of_evidence_has_its_rule() -> None:
    assert RULES.keys() == set(Evidence)


@pytest.mark.parametrize(
    ("text", "name", "matches"),
    [
        pytest.param("production", "Production", True, id="a name in other letters"),
        pytest.param("live-.*", "live-trust-c", True, id="a pattern"),
        pytest.param("live-.*", "Live-trust-c", True, id="a pattern in other letters"),
        pytest.param("live-.*", "pre-live-trust-c", False, id="a pattern that matches in part"),
        pytest.param("(live|prod)", "prod", True, id="one of two"),
        pytest.param("Live (main)", "live (main)", True, id="a name that looks like a pattern"),
        pytest.param("Live (main", "live (main", True, id="a name that is no valid pattern"),
        pytest.param("Live (main", "live main", False, id="no valid pattern matches nothing else"),
        pytest.param("www.example.org", "www-example-org", False, id="a full stop is one"),
        pytest.param("https://x.example/?a=1", "https://x.example/?a=1", True, id="an address"),
    ],
)
def test_environments_are_names_or_else_patterns_for_whole_names(
    text: str, name: str, *, matches: bool
) -> None:
    assert Production(Evidence.DEPLOYMENT, (text,)).matches(name) is matches


@pytest.mark.parametrize(
    ("evidence", "branch", "history"),
    [
        pytest.param(Evidence.WORKFLOW, "release/.*", None, id="several branches of runs"),
        pytest.param(Evidence.DEPLOYMENT, "release/(1|2)", None, id="several of deployments"),
        pytest.param(Evidence.WORKFLOW, "release/1.x", "release/1.x", id="one branch"),
        pytest.param(
            Evidence.MERGE, "c++", "c++", id="merges are to one branch, whatever its name"
        ),
        pytest.param(Evidence.MERGE, None, None, id="the default branch"),
    ],
)
def test_history_is_read_of_one_branch(
    evidence: Evidence, branch: str | None, history: str | None
) -> None:
    assert Production(evidence, branch=branch).history_branch == history
