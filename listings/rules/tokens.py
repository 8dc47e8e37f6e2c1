"""Words for search: the same for Simplified and Traditional Chinese, wide and narrow letters.

Text -> Simplified -> NFKC -> lower case -> words. Documents are cut so that the parts of a long
word count too, queries are cut once. Every list is without repetition and in a stable order.

Marks before a token keep three kinds of token apart in one column: `^` a word of the title,
`~` two neighbouring characters (the fall-back), `#` a number or name as a whole.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

TITLE, PAIR, WHOLE = "^", "~", "#"
MOST_WORDS = 12
LONGEST = 60

_CHINESE = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff"
_RUNS = re.compile(f"[{_CHINESE}]{{2,}}")
_SINGLE = re.compile(f"[{_CHINESE}]")
_NOT_WORD = re.compile(r"[\W_]+")
_STOP = frozenset("的了和与及或在是对为有") | {"一种", "the", "a", "an", "of", "and", "or", "for"}
_STOP |= {"to", "in", "on", "with", "by", "from"}


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: words that must all occur, the whole as one name, pairs as a last resort."""

    words: tuple[str, ...]
    whole: str
    pairs: tuple[str, ...]

    @property
    def alike(self) -> tuple[str, ...]:
        """The tokens of which some must occur in what looks alike: pairs, and Latin words."""
        latin = [word for word in self.words if word.isascii()]
        return (*(PAIR + pair for pair in self.pairs), *latin)


def normalised(text: str) -> str:
    """Simplified, NFKC, lower case: the form in which all text is compared."""
    return unicodedata.normalize("NFKC", str(_to_simplified().convert(text))).lower()


def compact(text: str) -> str:
    """The text without spaces and punctuation: `A-0312-07` and `a 031207` are one name."""
    return _NOT_WORD.sub("", normalised(text))[:LONGEST]


def document(title: str, body: str, names: Iterable[str]) -> list[str]:
    """The tokens of a listing, sorted.

    `body` is all text that is searched beside the title, `names` are numbers and names that are
    found as a whole. A title's characters count one by one as well.
    """
    plain_title, plain_body = normalised(title), normalised(body)
    title_words = _cut_finely(plain_title)
    singles = _SINGLE.findall(plain_title)
    words = {*title_words, *singles, *_cut_finely(plain_body)}
    tokens = words | {TITLE + word for word in (*title_words, *singles)}
    tokens |= {PAIR + pair for pair in _pairs(f"{plain_title}\n{plain_body}")}
    tokens |= {WHOLE + name for name in map(compact, names) if name}
    return sorted(tokens)


def query(text: str) -> Query:
    """What to look for; all parts are empty when the text holds no word."""
    plain = normalised(text)
    words = dict.fromkeys(_words(_segmenter().cut(plain)))
    telling = [word for word in words if word not in _STOP] or list(words)
    return Query(
        words=tuple(telling[:MOST_WORDS]),
        whole=compact(text),
        pairs=tuple(dict.fromkeys(_pairs(plain)))[: 2 * MOST_WORDS],
    )


def _cut_finely(plain: str) -> list[str]:
    return _words(_segmenter().cut_for_search(plain))


def _words(pieces: Iterable[str]) -> list[str]:
    """The pieces without punctuation, so that no mark and no operator comes in from outside."""
    return [word[:LONGEST] for piece in pieces for word in _NOT_WORD.split(piece) if word]


def _pairs(plain: str) -> list[str]:
    """Neighbouring characters of runs of Chinese."""
    return [run[i : i + 2] for run in _RUNS.findall(plain) for i in range(len(run) - 1)]


@lru_cache(maxsize=1)
def _to_simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def _segmenter() -> Any:
    import rjieba

    return rjieba
