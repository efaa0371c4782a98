"""All kinds of production evidence, the best first: it shows best what people see."""

from collections.abc import Mapping

from collector.github.evidence.base import EvidenceKind
from collector.github.evidence.deployment import DeploymentEvidence
from collector.github.evidence.merge import MergeEvidence
from collector.github.evidence.release import ReleaseEvidence
from collector.github.evidence.tag import TagEvidence
from collector.github.evidence.workflow import WorkflowEvidence
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence

EVIDENCE_KINDS: Mapping[Evidence, EvidenceKind] = {
    Evidence.DEPLOYMENT: DeploymentEvidence(),
    Evidence.RELEASE: ReleaseEvidence(),
    Evidence.TAG: TagEvidence(),
    Evidence.WORKFLOW: WorkflowEvidence(),
    Evidence.MERGE: MergeEvidence(),
}


def evidence_kind(production: Production) -> EvidenceKind:
    """Return the kind of evidence that is configured."""
    return EVIDENCE_KINDS[production.evidence]
