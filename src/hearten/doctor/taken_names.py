"""Names that mean another source by now than they did before."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from evaluator.model.facts import Coverage
from evaluator.model.plan import Source
from evaluator.model.source_id import SourceId
from evaluator.taken_names import KINDS
from evaluator.wording import day_of
from hearten.doctor.findings import KEEPER, Finding
from hearten.doctor.result_words import name_of

_LATELY = timedelta(days=35)  # until then somebody should have seen it


def taken_names(
    coverage: Mapping[str, Coverage], sources: Iterable[Source], *, now: datetime, zone: ZoneInfo
) -> Iterator[Finding]:
    """Yield a finding for each of `sources` whose name was lately found to mean another one."""
    by_id = {source.id: source for source in sources}
    for former in coverage.values():
        of, seen = SourceId.parse(former.source), former.attempt_started
        source, present = by_id.get(of.present), coverage.get(of.present)
        if not of.former or source is None or present is None or seen is None:
            continue
        if now - seen <= _LATELY and present.number != former.number:
            what = (
                f"By {day_of(seen, zone)} the name means another {KINDS[of.kind]}: "
                f"its number was {former.number} and is {present.number}."
            )
            remedy = (
                "If that is not the one meant, write the former one's present name in teams.yaml. "
                "Results of the former one stay as they are."
            )
            yield Finding(name_of(source), what, KEEPER, remedy)
