"""Puts the parts together: settings and configuration in, a plan and collectors out."""

from dataclasses import dataclass
from datetime import date

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
        today=_today(),
        previous=previous,
    )


def connect(settings: Settings, plan: Plan) -> Collectors:
    """Return collectors for every site that the configuration names.

    Errors: SettingsError where the token of a site is not set.
    """
    sites: dict[str, JiraSite] = {}
    for name, site in jira_sites(settings.config).items():
        token = settings.site_token(site.token_env).get_secret_value()
        sites[name] = JiraSite(name=name, url=site.url, email="", token=token)
    if settings.jira_url and settings.jira_token:
        sites[MAIN_SITE] = JiraSite(
            name=MAIN_SITE,
            url=settings.jira_url,
            email=settings.jira_email or "",
            token=settings.jira_token.get_secret_value(),
        )
    app_key = settings.github_app_private_key
    access = GitHubAccess(
        api_url=settings.github_url,
        token=settings.github_token.get_secret_value() if settings.github_token else "",
        app_id=settings.github_app_id or "",
        private_key=app_key.get_secret_value() if app_key else "",
        installation_id=settings.github_app_installation_id or 0,
    )
    return Collectors(
        github=GitHubCollector(access, zone=plan.zone, clock=now),
        jira=JiraCollector(sites, clock=now),
    )


def _today() -> date:
    return now().date()
