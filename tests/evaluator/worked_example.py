"""The worked example of the design: six commits, five deployments, two sprints."""

from evaluator.model.facts import Commit, ProductionEvent
from tests.evaluator.builders import commit, deployed

HISTORY: list[Commit] = [
    commit("c1", made="2026-02-20"),
    commit("c2", "c1", made="2026-03-03", pull_request=7),
    commit("c3", "c2", made="2026-03-05", bot=True),
    commit("c4", "c2", "c3", made="2026-03-06"),
    commit("c5", "c4", made="2026-03-10", pull_request=9),
    commit("c6", "c5", made="2026-03-13", pull_request=9),
]
SEED = deployed("D0", "c1", "2026-02-27")
AFTER_THE_SEED: list[ProductionEvent] = [
    deployed("D1", "c2", "2026-03-04"),
    deployed("D2", "c5", "2026-03-12"),
    deployed("D3", "c2", "2026-03-13"),
    deployed("D4", "c6", "2026-03-20"),
]
BEGUN = "2026-03-03"  # collected from this day
