"""The check-up, top to bottom. It reads only, and each check that can run does."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from collector.github.collector import GitHubCollector
from collector.github.doctor_checks import GitHubChecks
from collector.jira.doctor_checks import JiraChecks
from collector.jira.site import JiraSite
from evaluator.asked_no_more import asked_no_more
from evaluator.model.evidence import Production
from evaluator.model.plan import (
    BoardSource,
    LeaveOut,
    Plan,
    RepositorySource,
    Source,
    TicketSource,
)
from evaluator.wording import amount
from hearten import wiring
from hearten.config.faults import ConfigError
from hearten.config.loading import jira_sites
from hearten.doctor.changed_evidence import changed_evidence
from hearten.doctor.findings import OPERATOR, CheckedSection, Finding, keeper_of, section
from hearten.doctor.github import look_at_github
from hearten.doctor.jira import SettingNames, look_at_jira
from hearten.doctor.record import look_at_clock, look_at_database
from hearten.doctor.results import look_at_results
from hearten.doctor.taken_names import taken_names
from hearten.settings import Settings, SettingsInPart, parts_of
from hearten.settings_faults import SettingsFault
from store.errors import StoreError
from store.missing_file import missing_file
from store.store import Store

_NO_PLAN = Plan(teams=(), targets=())


@dataclass(frozen=True, slots=True)
class _Given:
    """What the check-up works with: the plan in the files, else the last good one."""

    settings: Settings
    plan: Plan
    store: Store | StoreError | Path
    clock: Callable[[], datetime]

    @property
    def zone(self) -> ZoneInfo:
        return self.plan.zone


def checkup(
    found: SettingsInPart, *, clock: Callable[[], datetime], begin: Callable[[str], object]
) -> Iterator[CheckedSection]:
    """Yield each section as soon as it is looked at, beginning with settings and configuration.

    `clock` gives aware UTC; `begin` is told what may take a while. Where settings are faulty, what
    needs them is left out.
    """
    settings = found.settings
    with ExitStack() as stack:
        store = _open(settings, found.left_out)
        if isinstance(store, Store):
            stack.enter_context(closing(store))
        previous = _last_plan(store)
        plan, config_faults = _plan(found, previous)
        yield _settings(found, plan)
        yield _configuration(plan, config_faults, previous)
        given = _Given(settings, plan or previous or _NO_PLAN, store, clock)
        ahead: timedelta | None = None
        if "github" not in found.left_out and (settings.github_token or settings.github_app_id):
            begin("Looking at GitHub")
            github, ahead = _github(given)
            yield github
        yield from _jira(given, begin)
        yield look_at_clock(ahead, given.zone)
        if "database" not in found.left_out:
            over = _asked_no_more(given)
            sources = [source for source in given.plan.all_sources() if source.id not in over]
            looked = look_at_database(store, [source.id for source in sources], now=clock())
            told = _in_record(given, sources)
            yield replace(looked, findings=(*looked.findings, *told))
            yield from _results(given, told={finding.about for finding in told})


def _in_record(given: _Given, sources: Sequence[Source]) -> list[Finding]:
    """What the record shows of sources that were read; nothing where it cannot be opened."""
    with suppress(StoreError):
        if isinstance(given.store, Store):
            now, coverage = given.clock(), given.store.facts.coverage()
            repositories = [each for each in sources if isinstance(each, RepositorySource)]
            return [
                *taken_names(coverage, sources, now=now, zone=given.zone),
                *changed_evidence(given.store, repositories, zone=given.zone),
            ]
    return []


def _open(settings: Settings, left_out: frozenset[str]) -> Store | StoreError | Path:
    """The store, why it cannot be opened, or where there is none yet: looking makes none."""
    if "database" in left_out:
        return StoreError("HEARTEN_DATABASE_URL cannot be used.")
    url = settings.database_url.get_secret_value()
    try:
        return missing_file(url) or Store.open(url)
    except StoreError as error:
        return error


def _last_plan(store: Store | StoreError | Path) -> Plan | None:
    with suppress(StoreError):
        return store.plans.newest() if isinstance(store, Store) else None
    return None


def _plan(found: SettingsInPart, previous: Plan | None) -> tuple[Plan | None, ConfigError | None]:
    settings = found.settings
    if "jira" in found.left_out:  # that is said already; teams that name the site are right
        settings = settings.model_copy(update={"jira_url": "https://jira.invalid"})
    try:
        return wiring.load_plan(settings, previous), None
    except ConfigError as error:
        return None, error


def _settings(found: SettingsInPart, plan: Plan | None) -> CheckedSection:
    unset = wiring.access_faults(found.settings, plan)
    if "github" in found.left_out:  # it only looks unset
        unset = [fault for fault in unset if "github" not in parts_of(fault)]
    faults = [*found.faults, *unset]
    said = "all that is needed is set" if not faults else "what needs the rest is looked at"
    return section("Settings", [said], map(_setting, faults), wrong_use=bool(faults))


def _setting(fault: SettingsFault) -> Finding:
    remedy = _sentence(fault.remedy)
    if fault.subject:
        return Finding("settings", f"{fault.subject} {fault.what}.", OPERATOR, remedy)
    variable = fault.variables[0]
    otherwise = f"Correct {variable}, or unset it."
    return Finding(variable, f"It {fault.what}.", OPERATOR, remedy or otherwise)


def _configuration(
    plan: Plan | None, error: ConfigError | None, previous: Plan | None
) -> CheckedSection:
    if plan is not None:
        counts = [
            amount(len(plan.teams), "teams"),
            amount(len(plan.targets), "targets"),
            amount(len(plan.all_sources()), "sources"),
        ]
        return section("Configuration", counts, [])
    findings = []
    for fault in error.faults if error else ():
        about = f"{fault.file}:{fault.line}" + (f": {fault.key}" if fault.key else "")
        keeper = keeper_of(Path(fault.file).name)
        findings.append(Finding(about, _sentence(fault.what), keeper, _sentence(fault.remedy)))
    instead = "what it said last is looked at" if previous else "no source is looked at"
    said = f"it cannot be used, so {instead}"
    return section("Configuration", [said], findings, wrong_use=True)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}." if text else ""


def _github(given: _Given) -> tuple[CheckedSection, timedelta | None]:
    access = wiring.github_access(given.settings)
    collector = GitHubCollector(access, zone=given.zone, clock=given.clock)
    checks = GitHubChecks(access, zone=given.zone, clock=given.clock)

    def matched_before(source: RepositorySource, stanza: Production) -> bool:
        with suppress(StoreError):
            events = given.store.facts.events(source.id) if isinstance(given.store, Store) else []
            return any(event.at and stanza.admits(event) for event in events)
        return False

    over = _asked_no_more(given)
    with closing(collector), closing(checks):
        looked, token = look_at_github(
            checks,
            [source for source in given.plan.sources if source.id not in over],
            matched_before=matched_before,
            detect=collector.detect,
            now=given.clock(),
            zone=given.zone,
        )
    return looked, token.ahead if token else None


def _results(given: _Given, told: Collection[str]) -> Iterator[CheckedSection]:
    """The newest results; nothing where there is no database, which is told already."""
    if isinstance(given.store, Store):
        with suppress(StoreError):
            yield look_at_results(given.store, given.plan, given.clock(), told=told)


def _asked_no_more(given: _Given) -> frozenset[str]:
    """The sources that nobody looks at, as their teams have left them; none without a record."""
    if not isinstance(given.store, Store):
        return frozenset()
    with suppress(StoreError):
        return asked_no_more(given.plan, given.store.results.of_team_since, given.clock())
    return frozenset()


def _jira(given: _Given, begin: Callable[[str], object]) -> Iterator[CheckedSection]:
    over = _asked_no_more(given)
    leave_outs: defaultdict[str, list[LeaveOut]] = defaultdict(list)
    for entry in (jira for team in given.plan.teams for jira in team.jira):
        leave_outs[entry.tickets.id].append(entry.leave_out)
    for site in sorted(wiring.sites_at_hand(given.settings), key=lambda site: site.name):
        begin(f"Looking at Jira `{site.name}`")
        sources = [
            source
            for source in given.plan.all_sources()
            if isinstance(source, TicketSource | BoardSource)
            and source.site == site.name
            and source.id not in over
        ]
        projects = {
            jira.board: jira.tickets.project
            for team in given.plan.teams
            for jira in team.jira
            if jira.board and jira.tickets.site == site.name and jira.tickets.project
        }
        whole = {
            each.calendar.board
            for team in given.plan.teams
            for each in team.calendars
            if isinstance(each.calendar, BoardSource)
            and each.calendar.site == site.name
            and not each.names
        }
        with closing(JiraChecks(site, clock=given.clock)) as checks:
            names = _names(given.settings, site)
            yield look_at_jira(
                site,
                checks,
                sources,
                projects=projects,
                whole=whole,
                names=names,
                zone=given.zone,
                numbers=_numbers(given),
                leave_outs=leave_outs,
            )


def _numbers(given: _Given) -> dict[str, str]:
    """The id that each source had when it was last read, by source id; none without a record."""
    if not isinstance(given.store, Store):
        return {}
    with suppress(StoreError):
        return {key: known.number for key, known in given.store.facts.coverage().items()}
    return {}


def _names(settings: Settings, site: JiraSite) -> SettingNames:
    if site.name == wiring.MAIN_SITE:
        return SettingNames("HEARTEN_JIRA_URL", "HEARTEN_JIRA_EMAIL")
    entry = f"of {site.name} in hearten.yaml"
    email = jira_sites(settings.config)[site.name].email_env
    return SettingNames(f"`url` {entry}", email or f"`email_env` {entry}, and its variable,")
