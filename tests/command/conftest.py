from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.world import World
from tests.support.organisation import NOW, Organisation
from tests.support.sandbox_servers import serve


@pytest.fixture
def organisation(database_url: str, sqlite_tables: Path, tmp_path: Path) -> Iterator[Organisation]:
    """An organisation in the sandbox, a configuration folder, and the command to run on both."""
    world = World(NOW)
    world.site()  # `jira`, Cloud
    world.site("legacy", cloud=False)
    with serve(world) as sandbox:
        made = Organisation(world, sandbox, database_url, tmp_path / "config")
        made.tables = sqlite_tables if database_url.startswith("sqlite") else None
        yield made
