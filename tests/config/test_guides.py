"""What stands around the pages, and the guides that they show."""

from pathlib import Path

import pytest

from hearten.config.files import init
from tests.config.folder import TARGETS, TEAMS, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).write(teams=TEAMS, targets=TARGETS)


def test_every_line_about_the_product_that_is_commented_out_loads(tmp_path: Path) -> None:
    init(tmp_path)
    path = tmp_path / "hearten.yaml"
    path.write_text(path.read_text().replace("#  ", "  ", 4).replace("{}\n  legacy", "{}\n#"))

    product = Folder(tmp_path).load().product

    assert product.organisation == "Example Health"
    assert product.query_url.endswith("?title={title}&body={body}")


def test_the_logo_is_off_until_somebody_who_may_use_it_says_so(folder: Folder) -> None:
    assert folder.load().product.logo is False
    assert folder.write(hearten="product: {logo: true}").load().product.logo is True


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("support_url: 'javascript:alert(1)'", "must be a web address"),
        ("support_url: 'https://me:secret@example.org'", "must hold no user name or password"),
        ("query_url: 'https://example.org/new'", "must hold {title} or {body}"),
        ("query_url: 'https://example.org/{title}/{0}'", "must hold {title} or {body}"),
        ("query_url: 'https://example.org/{title'", "must hold {title} or {body}"),
        ("retro_action_url: '{site}/new'", "must hold {label}"),
        ("retro_action_url: '{site}/{label}/{person}'", "must hold {label}"),
        ("retro_action_url: 'ftp://x/{label}'", "must be a web address"),
    ],
)
def test_a_link_that_cannot_be_used_is_refused_with_what_to_write(
    folder: Folder, written: str, said: str
) -> None:
    faults = folder.write(hearten=f"product:\n  {written}\n").faults()

    assert [said in fault.message for fault in faults] == [True]


def test_without_a_file_the_roles_and_the_time_guide_are_our_own_proposal(folder: Folder) -> None:
    plan = folder.load()

    assert "Developers" in [role.name for role in plan.roles]
    assert [each.role for each in plan.allocations] == ["Senior developer"]


def test_the_time_guide_of_the_seed_leaves_about_half_a_day(folder: Folder) -> None:
    allocation = folder.load().allocations[0]

    planned = sum(row.days for row in allocation.rows)

    assert round(allocation.days - planned, 2) == 0.53


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{activity: A, group: G}", "must say either `days` or `hours`"),
        ("{activity: A, days: 1, hours: 2, group: G}", "must say either `days` or `hours`"),
        ("{activity: A, days: 1}", "must say either `group` or `split`"),
        ("{activity: A, days: 1, split: {G: 0.5}}", "must add up to the row's days"),
        ("{activity: A, days: 10, group: G}\n      - {activity: B, days: 1, group: G}", "add up"),
    ],
)
def test_a_time_guide_that_does_not_add_up_is_refused(folder: Folder, row: str, said: str) -> None:
    text = f"time_allocation:\n  - role: Developer\n    rows:\n      - {row}\n"

    faults = folder.write(time_allocation=text).faults()

    assert [said in fault.message for fault in faults] == [True]


def test_nobody_can_enter_what_time_was_really_spent(folder: Folder) -> None:
    row = "{activity: Stand-ups, days: 1, group: G, actual: 2}"
    text = f"time_allocation:\n  - role: Developer\n    rows:\n      - {row}\n"

    assert folder.write(time_allocation=text).faults()


def test_the_roles_that_are_written_stand_in_place_of_the_proposal(folder: Folder) -> None:
    folder.write(roles="roles:\n  - {name: Testers, answers_for: [Asking what if]}\n")

    assert [role.name for role in folder.load().roles] == ["Testers"]
