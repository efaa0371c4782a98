"""How long reach takes on one large history: 200,000 commits and 5,000 production events.

PYTHONPATH=src python -m benchmarks.reaching
"""

import time
from datetime import UTC, datetime, timedelta
from random import Random

from evaluator.model.facts import Evidence, ProductionEvent
from evaluator.reach import reach

COMMITS, EVENTS = 200_000, 5_000
_START = datetime(2016, 1, 1, tzinfo=UTC)


def main() -> None:
    """Make the history up, and print how long reach takes over it."""
    parents, shas = _history(Random(1))
    events = [_event(shas[place], place) for place in range(0, COMMITS, COMMITS // EVENTS)]
    Random(2).shuffle(events)
    begin = time.perf_counter()
    reached = reach(parents, events)
    seconds = time.perf_counter() - begin
    print(f"{len(parents):,} commits, {len(events):,} events: {seconds:.2f} s")
    assert len(reached) > COMMITS * 0.9


def _history(random: Random) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """A line on which every fourth commit merges what was begun up to 50 commits before."""
    shas = [f"{random.getrandbits(160):040x}" for _ in range(COMMITS)]
    parents: dict[str, tuple[str, ...]] = {shas[0]: ()}
    for place in range(1, COMMITS):
        side = [shas[max(0, place - random.randint(2, 50))]] if place % 4 == 0 else []
        parents[shas[place]] = (shas[place - 1], *side)
    return parents, shas


def _event(sha: str, place: int) -> ProductionEvent:
    at = _START + timedelta(minutes=place)
    return ProductionEvent("acme/large", Evidence.DEPLOYMENT, sha, sha, "production", at, "")


if __name__ == "__main__":
    main()
