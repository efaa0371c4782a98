"""What a defect prints holds no secret, whatever is wrong with the files that name them."""

from pathlib import Path

import pytest

from hearten.redaction import without_secrets

SITES = (
    "jira_sites:\n  old: {url: 'https://j.example', token_env: OLD_TOKEN, email_env: OLD_EMAIL}\n"
)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(SITES, id="a good file"),
        pytest.param(SITES + "settle_days: " + "[" * 3000, id="brackets"),
        pytest.param(SITES + "settle_days: many\n", id="a fault"),
        pytest.param(SITES + 'bots: ["\\ud800"]\n', id="half of a character"),
        pytest.param(SITES + "\t", id="no YAML"),
        pytest.param(SITES.replace(": {", ":\n    {").replace("_env: ", '_env: "'), id="quotes"),
    ],
)
def test_no_secret_is_left_whatever_the_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    (tmp_path / "hearten.yaml").write_text(written)
    for name, value in {
        "HEARTEN_CONFIG": str(tmp_path),
        "HEARTEN_GITHUB_TOKEN": "ghp_secret1",
        "OLD_TOKEN": "secret2",
        "OLD_EMAIL": "secret3@example.org",
    }.items():
        monkeypatch.setenv(name, value)

    found = without_secrets("token ghp_secret1, secret2, secret3@example.org")

    assert found == "token ***, ***, ***"
