"""Whose a commit is, a bot's or a person's. Of people nothing else is looked at, or kept."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NotRequired

from typing_extensions import TypedDict

from collector.json_fields import Text

_BOT_IDS = ("BOT_", "MDM6Qm90")  # how node ids of bots begin, today and before


class User(TypedDict):
    """The account that GitHub links a commit's author to; its type is User whatever it is."""

    id: NotRequired[Text | None]
    login: NotRequired[Text | None]


class GitAuthor(TypedDict):
    """Who wrote a commit, by git."""

    name: NotRequired[Text | None]
    email: NotRequired[Text | None]
    user: NotRequired[User | None]


# Who opened a pull request; of a bot the login has no `[bot]`. No class: it would mangle the name.
PullAuthor = TypedDict("PullAuthor", {"__typename": Text, "login": Text})

PULL_AUTHOR = "author { __typename login }"
GIT_AUTHOR = "author { name email user { id login } }"


@dataclass(frozen=True, slots=True)
class BotRules:
    """What makes an author a bot: type Bot, `[bot]` in login, name or e-mail, or one of `logins`.

    `logins` are casefolded. With `agents_count`, a commit by which a bot's pull request was merged
    is a person's where nothing but the pull request says otherwise.
    """

    logins: Collection[str] = ()
    agents_count: bool = False

    def wrote(self, author: GitAuthor | None) -> bool:
        """Return whether a commit's own author is a bot."""
        if author is None:
            return False
        user = author.get("user")
        login = _login(author)
        name = (author.get("name") or "").casefold()
        email = (author.get("email") or "").casefold()
        ident = (user.get("id") if user else None) or ""
        marked = "[bot]" in f"{login} {name} {email}" or ident.startswith(_BOT_IDS)
        return marked or login in self.logins or name in self.logins

    def opened(self, author: PullAuthor | None, account: str) -> bool:
        """Return whether a bot opened the pull request that made a commit, so that it is a bot's.

        `account` is the login of the commit's own author. Where that is a person's account, the
        commit is the person's, whoever opened the pull request. A coding agent may have an account
        of an ordinary user as well: it has the bot's login, or begins it.
        """
        if author is None:
            return False
        login = author["login"].casefold()
        if account and account != login and not login.startswith(f"{account}-"):
            return False
        is_bot = author["__typename"] == "Bot" and not self.agents_count
        return is_bot or login in self.logins or f"{login}[bot]" in self.logins


def account_of(author: GitAuthor | None) -> str:
    """Return the casefolded login of a commit's own author, empty where GitHub knows no account."""
    return _login(author) if author else ""


def _login(author: GitAuthor) -> str:
    user = author.get("user")
    return ((user.get("login") if user else None) or "").casefold()
