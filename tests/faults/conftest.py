from collections.abc import Iterator

import pytest

from tests.faults.stand import Clean, Stand, a_stand


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with a_stand(tmp_path_factory.mktemp("stand")) as stand:
        yield stand


@pytest.fixture
def stand(served: Stand) -> Iterator[Stand]:
    """The organisation, answering as it should."""
    served.sandbox.reset()
    yield served
    served.sandbox.reset()


@pytest.fixture(scope="session")
def clean(served: Stand) -> Clean:
    """What a run leaves behind that saw no fault."""
    return Clean(served)
