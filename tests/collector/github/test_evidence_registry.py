"""Every kind of production evidence can be asked for, read, checked and detected."""

from pathlib import Path

import pytest

from collector.github.evidence.base import EvidenceKind
from collector.github.evidence.registry import EVIDENCE_KINDS
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collector.github.reading import SHOP, Read, at

FACTS = sorted(EvidenceKind.__annotations__)
METHODS = sorted(
    name for name, part in vars(EvidenceKind).items() if name[0] != "_" and callable(part)
)
EXAMPLES = {
    Evidence.DEPLOYMENT: Production(Evidence.DEPLOYMENT, environments=("production",)),
    Evidence.RELEASE: Production(Evidence.RELEASE, pattern=r"v\d+"),
    Evidence.TAG: Production(Evidence.TAG, pattern=r"live-.*"),
    Evidence.WORKFLOW: Production(Evidence.WORKFLOW, workflows=("deploy.yml",)),
    Evidence.MERGE: Production(Evidence.MERGE),
}


def test_every_kind_of_evidence_is_registered_under_its_name() -> None:
    assert EVIDENCE_KINDS.keys() == set(Evidence)
    assert [kind.evidence for kind in EVIDENCE_KINDS.values()] == list(EVIDENCE_KINDS)


@pytest.mark.parametrize("evidence", Evidence)
@pytest.mark.parametrize("method", METHODS)
def test_every_kind_of_evidence_answers_every_question(evidence: Evidence, method: str) -> None:
    """The protocol's own methods have no body: one that is left to them would answer None."""
    asked = getattr(type(EVIDENCE_KINDS[evidence]), method)

    assert asked is not getattr(EvidenceKind, method)


@pytest.mark.parametrize("evidence", Evidence)
@pytest.mark.parametrize("fact", FACTS)
def test_every_kind_of_evidence_says_what_it_is(evidence: Evidence, fact: str) -> None:
    assert hasattr(EVIDENCE_KINDS[evidence], fact)


@pytest.mark.parametrize("evidence", Evidence)
def test_every_kind_of_evidence_has_a_file_and_a_file_of_tests(evidence: Evidence) -> None:
    module = type(EVIDENCE_KINDS[evidence]).__module__

    assert module == f"collector.github.evidence.{evidence.value}"
    assert (Path(__file__).parent / "evidence" / f"test_{evidence.value}.py").is_file()


@pytest.mark.parametrize("evidence", [each for each in Evidence if each is not Evidence.WORKFLOW])
def test_a_kind_remembers_what_it_asks_for_when_nothing_is_new(
    world: World, sandbox: Sandbox, read: Read, evidence: Evidence
) -> None:
    """Else every run would read the repository again."""
    repo = world.repository(SHOP)
    commit = repo.commit(at=at(4))
    repo.deploy(commit, at=at(5))
    repo.release("v1", commit, at=at(5))
    repo.tag("live-1", commit)
    read(EXAMPLES[evidence])
    sandbox.reset()

    reading = read(EXAMPLES[evidence])

    assert (len(read.events), sandbox.count("github"), reading.commits) == (1, 1, ())


@pytest.mark.parametrize("evidence", [each for each in Evidence if each is not Evidence.WORKFLOW])
def test_an_empty_repository_is_read_and_has_nothing(
    world: World, read: Read, evidence: Evidence
) -> None:
    world.repository(SHOP)

    reading = read(EXAMPLES[evidence])

    assert (reading.coverage.reason, reading.commits, reading.events) == (None, (), ())
