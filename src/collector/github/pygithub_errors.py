"""Errors that PyGithub raises, as errors of a source."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from github import BadAttributeException, GithubException, RateLimitExceededException

from collector.errors import SourceRefusedError, SourceUnavailableError, refusal
from evaluator.model.facts import Reason

# Once imported it writes to standard error by itself, whatever was set up before: past the log's
# format, and whole answers among it. What there is to say, the collector says in its own words.
_ITS_LOG = logging.getLogger("github")
_ITS_LOG.setLevel(logging.CRITICAL)
_ITS_LOG.handlers.clear()


@contextmanager
def asking_github(
    about: str, *, refused: dict[int, tuple[str, str]] | None = None
) -> Iterator[None]:
    """Turn whatever PyGithub raises inside into a SourceError about `about`.

    `refused` says by status what happened and its remedy, where the usual one would not do.
    """
    try:
        yield
    except RateLimitExceededException:
        raise SourceUnavailableError(
            Reason.RATE_LIMITED,
            f"GitHub's rate limit is used up, while reading {about}.",
            "A later run continues.",
        ) from None
    except GithubException as exc:
        if isinstance(exc, BadAttributeException) or exc.status >= requests.codes.server_error:
            raise _down(about) from None
        usual = refusal("GitHub", exc.status, about)
        if refused and exc.status in refused:
            raise SourceRefusedError(usual.reason, *refused[exc.status]) from None
        raise usual from None
    except requests.RequestException:
        raise _down(about) from None


def _down(about: str) -> SourceUnavailableError:
    return SourceUnavailableError(
        Reason.SOURCE_DOWN,
        f"GitHub did not answer as it should about {about}.",
        "The next run tries again.",
    )
