"""Takes secrets out of texts that other people's code wrote."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hearten.config.loading import jira_sites
from hearten.settings import read_settings
from hearten.settings_faults import SettingsError

_NAMED = re.compile(r"_env\W{1,9}([A-Z][A-Z0-9_]*)")  # the variables that hold a site's secrets
_MOST_READ = 1_000_000  # characters


def without_secrets(text: str) -> str:
    """A traceback may hold what a library was given; no secret leaves with it.

    Those of Jira sites are found also where the file that names them cannot be used.
    """
    secrets: list[str] = []
    with suppress(SettingsError):
        settings = read_settings()
        for name in dict.fromkeys(_variables(settings.config)):
            with suppress(SettingsError):
                settings.site_secret(name)
        secrets = settings.secrets()
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def _variables(folder: Path) -> Iterator[str]:
    with suppress(OSError), (folder / "hearten.yaml").open(errors="replace") as opened:
        yield from _NAMED.findall(opened.read(_MOST_READ))
    with suppress(Exception):  # whatever is wrong with the file, what is known of it is enough
        for site in jira_sites(folder).values():
            yield from filter(None, (site.token_env, site.email_env))
