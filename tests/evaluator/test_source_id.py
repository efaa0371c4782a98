import pytest

from evaluator.model.plan import BoardSource, RepositorySource, TeamRepository, TicketSource
from evaluator.model.source_id import SourceId, SourceKind

FILTER = TicketSource("jira", jql="project = HER AND component = web")
IDS = [
    pytest.param(
        RepositorySource("acme/shop").id,
        SourceId(SourceKind.REPOSITORY, "", "acme/shop"),
        id="repository",
    ),
    pytest.param(
        TicketSource("legacy", project="HER").id,
        SourceId(SourceKind.TICKETS, "legacy", "HER"),
        id="project",
    ),
    pytest.param(BoardSource("jira", 42).id, SourceId(SourceKind.BOARD, "jira", "42"), id="board"),
    pytest.param(
        "jira:legacy:HER#10007",
        SourceId(SourceKind.TICKETS, "legacy", "HER", "10007"),
        id="a project that had the key before another one",
    ),
    pytest.param("team:heron", SourceId(SourceKind.TEAM, "", "heron"), id="set-up of a team"),
]


@pytest.mark.parametrize(("text", "parts"), IDS)
def test_an_id_is_read_as_it_is_written(text: str, parts: SourceId) -> None:
    assert SourceId.parse(text) == parts
    assert str(parts) == text


def test_the_ids_of_sources_are_those_of_databases_since_the_first() -> None:
    assert RepositorySource("acme/shop").id == "github:acme/shop"
    assert TicketSource("jira", project="HER").id == "jira:jira:HER"
    assert FILTER.id == "jira:jira:633c896e69fe9a44"
    assert BoardSource("jira", 42).id == "board:jira:42"


def test_a_teams_entry_and_the_source_it_leads_to_have_one_id() -> None:
    assert TeamRepository("acme/shop", paths=("a",)).source_id == RepositorySource("acme/shop").id


def test_a_filter_is_told_from_a_project() -> None:
    ids = [TicketSource("jira", project="A1_B").id, FILTER.id, "board:jira:42", "github:acme/shop"]

    assert [SourceId.parse(each).filter for each in ids] == [False, True, False, False]


def test_what_had_a_name_before_names_what_has_it_now() -> None:
    assert SourceId.parse("github:acme/shop#7").present == RepositorySource("acme/shop").id
    assert SourceId.parse("github:acme/shop").present == RepositorySource("acme/shop").id


@pytest.mark.parametrize("text", ["", "acme/shop", "gitlab:acme/shop"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a valid SourceKind"):
        SourceId.parse(text)
