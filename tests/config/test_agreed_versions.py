from datetime import date

import pytest

from tests.config.folder import TARGETS, TODAY, Folder, consulted

HEAD = TARGETS.rsplit("      - ", 1)[0]
AGREED = "{effective_from: 2021-10-01, minimum: 1, status: agreed}"
TO_COME = consulted("2027-04-01", 2, closes="2026-10-01")


def targets(*versions: str) -> str:
    return HEAD + "".join(f"      - {version}\n" for version in versions)


@pytest.mark.parametrize(
    ("edited", "mend"),
    [
        pytest.param([AGREED.replace("1, st", "2, st"), TO_COME], "put it back", id="minimum"),
        pytest.param([AGREED.replace("agreed", "retired"), TO_COME], "put it back", id="retired"),
        pytest.param(
            [AGREED.replace("mini", "effective_to: 2026-11-01, mini"), TO_COME],
            "put it back",
            id="ended yesterday",
        ),
        pytest.param([TO_COME], "keep it as `status: retired`", id="taken out"),
        pytest.param(
            [AGREED.replace("2021-10-01", "2021-11-01"), TO_COME], "put it back", id="moved"
        ),
        pytest.param(
            [AGREED, consulted("2026-11-01", 2), TO_COME],
            "would judge the past",
            id="a new version since yesterday",
        ),
    ],
)
def test_an_agreed_version_that_was_in_force_is_not_quietly_edited(
    folder: Folder, edited: list[str], mend: str
) -> None:
    agreed = folder.write(targets=targets(AGREED, TO_COME)).load()

    faults = folder.write(targets=targets(*edited)).faults(previous=agreed)

    assert any(mend in fault.message for fault in faults)
    assert {fault.file for fault in faults} == {"targets.yaml"}


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param([AGREED, TO_COME], id="nothing"),
        pytest.param([AGREED, TO_COME.replace("minimum: 2", "minimum: 3")], id="what is to come"),
        pytest.param([AGREED], id="what is to come is taken out"),
        pytest.param(
            [AGREED.replace("mini", "effective_to: 2026-11-02, mini"), TO_COME], id="ends today"
        ),
        pytest.param(
            [AGREED.replace("agreed", "agreed, rationale: Lightest"), TO_COME], id="a rationale"
        ),
        pytest.param(
            [
                AGREED.replace("minimum: 1", "minimum: 2, correction_reason: A slip"),
                TO_COME,
            ],
            id="a correction with its reason",
        ),
        pytest.param(
            [AGREED, consulted(str(TODAY), 2), TO_COME],
            id="a new version from today",
        ),
    ],
)
def test_what_judges_no_past_sprint_may_change(folder: Folder, edited: list[str]) -> None:
    agreed = folder.write(targets=targets(AGREED, TO_COME)).load()

    assert folder.write(targets=targets(*edited)).faults(previous=agreed) == []


def test_an_old_reason_does_not_excuse_a_new_correction(folder: Folder) -> None:
    corrected = AGREED.replace("minimum: 1", "minimum: 2, correction_reason: A slip")
    agreed = folder.write(targets=targets(corrected)).load()

    again = corrected.replace("minimum: 2", "minimum: 3")
    (fault,) = folder.write(targets=targets(again)).faults(previous=agreed)

    assert "correction_reason" in fault.message
    assert (fault.line, fault.key) == (9, "targets[reached-production].versions[1].effective_from")


def test_another_measure_is_another_target(folder: Folder) -> None:
    agreed = folder.write(targets=targets(AGREED)).load()

    other = targets(AGREED).replace("changes_in_production", "tickets_done")
    (fault,) = folder.write(targets=other).faults(previous=agreed)

    assert "was agreed and has been in force" in fault.message


def test_a_target_that_was_in_force_is_ended_and_not_removed(folder: Folder) -> None:
    agreed = folder.write(targets=targets(AGREED)).load()

    other = targets(AGREED).replace("id: reached-production", "id: reach")
    (fault,) = folder.write(targets=other).faults(previous=agreed)

    assert "reached-production was agreed and has been in force" in fault.message


def test_a_new_target_may_begin_in_the_past(folder: Folder) -> None:
    agreed = folder.load()
    second = targets(AGREED).removeprefix("targets:\n").replace("id: reached-", "id: second-")

    faults = folder.write(targets=targets(AGREED) + second).faults(previous=agreed)

    assert faults == []


def test_today_is_told(folder: Folder) -> None:
    agreed = folder.write(targets=targets(AGREED)).load()
    edited = folder.write(targets=targets(AGREED.replace("minimum: 1", "minimum: 2")))

    assert edited.faults(previous=agreed, today=date(2021, 10, 1)) == []
