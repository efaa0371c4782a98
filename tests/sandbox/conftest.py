import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import GraphQLSchema, build_schema
from jsonschema import Draft202012Validator

from sandbox.server import Sandbox

PROJECT = Path(__file__).parents[2]
BESIDE = PROJECT.parent / "shared" / "schemas"
OCTOKIT = PROJECT / "node_modules" / "@octokit" / "graphql-schema" / "schema.graphql"
REST = PROJECT / "node_modules" / "@octokit" / "openapi" / "generated" / "api.github.com.json"
NOVEMBER = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
BASIC = ("somebody@example.org", "good")

Validate = Callable[[str, str, str, object], None]


@pytest.fixture(scope="session")
def official_graphql() -> GraphQLSchema:
    packed = BESIDE / "github.graphql.gz"
    if OCTOKIT.exists():
        text = OCTOKIT.read_text("utf-8")
    elif packed.exists():
        text = gzip.decompress(packed.read_bytes()).decode()
    else:
        pytest.skip("GitHub's GraphQL schema is not here (npm install @octokit/graphql-schema)")
    return build_schema(text, assume_valid=True, assume_valid_sdl=True)


@pytest.fixture(scope="session")
def valid_answer() -> Validate:
    """Assert that a body is what a description says of a path's answer 200."""

    def validate(name: str, method: str, path: str, body: object) -> None:
        content = _described(name)["paths"][path][method]["responses"]["200"]["content"]
        schema = content["application/json"]["schema"]
        document = {**schema, "components": _described(name).get("components", {})}
        faults = sorted(Draft202012Validator(document).iter_errors(body), key=lambda e: e.json_path)
        assert [f"{fault.json_path}: {fault.message[:200]}" for fault in faults] == []

    return validate


@pytest.fixture(scope="session")
def example_of() -> Callable[[str, str], Any]:
    """Return the example that a description gives of a path's answer to GET."""

    def example(name: str, path: str) -> Any:
        answer = _described(name)["paths"][path]["get"]["responses"]["200"]
        return json.loads(answer["content"]["application/json"]["example"])

    return example


@cache
def _described(name: str) -> Any:
    packed = BESIDE / f"{name}.json.gz"
    if not packed.exists() and name.startswith("github") and REST.exists():
        return _without_nullable(json.loads(REST.read_text("utf-8")))
    if not packed.exists():
        pytest.skip(f"the official description {name} is not here")
    return _without_nullable(json.loads(gzip.decompress(packed.read_bytes())))


def _without_nullable(part: Any) -> Any:
    """Say OpenAPI 3.0's `nullable` as JSON Schema says it."""
    if isinstance(part, list):
        return [_without_nullable(inside) for inside in part]
    if not isinstance(part, dict):
        return part
    said = {key: _without_nullable(value) for key, value in part.items() if key != "nullable"}
    return {"anyOf": [said, {"type": "null"}]} if part.get("nullable") is True else said


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(verify=False) as client:
        yield client


@pytest.fixture
def ask(client: httpx.Client) -> Callable[[Sandbox, str], Any]:
    """Ask a sandbox's GitHub a question in GraphQL."""

    def question(sandbox: Sandbox, query: str) -> Any:
        answer = client.post(
            f"{sandbox.github_url}/graphql",
            json={"query": query},
            headers={"Authorization": "Bearer good"},
        )
        assert answer.status_code == 200
        return answer.json()

    return question
