"""TokenRun as every search engine sees them: plain letters and digits, made here and nowhere else.

Engines fold, split and stem in their own ways, so none of them is given a text. They are given
tokens that all of them leave alone, and all of them therefore find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

from libconsortium.core.text import fold, folded, spelling

_ESCAPE, _WITH_MARKS = _ESCAPES = ("zq", "zv")  # no word of a language begins so
_MARKS = {  # as ``spelling`` leaves them, each a digit; words with digits are written otherwise
    0x300: "1", 0x301: "2", 0x303: "3", 0x309: "4", 0x323: "5", 0x302: "6", 0x306: "7", 0x31B: "8",
    ord("đ"): "9",
}  # fmt: skip
_VIETNAMESE = frozenset("abcdefghijklmnopqrstuvwxyz") | frozenset(map(chr, _MARKS))
_BETWEEN = "zqx"  # stands between two texts of one field, so that no phrase runs across
_LONGEST = 40  # letters of a word
_MOST_WORDS = 4_000  # of one stream of one document; PostgreSQL counts positions to 16,383
_MOST_TIMES = 250  # that one word may come in one stream; PostgreSQL keeps 256 positions


class SearchStream(StrEnum):
    """What of a document is indexed together; each engine keeps one column a stream."""

    EVERYTHING = "everything"
    """The folded words of all fields."""
    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"
    PUBLISHER = "publisher"
    TYPED = "typed"
    """The words with diacritics of all fields, as spelled."""
    TITLE_TYPED = "title_typed"
    """Those of the titles."""
    WHOLE = "whole"
    """Each whole title as one token, as spelled and folded."""
    IDENTIFIER = "identifier"
    FACET = "facet"
    """The values that lists are narrowed by, and one token that every document has."""


EVERY = "zqall"
"""The token that every document has."""


@lru_cache(maxsize=200_000)  # a catalogue's words come back
def token(word: str) -> str:
    """Return a word as letters and digits of ASCII; different words stay different.

    >>> token("truien"), token(spelling("việt")), token("日本")
    ('truien', 'zvvie6t5', 'zqe697a5e69cac')
    """
    if len(word) <= _LONGEST:
        if word.isascii() and word.isalnum() and not word.startswith(_ESCAPES):
            return word.lower()
        if _VIETNAMESE.issuperset(word):
            return _WITH_MARKS + word.translate(_MARKS)
    coded = word.encode("utf-8", "surrogatepass")
    if len(coded) > _LONGEST:
        return _ESCAPE + "h" + blake2b(coded, digest_size=12).hexdigest()
    return _ESCAPE + coded.hex()


def tokens_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the folded words of texts as tokens, with a mark between two texts.

    At most 4,000 words, and each word at most 250 times: what comes later is not found.

    >>> tokens_of(["Truyện Kiều", "Kim Vân Kiều"])
    ('truien', 'kieu', 'zqx', 'kim', 'van', 'kieu')
    """
    return tuple(_limited(_with_marks(texts)))


def _with_marks(texts: Iterable[str]) -> Iterator[str]:
    for number, tokens in enumerate(filter(None, map(_text_tokens, texts))):
        if number:
            yield _BETWEEN
        yield from tokens


@lru_cache(maxsize=1_000)  # a document's texts are asked for again at once
def _text_tokens(text: str) -> tuple[str, ...]:
    return tuple(map(token, _text_spelling(text)[1].split()))


@lru_cache(maxsize=1_000)
def _text_spelling(text: str) -> tuple[str, str]:
    spelled = spelling(text)
    return spelled, folded(spelled)


def _limited(tokens: Iterable[str]) -> Iterator[str]:
    times: dict[str, int] = {}
    for one in islice(tokens, _MOST_WORDS):
        times[one] = times.get(one, 0) + 1
        if times[one] <= _MOST_TIMES:
            yield one


def typed_tokens(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words of texts that have diacritics as tokens, each once, as spelled.

    >>> len(typed_tokens(["Viết về Việt Nam", "Việt Nam"]))
    3
    """
    spelled = (_text_spelling(text)[0] for text in texts)
    words = (word for text in spelled for word in text.split() if not word.isascii())
    return tuple(dict.fromkeys(map(token, islice(words, _MOST_WORDS))))


def whole_tokens(texts: Iterable[str]) -> tuple[str, ...]:
    """Return each text as one token as spelled and one as folded.

    >>> len(whole_tokens(["Truyện Kiều"])), len(whole_tokens(["Kieu"]))
    (2, 1)
    """
    forms = (form for text in texts for form in _text_spelling(text) if form)
    return tuple(dict.fromkeys(map(whole_token, forms)))


def whole_token(words: str) -> str:
    """Return a text's words, spelled or folded, as one token.

    >>> whole_token("truien kieu") == whole_token("truien  kieu")
    True
    """
    return _digest("w", " ".join(words.split()))


def identifier_token(scheme: str, value: str) -> str:
    """Return an identifier as one token; the scheme may be empty for any.

    >>> identifier_token("doi", "10.1000/A") == identifier_token("doi", "10.1000/a")
    True
    """
    return _digest("i", f"{scheme}:{value.casefold()}")


def facet_token(facet: str, value: str) -> str:
    """Return a value of a facet as one token: exactly this value.

    >>> facet_token("member", "tlu") == facet_token("member", "TLU")
    False
    """
    return _digest("f", f"{facet}={value}")


def loose_facet_token(facet: str, value: str) -> str:
    """Return a value of a facet as one token, however it is written.

    >>> loose_facet_token("place", "Hải Dương") == loose_facet_token("place", "hai-duong")
    True
    """
    return _digest("l", f"{facet}={fold(value).replace(' ', '')}")


def _digest(kind: str, text: str) -> str:
    coded = text.encode("utf-8", "surrogatepass")
    return _ESCAPE + kind + blake2b(coded, digest_size=8).hexdigest()
