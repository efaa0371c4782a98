"""The month holds: an agreed version that is not its target's first had its consultation."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from evaluator.model.plan import Plan, TargetVersion
from tests.config.folder import TARGETS, TODAY, Folder, consulted

HEAD = TARGETS.rsplit("      - ", 1)[0]
FIRST = "{effective_from: 2021-10-01, minimum: 1, status: agreed}"
PLACE = "targets[reached-production].versions[2]"
RIGHT = {
    "effective_from": "2027-01-04",
    "minimum": "2",
    "status": "agreed",
    "proposed_on": "2026-12-01",
    "consultation_closes": "2026-12-31",
    "rationale": "Most had two.",
}
AFTER = date(2027, 1, 2)


def targets(*versions: str) -> str:
    return HEAD + "".join(f"      - {version}\n" for version in versions)


def version(**changed: str) -> str:
    said = {**RIGHT, **changed}
    return f"{{{', '.join(f'{key}: {value}' for key, value in said.items() if value)}}}"


@pytest.mark.parametrize("today", [date(2026, 12, 31), AFTER, date(2030, 1, 1)])
def test_what_had_its_month_is_agreed_from_the_day_it_closes(folder: Folder, today: date) -> None:
    assert folder.write(targets=targets(FIRST, version())).faults(today=today) == []


@pytest.mark.parametrize(
    ("changed", "today", "key", "said"),
    [
        ({"proposed_on": ""}, AFTER, "proposed_on", "the target's first needs proposed_on"),
        ({"consultation_closes": ""}, AFTER, "consultation_closes", "needs consultation_closes"),
        ({"rationale": ""}, AFTER, "rationale", "needs rationale; write why it is asked"),
        ({"rationale": "''"}, AFTER, "rationale", "needs rationale; write why it is asked"),
        (
            {"proposed_on": "2026-12-05"},
            AFTER,
            "consultation_closes",
            "closes 26 days after proposed_on; leave at least 28 days",
        ),
        (
            {"effective_from": "2026-12-31"},
            AFTER,
            "effective_from",
            "31 December 2026 is not after its consultation; write a day after 31 December 2026",
        ),
        (
            {},
            date(2026, 12, 20),
            "consultation_closes",
            "closes on 31 December 2026; leave it proposed until then",
        ),
        (
            {"correction_reason": "We mean it", "rationale": ""},
            AFTER,
            "rationale",
            "needs rationale",
        ),
    ],
)
def test_without_its_month_it_is_a_fault_with_its_line(
    folder: Folder, changed: dict[str, str], today: date, key: str, said: str
) -> None:
    (fault,) = folder.write(targets=targets(FIRST, version(**changed))).faults(today=today)

    assert (fault.line, fault.key) == (10, f"{PLACE}.{key}")
    assert said in fault.message


@pytest.mark.parametrize("first", ["agreed", "retired"])
def test_the_first_version_of_a_target_needs_no_month_and_the_second_does_in_any_order(
    folder: Folder, first: str
) -> None:
    second = version(rationale="")
    folder.write(targets=targets(second, FIRST.replace("agreed", first)))

    (fault,) = folder.faults(today=AFTER)

    assert fault.key == "targets[reached-production].versions[1].rationale"


@pytest.mark.parametrize("status", ["proposed", "retired"])
def test_what_is_not_agreed_may_close_whenever_it_does(folder: Folder, status: str) -> None:
    later = version(status=status, rationale="")

    assert folder.write(targets=targets(FIRST, later)).faults(today=date(2026, 12, 20)) == []


def kept_with(plan: Plan, *later: TargetVersion) -> Plan:
    """Return the plan as a version of hearten kept it that asked for no month."""
    (target,) = plan.targets
    return replace(plan, targets=(replace(target, versions=(*target.versions, *later)),))


YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("kept", "written", "faults"),
    [
        pytest.param(TargetVersion(YESTERDAY, 2), "minimum: 2", 0, id="as it was in force"),
        pytest.param(TargetVersion(YESTERDAY, 3), "minimum: 2", 4, id="with another minimum"),
        pytest.param(TargetVersion(TOMORROW, 2), "minimum: 2", 3, id="not in force yet"),
        pytest.param(
            TargetVersion(YESTERDAY, 2), "minimum: 2, rationale: Light", 0, id="with more said"
        ),
        pytest.param(
            TargetVersion(YESTERDAY, 2, rationale="Light"), "minimum: 2", 3, id="with less said"
        ),
    ],
)
def test_what_judged_already_before_months_were_asked_for_is_not_taken_back(
    folder: Folder, kept: TargetVersion, written: str, faults: int
) -> None:
    previous = kept_with(folder.load(), kept)
    later = f"{{effective_from: {kept.effective_from}, status: agreed, {written}}}"
    folder.write(targets=targets(FIRST, later))

    assert len(folder.faults(previous=previous)) == faults


@pytest.mark.parametrize("days", [28, 29, 60])
def test_a_month_may_be_longer_than_28_days(folder: Folder, days: int) -> None:
    proposed = date(2026, 12, 31) - timedelta(days=days)

    written = targets(FIRST, version(proposed_on=str(proposed)))

    assert folder.write(targets=written).faults(today=AFTER) == []


def test_a_third_version_needs_a_month_of_its_own(folder: Folder) -> None:
    third = version(effective_from="2027-06-01", proposed_on="", minimum="3")
    folder.write(targets=targets(FIRST, consulted("2026-04-01", 2), third))

    assert [fault.line for fault in folder.faults(today=AFTER)] == [11]
