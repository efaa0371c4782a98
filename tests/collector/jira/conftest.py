"""The stand-in for Jira that these tests share."""

from collections.abc import Iterator

import pytest
import respx

from tests.collector.jira.stand_in import ROOT, StandInJira


@pytest.fixture
def jira() -> Iterator[StandInJira]:
    """A Jira that holds nothing yet."""
    stand_in = StandInJira()
    with respx.mock(assert_all_called=False) as router:
        router.route(url__startswith=ROOT).mock(side_effect=stand_in.answer)
        yield stand_in
