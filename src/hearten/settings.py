"""Settings, from the environment alone: addresses, and everything that is secret."""

import base64
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import AfterValidator, Field, PrivateAttr, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hearten.config.addresses import github_api, jira_address, web_address
from hearten.config.faults import InvalidValueError
from hearten.setting_values import (
    NOT_PLAIN,
    PLAIN,
    LogFormat,
    LogLevel,
    check_cron,
    check_database,
    check_email,
    check_header,
    check_networks,
    check_token,
    to_networks,
)
from hearten.settings_faults import (
    PREFIX,
    InvalidTogetherError,
    SettingsError,
    SettingsFault,
    fault_of,
    faults_of,
    variable_of,
)

_SECRETS = ("database_url", "github_token", "github_app_private_key", "jira_token")
AUDIT_DAYS = 365
_STAND_IN = "sqlite://"  # for a secret whose file is no use, so that the rest can be checked
_SHORTEST_KEY_LINE = 16  # shorter lines of a key, cut out of a text, would cut words out too


class Settings(BaseSettings):
    """Everything that the environment says; made by `read_settings` and passed down.

    Every secret may come from a file instead, named by its variable with `_FILE` at the end.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - called by name
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return what is given and the environment: of the others there is nothing to look for."""
        return init_settings, env_settings

    config: Path = Field(Path("config"), description="The configuration folder.")
    database_url: Annotated[SecretStr, AfterValidator(check_database)] = Field(
        SecretStr("sqlite:///var/hearten.sqlite3"),
        description="The database: SQLite or PostgreSQL.",
    )
    github_url: Annotated[str, AfterValidator(github_api)] = Field(
        "https://api.github.com",
        description="GitHub's API; for Enterprise Server, https://host/api/v3.",
    )
    github_token: Annotated[SecretStr, AfterValidator(check_token)] | None = Field(
        None, description="A token that may read GitHub."
    )
    github_app_id: str | None = Field(None, description="A GitHub App's id, in place of a token.")
    github_app_private_key: SecretStr | None = Field(None, description="The App's private key.")
    github_app_installation_id: int | None = Field(
        None, description="The id of the App's installation."
    )
    jira_url: Annotated[str, AfterValidator(jira_address)] | None = Field(
        None, description="The Jira site that is called `jira`."
    )
    jira_site_url: Annotated[str, AfterValidator(jira_address)] | None = Field(
        None, description="Where people open that site, if elsewhere, for links to tickets."
    )
    jira_email: Annotated[str, AfterValidator(check_email)] | None = Field(
        None, repr=False, description="The e-mail of the account of a Jira Cloud token."
    )
    jira_token: Annotated[SecretStr, AfterValidator(check_token)] | None = Field(
        None, description="An API token (Cloud, with e-mail) or a personal access token."
    )
    host: str = Field("127.0.0.1", description="The address that `hearten serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port that it listens on.")
    public_url: Annotated[str, AfterValidator(web_address)] | None = Field(
        None, description="Where people reach the service, for links from elsewhere."
    )
    access: Literal["open", "proxy", "tokens"] = Field(
        "open", description="Who may read: all who reach the port, whom a proxy signed in, tokens."
    )
    proxy_header: Annotated[str, AfterValidator(check_header)] = Field(
        "", description="The header that the proxy sets once it has signed somebody in."
    )
    proxy_addresses: Annotated[str, AfterValidator(check_networks)] = Field(
        "", description="The proxy's addresses or networks, with commas between."
    )
    rate_limit: int = Field(600, ge=1, description="Requests a minute that a client may send.")
    audit_days: int = Field(
        AUDIT_DAYS, ge=1, le=36_500, description="For how many days the audit log is kept."
    )
    schedule: bool = Field(True, description="Whether `hearten serve` also runs the schedule.")
    collect_cron: Annotated[str, AfterValidator(check_cron)] = Field(
        "7 * * * *",
        validate_default=False,
        description="When to collect: minute, hour, day, month, weekday, in the plan's time zone.",
    )
    lease: float = Field(
        60,
        gt=0,
        description="After how many seconds a run is taken over from a process that is silent.",
    )
    queue: bool = Field(
        False, description="Whether worker processes read the sources; needs PostgreSQL."
    )
    longest_wait: float = Field(
        120, gt=0, description="The longest single wait for an answer or a limit, in seconds."
    )
    longest_run: float = Field(
        7200,
        gt=0,
        description="After how many seconds a collection leaves unread what is not read.",
    )
    log_format: LogFormat = Field(LogFormat.TEXT, description="The log: text, or JSON lines.")
    log_level: LogLevel = Field(
        LogLevel.INFO, description="How much is logged: debug, info or error."
    )

    _site_tokens: dict[str, SecretStr] = PrivateAttr(default_factory=dict)

    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Return the networks whose proxy is trusted to have signed people in."""
        return to_networks(self.proxy_addresses)

    @property
    def lease_time(self) -> timedelta:
        """For how long a process holds a run without a word."""
        return timedelta(seconds=self.lease)

    @property
    def audit_kept(self) -> timedelta:
        """For how long lines of the audit log are kept."""
        return timedelta(days=self.audit_days)

    def site_secret(self, token_env: str) -> SecretStr:
        """Return a configured Jira site's token or e-mail, by its environment variable's name.

        Errors: SettingsError where neither it nor its `_FILE` is set, or the file is no use.
        """
        try:
            token = _from_file(token_env) or os.environ.get(token_env)
        except InvalidValueError as error:
            raise SettingsError([fault_of(f"{token_env}_FILE", error)]) from None
        if not token:
            remedy = f"set it, or {token_env}_FILE"
            raise SettingsError([SettingsFault((token_env,), "is not set", remedy)])
        if not re.fullmatch(PLAIN, token):
            raise SettingsError([SettingsFault((token_env,), *NOT_PLAIN)])
        self._site_tokens[token_env] = SecretStr(token)
        return self._site_tokens[token_env]

    def secrets(self) -> list[str]:
        """Return every text that must never be printed, the longest first."""
        values = [
            self.github_token,
            self.github_app_private_key,
            self.jira_token,
            *self._site_tokens.values(),
        ]
        found = {value.get_secret_value() for value in values if value}
        found |= _database_secrets(self.database_url.get_secret_value())
        if self.jira_email:
            token = self.jira_token.get_secret_value() if self.jira_token else ""
            basic = base64.b64encode(f"{self.jira_email}:{token}".encode()).decode()
            found |= {self.jira_email, basic}
        if self.github_app_private_key:
            lines = self.github_app_private_key.get_secret_value().splitlines()
            found |= {
                line for line in lines if len(line) >= _SHORTEST_KEY_LINE and "--" not in line
            }
        return sorted(found, key=len, reverse=True)

    @model_validator(mode="after")
    def _whole(self) -> "Settings":
        app = {
            "HEARTEN_GITHUB_APP_ID": self.github_app_id,
            "HEARTEN_GITHUB_APP_PRIVATE_KEY": self.github_app_private_key,
            "HEARTEN_GITHUB_APP_INSTALLATION_ID": self.github_app_installation_id,
        }
        missing = [name for name, value in app.items() if value is None]
        faults: list[SettingsFault] = []
        if self.github_token and len(missing) < len(app):
            what = "and a GitHub App are both set"
            faults.append(SettingsFault(("HEARTEN_GITHUB_TOKEN",), what, "unset one of them"))
        if 0 < len(missing) < len(app):
            what, remedy = f"also needs {' and '.join(missing)}", "set what is missing"
            faults.append(SettingsFault(tuple(missing), what, remedy, subject="A GitHub App"))
        about_jira = self.jira_email or self.jira_token or self.jira_site_url
        if about_jira and not self.jira_url:
            remedy = "set the address of the Jira site"
            faults.append(SettingsFault(("HEARTEN_JIRA_URL",), "is not set", remedy))
        if self.queue and self.database_url.get_secret_value().startswith("sqlite"):
            remedy = "set HEARTEN_DATABASE_URL to a postgresql:// address, or unset HEARTEN_QUEUE"
            what = "is on and needs PostgreSQL"
            faults.append(SettingsFault(("HEARTEN_QUEUE",), what, remedy))
        if faults:
            raise InvalidTogetherError(faults)
        return self


def read_settings() -> Settings:
    """Return the settings that the environment holds now.

    Errors: SettingsError with what is wrong.
    """
    return _read({})


@dataclass(frozen=True, slots=True)
class SettingsInPart:
    """Settings as far as they can be used, and what is wrong with the rest.

    Of `left_out` (`github`, `jira`, `database`) all settings are as if unset.
    """

    settings: Settings
    faults: tuple[SettingsFault, ...] = ()
    left_out: frozenset[str] = frozenset()


def read_settings_in_part() -> SettingsInPart:
    """Return the settings that the environment holds now, as far as they can be used."""
    try:
        return SettingsInPart(read_settings())
    except SettingsError as error:
        faults = error.faults
    left_out = frozenset(part for fault in faults for part in parts_of(fault))
    unset = {
        name: field.default
        for name, field in Settings.model_fields.items()
        if _part(name) in left_out
    }
    return SettingsInPart(_read(unset), faults, left_out)


def parts_of(fault: SettingsFault) -> frozenset[str]:
    """Return the parts of the settings that a fault is about, such as `github`."""
    return frozenset(
        _part(name)
        for name in Settings.model_fields
        if not {variable_of(name), f"{variable_of(name)}_FILE"}.isdisjoint(fault.variables)
    )


def _part(field: str) -> str:
    return field.partition("_")[0]


def _read(given: dict[str, Any]) -> Settings:
    """The settings: those given, all others from the environment."""
    faults: list[SettingsFault] = []
    from_files: dict[str, Any] = {}
    for name in (secret for secret in _SECRETS if secret not in given):
        variable = variable_of(name)
        try:
            text = _from_file(variable)
        except InvalidValueError as error:
            faults.append(fault_of(f"{variable}_FILE", error))
            text = _STAND_IN
        if text is not None:
            from_files[name] = SecretStr(text)
    try:
        settings = Settings(**from_files, **given)
    except ValidationError as error:
        for problem in error.errors(include_input=False):
            faults += faults_of(problem)
    else:
        if not faults:
            return settings
    raise SettingsError(faults)


def _from_file(variable: str) -> str | None:
    """Return the text of the file that `variable` with `_FILE` names, None where that is not set.

    Errors: InvalidValueError about `variable` with `_FILE`.
    """
    path = os.environ.get(f"{variable}_FILE")
    if not path:
        return None
    if os.environ.get(variable):
        raise InvalidValueError(f"and {variable} are both set", "unset one of them")
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InvalidValueError(
            f"names a file that cannot be read ({error.strerror})",
            "name a file that hearten may read",
        ) from None
    except ValueError:  # not text, or not even a path
        raise InvalidValueError(
            "names a file that is not UTF-8 text", "write the secret alone"
        ) from None
    if not text:
        raise InvalidValueError("names an empty file", "write the secret into it")
    return text


def _database_secrets(url: str) -> set[str]:
    """Return the address and its password as written and as meant, nothing without a password."""
    parts = urlsplit(url)
    passwords = [parts.password or "", *parse_qs(parts.query).get("password", [])]
    found = {text for password in passwords for text in (password, unquote(password)) if text}
    return {url, *found} if found else set()
