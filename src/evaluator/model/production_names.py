"""What names say of production: an environment, tag or workflow may be named for it, or before it.

They are guesses, from names alone.
"""

import re

PRODUCTION = re.compile(r"prod(?!uct(?!ion))|prd|(?<!de)(?<!o)live", re.IGNORECASE)
_NEARLY = re.compile(
    r"(pre|non|not)[\W_]*(prod|prd|live)|(prod(uction)?|live)[\W_]*like", re.IGNORECASE
)
ELSEWHERE = re.compile(
    r"(?<![a-z])(alpha|beta|canary|demo|dev|development|int|integration|nightly|preview|qa|rc|sandbox"
    r"|snapshot|staging|stage|stg|test|testing|uat)(?![a-z])",
    re.IGNORECASE,
)
_MADE_ANEW = re.compile(
    r"^github-pages$|(?<![a-z])(pr|prs|pull|mr|review|preview|feature|feat|bugfix|branch|ephemeral|dependabot"
    r"|renovate)(?![a-z])",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d+([._+]\d+)*")
_FILE = re.compile(r"\.ya?ml$")  # of a workflow
_APART = re.compile(r"[-_./\s:@]+")


def looks_like_production(name: str) -> bool:
    """Whether an environment, workflow or tag is named as production; `preprod` is not."""
    return PRODUCTION.search(name) is not None and _NEARLY.search(name) is None


def looks_like_elsewhere(name: str) -> bool:
    """Whether something is named after a place before production."""
    return _NEARLY.search(name) is not None or (
        ELSEWHERE.search(name) is not None and not looks_like_production(name)
    )


def may_be_production(name: str) -> bool:
    """Whether a name is neither of a place before production nor made anew for each branch.

    GitHub makes `github-pages` itself, for any documentation.
    """
    return not looks_like_elsewhere(name) and _MADE_ANEW.search(name) is None


def style_of(name: str) -> str:
    """Return a name with each number as `#`: the tags of one style have one in common."""
    return _NUMBERS.sub("#", name)


def same_family(one: str, other: str) -> bool:
    """Whether two names differ only in digits and case, or in one word beside a shared one."""
    first, second = (_words(name) for name in (one, other))
    if first == second:
        return True
    start = _shared(first, second)
    end = _shared(first[start:][::-1], second[start:][::-1])
    words = [*first[:start], *(first[len(first) - end :] if end else ())]
    most = max(len(first), len(second)) - start - end
    return most == 1 and any(re.search("[a-z]{2}", word) for word in words)


def _words(name: str) -> list[str]:
    return _APART.split(style_of(_FILE.sub("", name.casefold())))


def _shared(one: list[str], other: list[str]) -> int:
    """Return how many words two lists have in common at their beginnings."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count
