import pytest

from tests.config.folder import TARGETS, Folder, consulted

HEAD = TARGETS.rsplit("      - ", 1)[0]
ENDING = "{{effective_from: 2021-10-01, effective_to: {}, minimum: 1, status: agreed}}"
PROPOSED = "{effective_from: 2022-04-01, minimum: 2, status: proposed, proposed_on: 2022-03-01"
BENEFIT = "    benefit: Your work reaches people sooner.\n"
VERSIONS = "    versions:\n      - {effective_from: 2021-10-01, minimum: 1, status: agreed}\n"


@pytest.mark.parametrize(
    ("edit", "line", "key", "mend"),
    [
        pytest.param((BENEFIT, ""), 2, "benefit", "write `benefit: Your", id="no benefit"),
        pytest.param((BENEFIT, "    benefit: ''\n"), 7, "benefit", "be empty", id="no words"),
        pytest.param(
            ("changes_in_production", "changes_in_prod"),
            5,
            "measure",
            "did you mean changes_in_production?",
            id="unknown measure",
        ),
        pytest.param(
            (BENEFIT, "    balanced_by: tickets_done\n" + BENEFIT),
            7,
            "balanced_by",
            "nothing is shown beside a target in this version; remove the line",
            id="balanced by what nobody shows",
        ),
        pytest.param(
            (BENEFIT, "    period: week\n" + BENEFIT),
            7,
            "period",
            "only sprint is judged in this version",
            id="a week",
        ),
        pytest.param(
            (BENEFIT, "    scope: person\n" + BENEFIT),
            7,
            "scope",
            "never for a person",
            id="a person",
        ),
        pytest.param(
            (BENEFIT, "    scope: group\n" + BENEFIT), 7, "scope", "only team", id="a group"
        ),
        pytest.param(
            (VERSIONS, "    versions: []\n"),
            8,
            "versions",
            "at least one version",
            id="no version",
        ),
    ],
)
def test_a_fault_in_a_target_is_reported_with_its_line_and_its_mend(
    folder: Folder, edit: tuple[str, str], line: int, key: str, mend: str
) -> None:
    folder.write(targets=TARGETS.replace(*edit))

    (fault,) = folder.faults()

    place = f"targets[reached-production].{key}"
    assert (fault.file, fault.line, fault.key) == ("targets.yaml", line, place)
    assert mend in fault.message


@pytest.mark.parametrize(
    ("versions", "line", "key", "mend"),
    [
        pytest.param(
            ["{effective_from: 2021-10-01, minimum: 0, status: agreed}"],
            9,
            "versions[1].minimum",
            "at least 1",
            id="nothing is asked",
        ),
        pytest.param(
            ["{effective_from: 2021-10-01, minimum: 1.5, status: agreed}"],
            9,
            "versions[1].minimum",
            "whole number",
            id="one and a half",
        ),
        pytest.param(
            ["{effective_from: 2021-10-01, minimum: 1, status: shadow}"],
            9,
            "versions[1].status",
            "is not tried out beside others in this version; write `status: proposed`",
            id="a shadow",
        ),
        pytest.param(
            ["{effective_from: 2021-10-01, minimum: 1}"],
            9,
            "versions[1].status",
            "`status: agreed`",
            id="nobody said that it is agreed",
        ),
        pytest.param(
            [
                "{effective_from: 2021-10-01, minimum: 1, status: agreed}",
                "{effective_from: 2021-10-01, minimum: 2, status: agreed}",
            ],
            10,
            "versions[2].effective_from",
            "two agreed versions begin on 2021-10-01, the other at targets.yaml:9",
            id="two agreed for one day",
        ),
        pytest.param(
            [
                consulted("2022-04-01", 2),
                ENDING.format("2022-04-01"),
            ],
            10,
            "versions[2].effective_to",
            "overlaps the version agreed from 2022-04-01",
            id="one day of overlap",
        ),
        pytest.param(
            [ENDING.format("2021-09-30")],
            9,
            "versions[1].effective_to",
            "lies before",
            id="ends before it begins",
        ),
        pytest.param(
            [PROPOSED + ", consultation_closes: 2022-03-28}"],
            9,
            "versions[1].consultation_closes",
            "closes 27 days after proposed_on; leave at least 28 days",
            id="27 days to answer",
        ),
        *(
            pytest.param(
                [f"{PROPOSED}, consultation_closes: 2022-04-28, proposed_in: '{where}'}}"],
                9,
                "versions[1].proposed_in",
                "must be a web address",
                id=f"proposed in {where}",
            )
            for where in ("javascript:alert(1)", "//h.example/1", "our chat", "data:text/html,x")
        ),
        pytest.param(
            [PROPOSED + "}"],
            9,
            "versions[1].consultation_closes",
            "a proposed version needs consultation_closes",
            id="never closes",
        ),
    ],
)
def test_a_fault_in_a_version_is_reported_with_its_line_and_its_mend(
    folder: Folder, versions: list[str], line: int, key: str, mend: str
) -> None:
    folder.write(targets=HEAD + "".join(f"      - {version}\n" for version in versions))

    (fault,) = folder.faults()

    assert (fault.line, fault.key) == (line, f"targets[reached-production].{key}")
    assert mend in fault.message


def test_28_days_are_long_enough_to_answer(folder: Folder) -> None:
    proposal = f"      - {PROPOSED}, consultation_closes: 2022-03-29}}\n"

    assert folder.write(targets=TARGETS + proposal).faults() == []


def test_a_version_may_end_the_day_before_the_next(folder: Folder) -> None:
    versions = f"      - {ENDING.format('2022-03-31')}\n      - {consulted('2022-04-01', 2)}\n"

    assert folder.write(targets=HEAD + versions).faults() == []


def test_two_targets_do_not_share_an_id(folder: Folder) -> None:
    folder.write(targets=TARGETS + TARGETS.removeprefix("targets:\n"))

    (fault,) = folder.faults()

    assert (fault.line, fault.key) == (10, "targets[reached-production].id")
    assert "the other at targets.yaml:2" in fault.message
