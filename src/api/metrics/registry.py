"""The metrics that there are: name, kind and what each says, for `/metrics` and the export."""

from datetime import datetime

from prometheus_client.metrics_core import Metric
from prometheus_client.samples import Sample

CURRENT, LAST_FINISHED = "current", "last_finished"

GAUGES = {
    "hearten_target_status": "1 for the status that a team has against a target, 0 for the others.",
    "hearten_target_value": "What was counted so far, in the target's own unit.",
    "hearten_target_minimum": "What the target asks for at least.",
    "hearten_result_reason": "Why there is no data, by its code; always 1.",
    "hearten_team_info": "The team's name and group, as labels of a 1.",
    "hearten_target_info": "The target's title, its unit and whether it is a stretch: of a 1.",
    "hearten_target_version_start_timestamp_seconds": "From when a version of a target is asked.",
    "hearten_closure_start_timestamp_seconds": "When days begin on which nobody works.",
    "hearten_data_coverage_ratio": "1 where the newest read of a team's source closed, else 0.",
    "hearten_sprint_start_timestamp_seconds": "When the sprint started.",
    "hearten_sprint_end_timestamp_seconds": "When the sprint ended, or is planned to end.",
    "hearten_sprint_info": "The sprint's id and name, as labels of a 1.",
    "hearten_streak_sprints": "Counted sprints in a row that met the target, if the team opted in.",
    "hearten_collector_last_success_timestamp_seconds": (
        "Up to when everything of a source is known: when its newest complete read began."
    ),
    "hearten_github_rate_limit_remaining": "What GitHub's newest answer left of its rate limit.",
    "hearten_run_last_finished_timestamp_seconds": "When a job last ended so.",
    "hearten_schedule_next_run_timestamp_seconds": "When a job is due next.",
    "hearten_build_info": "The version of hearten that answers, as a label of a 1.",
}
COUNTERS = {
    "hearten_collector_runs": "Reads of a source, by how they ended: read, or why not.",
    "hearten_collector_items": "New facts of a source, by kind; changed tickets and sprints too.",
    "hearten_evaluations": "Evaluations, by how they ended.",
    "hearten_runs": "Runs of a job, by how they ended.",
    "hearten_refused_writes": "Writes that this process refused without a line in the audit log.",
}
HISTOGRAMS = {"hearten_collector_duration_seconds": "How long the reads of sources took."}
_KINDS = (("gauge", GAUGES), ("counter", COUNTERS), ("histogram", HISTOGRAMS))


class MetricFamily:
    """One metric family while it is filled; samples are added as they are to be written."""

    def __init__(self, name: str) -> None:
        """A family of `name`, which must be one of those above; a counter's without `_total`."""
        kind, words = next((kind, known[name]) for kind, known in _KINDS if name in known)
        self.metric = Metric(name, words, kind)
        self._sample_name = f"{name}_total" if kind == "counter" else name

    def add(
        self, labels: dict[str, str], value: float, *, suffix: str = "", at: datetime | None = None
    ) -> None:
        """Add a sample. Its labels may be shared with other families: nobody changes them."""
        stamp = None if at is None else at.timestamp()
        self.metric.samples.append(Sample(self._sample_name + suffix, labels, value, stamp))


def families(*names: str) -> list[MetricFamily]:
    """New families of these names."""
    return [MetricFamily(name) for name in names]
