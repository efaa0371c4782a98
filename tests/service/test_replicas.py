"""Three replicas on one PostgreSQL, of which one is killed again and again."""

import re
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from pydantic_settings import BaseSettings

from evaluator.model.runs import Job, Outcome
from hearten.clock import now
from hearten.cron import slot_text
from store.store import Store
from tests.support.database_dump import kept
from tests.support.service_processes import Service, service, teams_with_boards, until


class ReplicaSettings(BaseSettings):
    """How often one is killed, and when."""

    test_replica_kills: int = 3
    test_replica_seed: int = 0


SETTINGS = ReplicaSettings()
SPRINTS = 6


@pytest.mark.slow
@pytest.mark.parametrize("queue", ["threads", "workers"])
def test_every_due_evaluation_happens_exactly_once_whichever_process_is_killed(
    postgresql_url: str, tmp_path: Path, queue: str
) -> None:
    random = Random(f"{SETTINGS.test_replica_seed} {queue}")
    more = {"HEARTEN_QUEUE": "on"} if queue == "workers" else {}
    with service(postgresql_url, tmp_path, cron="*/10 * * * * *", settings=more) as running:
        first = now().replace(microsecond=0) + timedelta(seconds=10)
        moments = [first + timedelta(seconds=2 * number) for number in range(SPRINTS)]
        running.organisation.configure(teams_with_boards(running.organisation.world, moments))
        commands = ["schedule"] * 3 + ["worker"] * (3 if more else 0)
        processes = [running.start(name) for name in commands]
        with Store.open(postgresql_url) as store:
            until(lambda: running.done(store, Job.EVALUATE), "something is evaluated")
            for _ in range(SETTINGS.test_replica_kills):
                time.sleep(random.uniform(0, 3))
                victim = random.randrange(len(processes))
                processes[victim].kill()
                processes[victim] = running.start(commands[victim])
            sprints = {slot_text(moment) for moment in moments}
            until(lambda: sprints <= running.done(store, Job.EVALUATE), "all sprints are judged")
            due = {slot for slot in running.runs(store, Job.COLLECT) if slot <= slot_text(now())}
            until(lambda: due <= running.done(store, Job.EVALUATE), "all that was due is judged")
            until(lambda: all(process.said for process in processes), "all have begun")
            codes = [process.stop() for process in processes]

            _each_once(running, store, due)
        assert codes == [0] * len(processes)
        assert kept(postgresql_url) == kept(running.clean().database_url)


def _each_once(running: Service, store: Store, due: set[str]) -> None:
    for job in Job:
        done = {slot: run for slot, run in running.runs(store, job).items() if slot in due}
        assert done.keys() == due
        assert {run.outcome for run in done.values()} == {Outcome.DONE}, running.log()
    ended = Counter(re.findall(r"evaluate (\S+): done\.", running.log()))
    assert ended
    assert set(ended.values()) == {1}
    collected = {run.slot: run for run in running.runs(store, Job.COLLECT).values()}
    for slot, run in running.runs(store, Job.EVALUATE).items():
        began = collected[slot].started_at
        assert began is not None
        assert slot_text(began) >= slot, "what was judged was read after the slot"
        assert run.started_at is None or run.started_at >= began
