"""Puts the parts together: settings and configuration in, a plan and collectors out."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from collector.github.connection import GitHubConnection
from evaluator.measures import MEASURES
from evaluator.model.plan import Plan
from hearten.clock import now
from hearten.config.example_teams import refuse_example_teams
from hearten.config.faults import ConfigError
from hearten.config.loading import jira_sites, load
from hearten.settings import Settings
from hearten.settings_faults import SettingsError, SettingsFault

if TYPE_CHECKING:  # to import them takes longer than most commands do
    from collector.client import RetryPolicy
    from collector.github.collector import GitHubCollector
    from collector.jira.collector import JiraCollector
    from collector.jira.site import JiraSite
    from store.store import Store

MAIN_SITE = "jira"  # the Jira site that the environment names


@dataclass(frozen=True, slots=True)
class Collectors:
    """The readers of the two services."""

    github: "GitHubCollector"
    jira: "JiraCollector"

    def close(self) -> None:
        """Close every connection."""
        self.github.close()
        self.jira.close()


def load_plan(settings: Settings, previous: Plan | None) -> Plan:
    """Return the plan in the configuration folder; ConfigError with everything that is wrong."""
    opened_at = settings.jira_site_url or settings.jira_url
    return load(
        settings.config,
        sites={MAIN_SITE: opened_at} if opened_at else {},
        github_html=GitHubConnection(settings.github_url).html_url,
        measures=MEASURES,
        today=now().date(),
        previous=previous,
    )


def plan_in_force(settings: Settings, store: "Store") -> tuple[Plan, ConfigError | None]:
    """Return the plan in the files; where they are faulty, the last good one and what is wrong.

    Errors: ConfigError where they are faulty and there was never a good one.
    """
    previous = store.plans.newest()
    try:
        return load_plan(settings, store.plans.agreed()), None
    except ConfigError as error:
        if previous is None:
            raise
        return previous, error


def access_faults(settings: Settings, plan: Plan | None) -> list[SettingsFault]:
    """Return what is not set and is needed to read the plan's sources.

    Without a plan every service counts as needed.
    """
    faults: list[SettingsFault] = []
    if (plan is None or plan.sources) and not (settings.github_token or settings.github_app_id):
        remedy = "set it, or the three variables of a GitHub App"
        faults.append(SettingsFault(("HEARTEN_GITHUB_TOKEN",), "is not set", remedy))
    if settings.jira_url and not settings.jira_token:
        remedy = "set the token for HEARTEN_JIRA_URL"
        faults.append(SettingsFault(("HEARTEN_JIRA_TOKEN",), "is not set", remedy))
    with suppress(ConfigError):
        for called, site in jira_sites(settings.config).items():
            for name in filter(None, (site.token_env, site.email_env)):
                try:
                    settings.site_secret(name)
                except SettingsError as error:
                    needed = f"Jira site `{called}` needs it"
                    faults += [
                        replace(fault, remedy=f"{fault.remedy}. {needed}") for fault in error.faults
                    ]
    return faults


def connect(settings: Settings, plan: Plan) -> Collectors:
    """Return collectors for GitHub and every Jira site that the configuration names.

    From now on they ask for no longer than a run may take.
    Errors: ConfigError while the example teams stand in teams.yaml; SettingsError with every token
    that is not set.
    """
    refuse_example_teams(plan, settings.config)
    if faults := access_faults(settings, plan):
        raise SettingsError(faults)
    ends = time.monotonic() + settings.longest_run
    retry = replace(retry_policy(settings), ends=ends)
    return collectors_of(github_access(settings), sites_at_hand(settings), plan, retry=retry)


def retry_policy(settings: Settings) -> "RetryPolicy":
    """Return how long to wait for a service, by the longest wait that is set."""
    from collector.client import RetryPolicy  # noqa: PLC0415 - as below

    usual, longest = RetryPolicy(), settings.longest_wait
    return RetryPolicy(
        longest_wait=longest, patience=min(longest, usual.patience), exchange=longest
    )


def github_access(settings: Settings) -> GitHubConnection:
    """Return the GitHub that the environment names, with its token or App if one is set."""
    app_key = settings.github_app_private_key
    return GitHubConnection(
        api_url=settings.github_url,
        token=settings.github_token.get_secret_value() if settings.github_token else "",
        app_id=settings.github_app_id or "",
        private_key=app_key.get_secret_value() if app_key else "",
        installation_id=settings.github_app_installation_id or 0,
    )


def collectors_of(
    github: GitHubConnection,
    sites: "Iterable[JiraSite]",
    plan: Plan,
    *,
    retry: "RetryPolicy | None" = None,
    clock: Callable[[], datetime] = now,
) -> Collectors:
    """Return collectors for one GitHub and these Jira sites; `clock` gives aware UTC."""
    # Here, because only who reads GitHub and Jira is to wait for their libraries.
    from collector.github.collector import GitHubCollector  # noqa: PLC0415
    from collector.jira.collector import JiraCollector  # noqa: PLC0415

    return Collectors(
        github=GitHubCollector(
            github,
            zone=plan.zone,
            clock=clock,
            retry=retry,
            configured=[source.repository for source in plan.sources],
            projects=plan.ticket_projects,
            issues_of=plan.issue_repositories,
            labels=plan.labels.kept,
        ),
        jira=JiraCollector({site.name: site for site in sites}, clock=clock, retry=retry),
    )


def sites_at_hand(settings: Settings) -> "list[JiraSite]":
    """Return the Jira sites whose tokens are set; `access_faults` names the others' variables."""
    from collector.jira.site import JiraSite  # noqa: PLC0415 - as above

    found: list[JiraSite] = []
    if settings.jira_url and settings.jira_token:
        token = settings.jira_token.get_secret_value()
        found.append(JiraSite(MAIN_SITE, settings.jira_url, settings.jira_email or "", token))
    with suppress(ConfigError):
        for name, site in jira_sites(settings.config).items():
            with suppress(SettingsError):
                named = site.email_env
                email = settings.site_secret(named).get_secret_value() if named else ""
                token = settings.site_secret(site.token_env).get_secret_value()
                found.append(JiraSite(name, site.url, email, token, site.token_env))
    return found
