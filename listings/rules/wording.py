"""Which of two languages a text is shown in."""

from dataclasses import dataclass

CHINESE, ENGLISH = "zh-Hans", "en"


@dataclass(frozen=True, slots=True)
class Run:
    """A text, the language that it is in, and whether the wanted one was missing."""

    text: str
    language: str
    is_fallback: bool


def choose(chinese: str, english: str, *, wanted: str) -> Run:
    """The text in the wanted language, the other one where that is empty.

    `wanted` is a language code of the site; every kind of Chinese is written in `chinese`.
    """
    if wanted.lower().startswith("zh"):
        first, other = (chinese, CHINESE), (english, ENGLISH)
    else:
        first, other = (english, ENGLISH), (chinese, CHINESE)
    if first[0] or not other[0]:
        return Run(*first, is_fallback=False)
    return Run(*other, is_fallback=True)
