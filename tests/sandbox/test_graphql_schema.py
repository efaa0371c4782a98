"""The sandbox's schema is a part of GitHub's, and hearten's questions are valid in both."""

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    parse,
    validate,
)

from sandbox.github.graphql import schema

OURS = sorted(name for name in schema().type_map if not name.startswith("__"))
PAGE = "totalCount pageInfo { hasNextPage endCursor }"
PULLS = (
    f"{PAGE} nodes {{ number merged mergedAt createdAt baseRefName headRefName title "
    "closingIssuesReferences(first: 3) { totalCount nodes { number createdAt stateReason "
    "repository { nameWithOwner } labels(first: 9) { totalCount nodes { name } } } } "
    "baseRepository { nameWithOwner } "
    "author { __typename login } mergeCommit { oid } }"
)
COMMIT = (
    "oid committedDate messageHeadline url parents(first: 50) { totalCount nodes { oid } } "
    "author { name email user { id login } } committer { name email user { login } } "
    "associatedPullRequests(first: 10, orderBy: {field: CREATED_AT, direction: ASC}) "
    f"{{ {PULLS} }}"
)
STATUSES = f"statuses(first: 100) {{ {PAGE} nodes {{ state createdAt }} }}"
TARGET = "__typename oid ... on Commit { committedDate }"
SELECTIONS = {
    "history from the head of the default branch": (
        "nameWithOwner url isArchived defaultBranchRef { name target { ... on Commit { oid "
        f"history(first: 100) {{ {PAGE} nodes {{ {COMMIT} }} edges {{ cursor }} }} }} }} }}"
    ),
    "history from a named branch": 'ref(qualifiedName: "refs/heads/main") { name target { oid } }',
    "history of a folder behind a commit": (
        'object(oid: "0123456789012345678901234567890123456789") { ... on Commit { history('
        'first: 9, path: "services/heron", since: "2026-01-01T00:00:00Z", '
        f'until: "2026-02-01T00:00:00Z") {{ {PAGE} nodes {{ oid }} }} }} }}'
    ),
    "all that a pull request closes": (
        "pullRequest(number: 7) { createdAt closingIssuesReferences(first: 100) { totalCount nodes "
        "{ number labels(first: 100) { totalCount nodes { name } } } } }"
    ),
    "a pull request": f"pullRequests(first: 1) {{ {PAGE} nodes {{ number }} }}",
    "deployments": (
        'deployments(first: 9, after: "x", environments: ["production"], orderBy: {field: '
        f"CREATED_AT, direction: DESC}}) {{ {PAGE} nodes {{ id databaseId commitOid commit {{ oid "
        "committedDate } environment createdAt state latestStatus { state createdAt } "
        f"{STATUSES} }} }}"
    ),
    "releases": (
        f"releases(first: 9, orderBy: {{field: CREATED_AT, direction: DESC}}) {{ {PAGE} nodes {{ "
        "id databaseId tagName tagCommit { oid committedDate } isDraft isPrerelease createdAt "
        "publishedAt url } }"
    ),
    "tags": (
        'refs(refPrefix: "refs/tags/", first: 9, query: "v", orderBy: {field: TAG_COMMIT_DATE, '
        f"direction: DESC}}) {{ {PAGE} nodes {{ name prefix target {{ {TARGET} ... on Tag {{ "
        f"tagger {{ date }} target {{ {TARGET} }} }} }} }} }}"
    ),
    "stories": (
        'object(expression: "HEAD:stories") { oid ... on Tree { entries { name oid type size } } '
        "... on Blob { text } }"
    ),
    "environments": f"isFork environments(first: 9) {{ {PAGE} nodes {{ name }} }}",
}


@pytest.mark.parametrize("name", OURS)
def test_each_type_of_the_sandbox_is_githubs_own(
    name: str, official_graphql: GraphQLSchema
) -> None:
    mine, official = schema().type_map[name], official_graphql.type_map.get(name)

    assert type(mine) is type(official)
    assert mine is not None
    match mine, official:
        case GraphQLEnumType(), GraphQLEnumType():
            assert set(mine.values) <= set(official.values)
        case GraphQLInputObjectType(), GraphQLInputObjectType():
            assert {n: str(f.type) for n, f in mine.fields.items()} == {
                n: str(f.type) for n, f in official.fields.items()
            }
        case (
            (GraphQLObjectType() | GraphQLInterfaceType()),
            (GraphQLObjectType() | GraphQLInterfaceType()),
        ):
            assert {i.name for i in mine.interfaces} <= {i.name for i in official.interfaces}
            for field, said in mine.fields.items():
                assert str(said.type) == str(official.fields[field].type), field
                expected = {n: _said(a) for n, a in official.fields[field].args.items()}
                assert {n: _said(a) for n, a in said.args.items()}.items() <= expected.items()
        case _:
            assert str(mine) == str(official)


@pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS.keys())
def test_a_question_about_a_repository_is_valid_at_github_and_here(
    selection: str, official_graphql: GraphQLSchema
) -> None:
    query = parse(f'{{ repository(owner: "o", name: "r", followRenames: true) {{ {selection} }} }}')

    assert validate(official_graphql, query) == []
    assert validate(schema(), query) == []


def test_a_question_about_deployments_by_id_is_valid_at_github_and_here(
    official_graphql: GraphQLSchema,
) -> None:
    deployment = f"... on Deployment {{ id {STATUSES} }}"
    query = parse(
        f'{{ nodes(ids: ["a"]) {{ {deployment} }} node(id: "a") {{ {deployment} }} '
        "rateLimit { cost remaining resetAt } }"
    )

    assert validate(official_graphql, query) == []
    assert validate(schema(), query) == []


def test_a_question_about_an_organisation_is_valid_at_github_and_here(
    official_graphql: GraphQLSchema,
) -> None:
    query = parse(
        '{ organization(login: "o") { repositories(first: 9, after: "x", orderBy: {field: NAME, '
        f"direction: ASC}}) {{ {PAGE} nodes {{ nameWithOwner isArchived isFork }} }} }} }}"
    )

    assert validate(official_graphql, query) == []
    assert validate(schema(), query) == []


def _said(argument: GraphQLArgument) -> str:
    return f"{argument.type} = {argument.default_value}"
