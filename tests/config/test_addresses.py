import pytest

from collector.github.connection import GitHubConnection
from hearten.config.addresses import github_api, jira_address, web_address


@pytest.mark.parametrize(
    ("api", "pages"),
    [
        pytest.param("https://api.github.com", "https://github.com", id="github.com"),
        pytest.param("https://api.github.com/", "https://github.com", id="a slash too many"),
        pytest.param("https://git.example.org/api/v3", "https://git.example.org", id="Enterprise"),
        pytest.param("https://api.acme.ghe.com", "https://acme.ghe.com", id="data residency"),
        pytest.param("http://127.0.0.1:8001", "http://127.0.0.1:8001", id="anything else"),
    ],
)
def test_pages_of_github_live_beside_its_api(api: str, pages: str) -> None:
    assert GitHubConnection(api).html_url == pages


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("jira.example.org", id="no scheme"),
        pytest.param("ftp://jira.example.org", id="another scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://[::1", id="half a host"),
        pytest.param("https://jira.example.org:port", id="a word for a port"),
        pytest.param("https://me:secret@jira.example.org", id="a password"),
        pytest.param("https://jira.example.org?token=secret", id="a query"),
    ],
)
def test_what_is_no_plain_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="must") as refused:
        web_address(text)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("path", ["/rest", "/rest/", "/rest/api/3", "/jira/rest/api/2"])
def test_the_address_of_a_jira_site_is_not_that_of_its_api(path: str) -> None:
    with pytest.raises(ValueError, match="leave out /rest"):
        jira_address(f"https://jira.example.org{path}")


@pytest.mark.parametrize(
    ("address", "leave_out"),
    [
        ("https://jira.example.org/browse/HER-1", "/browse"),
        ("https://jira.example.org/jira/secure/Dashboard.jspa", "/secure"),
        ("https://jira.example.org/projects/HER", "/projects"),
        ("https://example.atlassian.net/jira/software/projects/HER/boards/1", "/jira/software"),
        ("https://example.atlassian.net/wiki", "what follows .atlassian.net"),
    ],
)
def test_the_address_of_a_jira_site_is_not_that_of_a_page(address: str, leave_out: str) -> None:
    with pytest.raises(ValueError, match=f"leave out {leave_out}"):
        jira_address(address)


def test_a_jira_site_may_live_below_a_path() -> None:
    assert jira_address("https://example.org/restaurant/") == "https://example.org/restaurant"


@pytest.mark.parametrize(
    ("address", "write"),
    [
        pytest.param("https://github.com", "https://api.github.com", id="of the pages"),
        pytest.param("https://api.github.com/graphql", "the REST API", id="of GraphQL"),
        pytest.param("https://host/api/graphql", "https://host/api/v3", id="of Enterprise GraphQL"),
    ],
)
def test_the_address_of_github_is_that_of_its_rest_api(address: str, write: str) -> None:
    with pytest.raises(ValueError, match=write):
        github_api(address)
