import pytest

from collector.github.bots import BotRules
from collector.github.commits import read_commits
from collector.github.ticket_keys import TicketKeys

KEYS = TicketKeys(frozenset({"HER", "WRE2", "OPS_A"}))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("HER-42 Let letters wait", {"HER-42"}),
        ("[her-42][WRE2-7]: dates", {"HER-42", "WRE2-7"}),
        ("feature/her-42-let-letters-wait", {"HER-42"}),
        ("fix_HER-42_dates", {"HER-42"}),
        ("fix-her-42", {"HER-42"}),
        ("OPS_A-3", {"OPS_A-3"}),
        ("HER-42 again: HER-42", {"HER-42"}),
        ("OTHER-42 and HERON-42", set()),
        ("HER-42nd", set()),
        ("HER-042 HER-0 HER 42 HER42", set()),
        ("UTF-8", set()),
        ("HER-1234567890", set()),
        ("", set()),
    ],
)
def test_a_key_is_a_whole_word_of_a_known_project(text: str, keys: set[str]) -> None:
    assert KEYS.named_in(text) == keys
    assert TicketKeys().named_in(text) == set()


def pull(number: int, title: str, head: str = "", *, merged: bool = True) -> dict[str, object]:
    return {
        "number": number,
        "merged": merged,
        "mergedAt": f"2026-03-0{number}T09:00:00Z" if merged else None,
        "baseRefName": "main",
        "headRefName": head,
        "title": title,
        "baseRepository": {"nameWithOwner": "acme/shop"},
        "author": None,
        "mergeCommit": None,
    }


@pytest.mark.parametrize(
    ("pulls", "keys"),
    [
        ([pull(1, "HER-1 Dates", "wre2-2-dates"), pull(2, "Release HER-3")], "HER-1 HER-3 WRE2-2"),
        ([pull(1, "HER-1 Dates", merged=False)], ""),
        ([pull(1, "HER-1 Dates"), pull(2, 'Revert "HER-2 Dates"', "revert-1-her-2")], "HER-1"),
        ([], ""),
    ],
)
def test_a_commit_has_the_keys_of_its_merged_pull_requests_and_none_of_a_revert(
    pulls: list[dict[str, object]], keys: str
) -> None:
    node = {
        "oid": "c1",
        "authoredDate": "2026-03-01T09:00:00Z",
        "committedDate": "2026-03-01T09:00:00Z",
        "messageHeadline": "HER-9 is in the headline alone",
        "parents": {"totalCount": 0, "nodes": []},
        "author": None,
        "associatedPullRequests": {"totalCount": len(pulls), "nodes": pulls},
    }

    [read] = read_commits([node], "acme/shop", "acme/shop", BotRules(), KEYS)

    assert " ".join(read.commit.ticket_keys) == keys
    later = read.with_pulls(pulls, "acme/shop", BotRules(), KEYS)
    assert later.commit.ticket_keys == read.commit.ticket_keys
