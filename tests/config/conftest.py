from pathlib import Path

import pytest

from tests.config.folder import TARGETS, TEAMS, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).write(teams=TEAMS, targets=TARGETS)
