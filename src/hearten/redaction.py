"""Takes secrets out of texts that other people's code wrote."""

from contextlib import suppress

from hearten.config.faults import ConfigError
from hearten.config.loading import jira_sites
from hearten.settings import read_settings
from hearten.settings_faults import SettingsError


def without_secrets(text: str) -> str:
    """A traceback may hold what a library was given; no secret leaves with it."""
    secrets: list[str] = []
    with suppress(SettingsError, ConfigError):
        settings = read_settings()
        secrets = settings.secrets()
        for site in jira_sites(settings.config).values():
            secrets.append(settings.site_secret(site.token_env).get_secret_value())
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
