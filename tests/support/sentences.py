"""Sentences that people read at once: the NHS asks for at most 20 words in each."""

import re

MOST_WORDS = 20  # of a sentence
_ENDS = re.compile(r"(?<=[.?!:;])\s+")


def long_sentences(text: str) -> list[str]:
    """Return the sentences that have too many words; a list after a colon is one of its own."""
    said = _ENDS.split(" ".join(text.split()))
    return [sentence for sentence in said if len(sentence.split()) > MOST_WORDS]
