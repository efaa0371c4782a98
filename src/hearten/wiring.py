"""Puts the parts together: settings and configuration in, a plan and collectors out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collector.github.access import GitHubAccess
from collector.github.collector import GitHubCollector
from collector.jira.collector import JiraCollector
from collector.jira.site import JiraSite
from evaluator.measures import MEASURES
from evaluator.model.plan import Plan
from hearten.clock import now
from hearten.config.addresses import github_html
from hearten.config.loading import jira_sites, load
from hearten.settings import Settings

MAIN_SITE = "jira"  # the Jira site that the environment names


@dataclass(frozen=True, slots=True)
class Collectors:
    """The readers of the two services."""

    github: GitHubCollector
    jira: JiraCollector

    def close(self) -> None:
        """Close every connection."""
        self.github.close()
        self.jira.close()


def load_plan(settings: Settings, previous: Plan | None) -> Plan:
    """Return the plan in the configuration folder; ConfigError with everything that is wrong."""
    return load(
        settings.config,
        sites={MAIN_SITE: settings.jira_url} if settings.jira_url else {},
        github_html=github_html(settings.github_url),
        measures=MEASURES,
        today=now().date(),
        previous=previous,
    )


def connect(settings: Settings, plan: Plan) -> Collectors:
    """Return collectors for GitHub and every Jira site that the configuration names.

    Errors: SettingsError where the token of a site is not set.
    """
    app_key = settings.github_app_private_key
    github = GitHubAccess(
        api_url=settings.github_url,
        token=settings.github_token.get_secret_value() if settings.github_token else "",
        app_id=settings.github_app_id or "",
        private_key=app_key.get_secret_value() if app_key else "",
        installation_id=settings.github_app_installation_id or 0,
    )
    return collectors_of(github, _sites(settings), plan)


def collectors_of(github: GitHubAccess, sites: Iterable[JiraSite], plan: Plan) -> Collectors:
    """Return collectors for one GitHub and these Jira sites."""
    return Collectors(
        github=GitHubCollector(github, zone=plan.zone, clock=now),
        jira=JiraCollector({site.name: site for site in sites}, clock=now),
    )


def _sites(settings: Settings) -> Iterator[JiraSite]:
    for name, site in jira_sites(settings.config).items():
        token = settings.site_secret(site.token_env).get_secret_value()
        email = settings.site_secret(site.email_env).get_secret_value() if site.email_env else ""
        yield JiraSite(name=name, url=site.url, email=email, token=token)
    if settings.jira_url and settings.jira_token:
        token = settings.jira_token.get_secret_value()
        email = settings.jira_email or ""
        yield JiraSite(name=MAIN_SITE, url=settings.jira_url, email=email, token=token)
