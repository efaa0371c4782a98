"""The OpenAPI document: complete, true, and without a word about a person or an order of teams."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from evaluator.model.access import AuditEntry, Scope
from tests.support.judged_teams import NOW, World

FORBIDDEN = re.compile(
    r"person|user|author|assignee|e_?mail|login|band|rank|score|avatar|grade", re.IGNORECASE
)


@pytest.fixture
def document(world: World) -> dict[str, Any]:
    """What /openapi.json says."""
    found: dict[str, Any] = world.client().get("/openapi.json").json()
    return found


def names(node: Any) -> Iterator[str]:
    """Every name of a field, parameter, value or type below `node`; not what describes them."""
    match node:
        case dict():
            for key, value in node.items():
                if key in {"description", "examples", "example", "pattern", "summary", "title"}:
                    if isinstance(value, dict):  # a field of this name
                        yield key
                        yield from names(value)
                    continue
                yield key
                yield from names(value)
        case list():
            for value in node:
                yield from names(value)
        case str():
            yield node
        case _:
            pass


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_nothing_in_it_is_named_after_a_person_or_an_order_of_teams(
    document: dict[str, Any],
) -> None:
    found = set(names({key: document[key] for key in ("paths", "components")}))

    assert len(found) > 200, "the whole document was walked"
    assert {name for name in found if FORBIDDEN.search(name)} == set()


def test_nothing_can_be_sorted(document: dict[str, Any]) -> None:
    parameters = {p["name"] for _, _, o in operations(document) for p in o.get("parameters", [])}

    assert {name for name in parameters if re.search("sort|order|by", name)} == {"order"}
    orders = [
        parameter["schema"]
        for _, _, operation in operations(document)
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "order"
    ]
    assert all("newest" in str(order) and "value" not in str(order) for order in orders)


def test_it_is_openapi_3_1_with_a_stable_id_and_words_for_every_operation(
    document: dict[str, Any],
) -> None:
    assert document["openapi"].startswith("3.1")
    assert {operation["operationId"] for _, _, operation in operations(document)} == {
        *("healthz", "readyz", "listTeams", "getTeam", "getTeamStatus", "listSprints"),
        *("listResults", "getResult", "listTargets", "getTarget", "getCoverage"),
        *("listRuns", "getRun", "askForRun", "exportCsv", "exportJsonLines", "getCalendar"),
        *("getStatus", "listTeamResults", "getSprint", "getFlow"),
        *("listStories", "listShippedTickets"),
        *("listTokens", "makeToken", "revokeToken", "listAudit"),
    }
    for path, _, operation in operations(document):
        assert operation["description"], path
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])


def test_every_problem_that_can_come_is_documented(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        said = operation["responses"]
        wanted = {"500", "503"}
        if path.startswith("/api/"):
            wanted |= {"400", "401", "403", "413", "422", "429"}
        if "{" in path:
            wanted |= {"404"}
        assert wanted <= set(said), path
        for status in said:
            if status >= "400":
                assert list(said[status]["content"]) == ["application/problem+json"]
    text = str(document)
    assert "HTTPValidationError" not in text
    for reference in re.findall(r"#/components/schemas/(\w+)", text):
        assert reference in document["components"]["schemas"]


def test_every_answer_has_the_fields_of_its_shape_and_no_others(
    world: World, document: dict[str, Any]
) -> None:
    client = world.client(*Scope)
    asked = client.post("/api/v1/runs", json={"job": "collect"})
    body = {"label": "dashboards", "scopes": ["read"]}
    made = client.post("/api/v1/tokens", json=body)
    world.store.audit.add(AuditEntry(NOW, "command", "token create", "x", "done"))
    result = "/api/v1/teams/{team}/sprints/{sprint}/results/{target}"
    places = {"team": "heron", "sprint": "jira-1", "target": "reached-production", "run": "1"}
    checked = 0
    for path, method, operation in operations(document):
        content = operation["responses"].get("200", {}).get("content", {})
        if method != "get" or "application/json" not in content:
            continue
        answer = client.get(path.format(**places))
        _check(answer.json(), content["application/json"]["schema"], document, path)
        checked += 1
    assert result in document["paths"]
    assert checked == 21
    for answer, name in ((asked, "RunOut"), (made, "NewToken")):
        _check(answer.json(), {"$ref": f"#/components/schemas/{name}"}, document, name)
    problem = client.get("/api/v1/results?limit=0")
    _check(problem.json(), {"$ref": "#/components/schemas/Problem"}, document, "problem")


def _check(value: Any, schema: dict[str, Any], document: dict[str, Any], place: str) -> None:
    """That objects have exactly the fields of their shape, all the way down."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        if value is None:
            return
        schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
        _check(value, schema, document, place)
    elif "properties" in schema:
        assert set(value) == set(schema["properties"]), place
        for name, inner in schema["properties"].items():
            _check(value[name], inner, document, f"{place}.{name}")
    elif schema.get("type") == "array":
        for each in value:
            _check(each, schema["items"], document, f"{place}[]")
