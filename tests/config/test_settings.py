import base64
import traceback
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from hearten.clock import now
from hearten.settings import read_settings
from hearten.settings_faults import SettingsError
from hearten.wiring import load_plan
from tests.config.folder import Folder

SECRETS = {
    "HEARTEN_DATABASE_URL": "postgresql://hearten:p%40ss-canary@db.example/hearten",
    "HEARTEN_GITHUB_TOKEN": "github-canary",
    "HEARTEN_JIRA_TOKEN": "jira-canary",
}
APP = {
    "HEARTEN_GITHUB_APP_ID": "12",
    "HEARTEN_GITHUB_APP_PRIVATE_KEY": "key-canary",
    "HEARTEN_GITHUB_APP_INSTALLATION_ID": "34",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that says nothing yet, whatever the machine's own says."""
    schedule = ["HEARTEN_SCHEDULE", "HEARTEN_COLLECT_CRON", "HEARTEN_LEASE", "HEARTEN_QUEUE"]
    for name in [
        *SECRETS,
        *APP,
        *schedule,
        "HEARTEN_CONFIG",
        "HEARTEN_GITHUB_URL",
        "HEARTEN_JIRA_EMAIL",
    ]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.delenv("HEARTEN_JIRA_URL", raising=False)
    return monkeypatch


def say(environment: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)


def test_an_empty_environment_is_enough_to_begin_with() -> None:
    settings = read_settings()

    assert settings.config == Path("config")
    assert settings.database_url.get_secret_value() == "sqlite:///var/hearten.sqlite3"
    assert settings.github_url == "https://api.github.com"
    assert (settings.github_token, settings.jira_url, settings.jira_token) == (None, None, None)
    assert settings.secrets() == []


def test_an_empty_variable_is_as_good_as_none(environment: pytest.MonkeyPatch) -> None:
    say(environment, HEARTEN_GITHUB_TOKEN="", HEARTEN_GITHUB_TOKEN_FILE="", HEARTEN_CONFIG="")

    settings = read_settings()

    assert settings.github_token is None
    assert settings.config == Path("config")


def test_everything_may_come_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    say(
        environment,
        HEARTEN_CONFIG="/srv/config",
        HEARTEN_GITHUB_URL="https://git.example.org/api/v3/",
        HEARTEN_JIRA_URL="https://jira.example.org/",
        HEARTEN_JIRA_EMAIL="o'reader@example.org",
        HEARTEN_JIRA_TOKEN="jira-canary",
        **APP,
    )

    settings = read_settings()

    assert settings.config == Path("/srv/config")
    assert settings.github_url == "https://git.example.org/api/v3"
    assert (settings.jira_url, settings.jira_email) == (
        "https://jira.example.org",
        "o'reader@example.org",
    )
    assert (settings.github_app_id, settings.github_app_installation_id) == ("12", 34)


@pytest.mark.parametrize("opened_at", ["https://acme.example", None], ids=["elsewhere", "there"])
def test_links_lead_where_people_open_the_jira_site(
    environment: pytest.MonkeyPatch, folder: Folder, opened_at: str | None
) -> None:
    gateway = "https://api.atlassian.com/ex/jira/11223344"
    say(environment, HEARTEN_CONFIG=str(folder.path), HEARTEN_JIRA_URL=gateway)
    if opened_at:
        say(environment, HEARTEN_JIRA_SITE_URL=f"{opened_at}/")

    settings = read_settings()

    assert settings.jira_url == gateway
    assert load_plan(settings, None).jira_html == (("jira", opened_at or gateway),)


@pytest.mark.parametrize("name", [*SECRETS, "HEARTEN_GITHUB_APP_PRIVATE_KEY"])
def test_a_secret_may_come_from_a_file(
    environment: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    secret = SECRETS.get(name, "key-canary")
    (tmp_path / "secret").write_text(f"{secret}\n", encoding="utf-8")
    say(environment, HEARTEN_JIRA_URL="https://jira.example.org", **SECRETS)
    if name in APP:
        environment.delenv("HEARTEN_GITHUB_TOKEN")
        say(environment, **APP)
    environment.delenv(name)
    say(environment, **{f"{name}_FILE": str(tmp_path / "secret")})

    found = getattr(read_settings(), name.removeprefix("HEARTEN_").lower())

    assert found.get_secret_value() == secret


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        pytest.param(None, "names a file that cannot be read", id="no such file"),
        pytest.param(b" \n", "names an empty file", id="an empty file"),
        pytest.param(b"\xff\xfe", "is not UTF-8 text", id="no text"),
    ],
)
def test_a_file_of_no_use_is_a_sentence(
    environment: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, mend: str
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    say(environment, HEARTEN_GITHUB_TOKEN_FILE=str(tmp_path / "secret"))

    with pytest.raises(SettingsError) as refused:
        read_settings()

    (fault,) = refused.value.faults
    assert str(fault).startswith("HEARTEN_GITHUB_TOKEN_FILE ")
    assert mend in str(fault)


@pytest.mark.parametrize(
    ("variables", "mend"),
    [
        pytest.param(
            {"HEARTEN_GITHUB_TOKEN": "canary", "HEARTEN_GITHUB_TOKEN_FILE": "/canary"},
            "HEARTEN_GITHUB_TOKEN_FILE and HEARTEN_GITHUB_TOKEN are both set",
            id="a secret and its file",
        ),
        pytest.param(
            {"HEARTEN_GITHUB_TOKEN": "canary", **APP}, "unset one of them", id="token and App"
        ),
        pytest.param(
            {"HEARTEN_GITHUB_APP_ID": "12", "HEARTEN_GITHUB_APP_INSTALLATION_ID": "34"},
            "also needs HEARTEN_GITHUB_APP_PRIVATE_KEY",
            id="an App without its key",
        ),
        pytest.param(
            {**APP, "HEARTEN_GITHUB_APP_INSTALLATION_ID": "canary"},
            "HEARTEN_GITHUB_APP_INSTALLATION_ID must be a whole number",
            id="a word for an installation",
        ),
        pytest.param(
            {"HEARTEN_GITHUB_TOKEN": "'canary'"},
            "HEARTEN_GITHUB_TOKEN stands in quotes",
            id="a token in quotes",
        ),
        pytest.param(
            {"HEARTEN_JIRA_URL": "https://jira.example", "HEARTEN_JIRA_EMAIL": '"canary@example"'},
            "HEARTEN_JIRA_EMAIL must be an e-mail address",
            id="an e-mail in quotes",
        ),
        pytest.param({"HEARTEN_SCHEDULE": "canary"}, "SCHEDULE must be on or off.", id="a switch"),
        pytest.param({"HEARTEN_LEASE": "canary"}, "LEASE must be a number.", id="a number"),
        pytest.param({"HEARTEN_LEASE": "0"}, "LEASE must be greater than 0.", id="too small"),
        pytest.param(
            {"HEARTEN_LOG_FORMAT": "canary"}, "LOG_FORMAT must be text or json.", id="a format"
        ),
        pytest.param(
            {"HEARTEN_ACCESS": "canary"}, "ACCESS must be open, proxy or tokens.", id="a choice"
        ),
        pytest.param(
            {"HEARTEN_JIRA_TOKEN": "canary"}, "HEARTEN_JIRA_URL is not set", id="no Jira address"
        ),
        pytest.param(
            {"HEARTEN_JIRA_SITE_URL": "https://acme.example"},
            "HEARTEN_JIRA_URL is not set",
            id="no address of the API",
        ),
        pytest.param(
            {"HEARTEN_JIRA_URL": "https://me:canary@jira.example"},
            "HEARTEN_JIRA_URL must hold no user name or password",
            id="a password in an address",
        ),
        pytest.param(
            {"HEARTEN_GITHUB_URL": "https://github.com"},
            "set https://api.github.com",
            id="pages for the API",
        ),
        pytest.param(
            {"HEARTEN_DATABASE_URL": "postgresql://me:canary@[half"},
            "HEARTEN_DATABASE_URL must begin with sqlite:/// or postgresql://",
            id="half an address",
        ),
        pytest.param(
            {"HEARTEN_DATABASE_URL": "mysql://canary"},
            "HEARTEN_DATABASE_URL must begin with sqlite:/// or postgresql://",
            id="another database",
        ),
    ],
)
def test_a_fault_in_the_environment_says_what_to_set_and_shows_no_value(
    environment: pytest.MonkeyPatch, variables: dict[str, str], mend: str
) -> None:
    say(environment, **variables)

    with pytest.raises(SettingsError) as refused:
        read_settings()

    assert mend in str(refused.value)
    assert "canary" not in "".join(traceback.format_exception(refused.value))


def test_faults_of_files_and_of_variables_are_told_together(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    say(environment, HEARTEN_JIRA_TOKEN_FILE=str(tmp_path / "none"), HEARTEN_JIRA_URL="jira")

    with pytest.raises(SettingsError) as refused:
        read_settings()

    assert len(refused.value.faults) == 2


def test_no_secret_shows_in_the_settings(environment: pytest.MonkeyPatch) -> None:
    say(environment, HEARTEN_JIRA_URL="https://jira.example.org", **SECRETS)
    say(environment, HEARTEN_JIRA_EMAIL="reader-canary@example.org")

    settings = read_settings()

    assert "canary" not in f"{settings!r} {settings}"


def test_no_secret_shows_in_a_traceback_through_the_settings(
    environment: pytest.MonkeyPatch,
) -> None:
    say(environment, HEARTEN_JIRA_URL="https://jira.example.org", **SECRETS)
    settings = read_settings()

    with pytest.raises(ValueError, match="database") as refused:
        raise ValueError(f"database: {settings}")

    assert "canary" not in "".join(traceback.format_exception(refused.value))


def test_every_secret_is_known_for_redaction(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\n-----END KEY-----\n", encoding="utf-8")
    say(environment, HEARTEN_JIRA_URL="https://jira.example.org", **SECRETS, **APP)
    environment.delenv("HEARTEN_GITHUB_TOKEN")
    environment.delenv("HEARTEN_GITHUB_APP_PRIVATE_KEY")
    say(
        environment,
        HEARTEN_JIRA_EMAIL="reader@example.org",
        HEARTEN_GITHUB_APP_PRIVATE_KEY_FILE=str(key),
        OLD_JIRA_TOKEN="old-canary",
    )
    settings = read_settings()

    settings.site_secret("OLD_JIRA_TOKEN")

    secrets = settings.secrets()
    assert secrets == sorted(secrets, key=len, reverse=True)
    assert set(secrets) == {
        SECRETS["HEARTEN_DATABASE_URL"],
        "p%40ss-canary",
        "p@ss-canary",
        "jira-canary",
        "old-canary",
        "reader@example.org",
        base64.b64encode(b"reader@example.org:jira-canary").decode(),
        key.read_text(encoding="utf-8").strip(),
        "MIIEpAIBAAKCAQEA",
    }


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql://hearten:canary@db/hearten", id="before the host"),
        pytest.param("postgresql:///hearten?host=db&password=canary", id="in the query"),
    ],
)
def test_the_password_of_a_database_is_known_wherever_it_stands(
    environment: pytest.MonkeyPatch, url: str
) -> None:
    say(environment, HEARTEN_DATABASE_URL=url)

    assert read_settings().secrets() == [url, "canary"]


def test_a_site_has_its_token_in_a_variable_or_a_file(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("from-a-file\n", encoding="utf-8")
    say(environment, OLD_JIRA_TOKEN="told", NEW_JIRA_TOKEN_FILE=str(tmp_path / "token"))
    settings = read_settings()

    assert settings.site_secret("OLD_JIRA_TOKEN").get_secret_value() == "told"
    assert settings.site_secret("NEW_JIRA_TOKEN").get_secret_value() == "from-a-file"


@pytest.mark.parametrize(
    ("variables", "mend"),
    [
        pytest.param({}, "OLD_JIRA_TOKEN is not set; set it, or OLD_JIRA_TOKEN_FILE", id="unset"),
        pytest.param(
            {"OLD_JIRA_TOKEN": "canary", "OLD_JIRA_TOKEN_FILE": "/canary"}, "both set", id="both"
        ),
    ],
)
def test_a_site_without_a_token_is_a_sentence(
    environment: pytest.MonkeyPatch, variables: dict[str, str], mend: str
) -> None:
    say(environment, **variables)
    settings = read_settings()

    with pytest.raises(SettingsError, match=mend) as refused:
        settings.site_secret("OLD_JIRA_TOKEN")

    assert "canary" not in "".join(traceback.format_exception(refused.value))


def test_the_clock_tells_aware_utc() -> None:
    earlier = now()

    assert earlier.tzinfo is UTC
    assert timedelta(0) <= now() - earlier


def test_the_schedule_runs_hourly_unless_told_otherwise(environment: pytest.MonkeyPatch) -> None:
    usual = read_settings()
    say(
        environment,
        HEARTEN_SCHEDULE="off",
        HEARTEN_COLLECT_CRON="30 6 * * mon-fri",
        HEARTEN_LEASE="90",
        HEARTEN_QUEUE="on",
        HEARTEN_DATABASE_URL="postgresql://localhost/hearten",
    )
    other = read_settings()

    assert (usual.schedule, usual.collect_cron) == (True, "7 * * * *")
    assert (usual.lease_time, usual.queue) == (timedelta(minutes=1), False)
    assert (other.schedule, other.collect_cron) == (False, "30 6 * * mon-fri")
    assert (other.lease_time, other.queue) == (timedelta(seconds=90), True)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        pytest.param(
            {"HEARTEN_COLLECT_CRON": "hourly"},
            "HEARTEN_COLLECT_CRON must have five fields: minute, hour, day, month, weekday.",
            id="no cron expression",
        ),
        pytest.param(
            {"HEARTEN_QUEUE": "on"},
            "HEARTEN_QUEUE is on and needs PostgreSQL; set HEARTEN_DATABASE_URL to a "
            "postgresql:// address, or unset HEARTEN_QUEUE.",
            id="a queue on SQLite",
        ),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused_with_what_to_set(
    environment: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    say(environment, **variables)

    with pytest.raises(SettingsError) as refused:
        read_settings()

    assert str(refused.value) == said
