"""Suggests how each of many repositories may show what reached production."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from collector.errors import SourceError, WrongAddressError
from collector.github.collector import GitHubCollector
from collector.github.detection.candidates import DetectedEvidence
from collector.github.detection.detect import ASKED_AT_ONCE
from evaluator.model.facts import Reason
from hearten import wiring
from hearten.clock import now
from hearten.config.field_types import REPOSITORY
from hearten.config.loading import time_zone
from hearten.errors import UseError
from hearten.runs.progress import Progress
from hearten.settings import Settings
from hearten.settings_faults import SettingsError

_AT_ONCE = 4  # requests; each is about several repositories


@dataclass(slots=True)
class Suggestions:
    """What was found, in the order in which it was asked for; `zone` is for showing times.

    `unread` holds, by name, a sentence on each repository that could not be read, or not wholly.
    """

    zone: ZoneInfo
    detected: list[DetectedEvidence] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    left_out: str = ""  # a sentence on what of an organisation was not looked at


def suggest(
    settings: Settings,
    repositories: Sequence[str],
    organisation: str | None,
    *,
    progress: Progress,
    every: bool,
) -> Suggestions:
    """Look at `repositories`, and those of `organisation`, for ways to show production.

    `every` looks at workflows and merges also where something better was found.
    Errors: UseError for what is no repository's name, SettingsError where GitHub's token is not
    set, ConfigError where `hearten.yaml` is there and faulty.
    """
    names = [_checked(name) for name in repositories]
    if not names and organisation is None:
        raise UseError("Name repositories as owner/name, or give --organisation.")
    access = wiring.github_access(settings)
    if not access.token and not access.app_id:
        raise SettingsError(wiring.access_faults(settings, None)[:1])
    found = Suggestions(time_zone(settings.config))
    retry = wiring.retry_policy(settings)
    with closing(GitHubCollector(access, zone=found.zone, clock=now, retry=retry)) as github:
        if organisation is not None:
            names += _of_organisation(github, organisation, found)
        names = list({name.casefold(): name for name in names}.values())
        progress.begin(len(names), "repositories")
        detected: dict[str, DetectedEvidence | SourceError] = {}
        for some in _in_threads(github, names, every=every):
            for name, one in some.items():
                detected[name] = one
                progress.step(name, _how_it_went(one))
    for name in names:
        _sort(name, detected[name], found)
    return found


def _checked(name: str) -> str:
    if not re.fullmatch(REPOSITORY, name):
        raise UseError(
            f"{name} is not a repository; write its owner and name, without .git, as "
            "nhsuk/booking-web. For all of an organisation, write --organisation and its name."
        )
    return name


def _of_organisation(
    github: GitHubCollector, organisation: str, found: Suggestions
) -> tuple[str, ...]:
    try:
        owned = github.repositories_of(organisation)
    except SourceError as error:
        found.unread[organisation] = str(error)
        return ()
    seen = len(owned.repositories) + owned.archived + owned.forks
    found.left_out = (
        f"Repositories of {organisation} that this token sees: {seen}. "
        f"Left out: {owned.archived} archived, {owned.forks} forked."
    )
    return owned.repositories


def _in_threads(
    github: GitHubCollector, names: Sequence[str], *, every: bool
) -> Iterator[dict[str, DetectedEvidence | SourceError]]:
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        some = [names[n : n + ASKED_AT_ONCE] for n in range(0, len(names), ASKED_AT_ONCE)]
        for future in as_completed([pool.submit(github.detect, n, every=every) for n in some]):
            yield future.result()
    finally:  # when interrupted: what has not begun never does
        pool.shutdown(wait=False, cancel_futures=True)


def _how_it_went(detected: DetectedEvidence | SourceError) -> str:
    if isinstance(detected, SourceError):
        return "not read"
    return detected.best.production.evidence.value


def _sort(name: str, detected: DetectedEvidence | SourceError, found: Suggestions) -> None:
    if isinstance(detected, DetectedEvidence):
        found.detected.append(detected)
        if detected.unread:
            found.unread[name] = detected.unread
    elif detected.reason is Reason.NOT_FOUND and not isinstance(detected, WrongAddressError):
        found.unread[name] = (
            f"GitHub does not show {name} to this token. Check how it is spelled, and ask an owner "
            "whether it was moved or removed, or needs read access."
        )
    else:
        found.unread[name] = str(detected)
