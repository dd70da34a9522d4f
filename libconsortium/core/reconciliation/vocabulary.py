"""The words by which figures are read in a language: data that a plugin gives, not code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import attrs

from libconsortium.core.directory.quantities import Qualifier

_NEW_TONES = {
    f"{first}{marked}": f"{toned}{plain}"
    for first, plain, toned_row, marked_row in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for toned, marked in zip(toned_row, marked_row, strict=True)
}
_NEW_TONE = re.compile("|".join(_NEW_TONES))


def levelled(text: str) -> str:
    """Return a text in small letters and one spelling of tone marks, letter for letter.

    The result has as many characters as the text in normal form C, so a place in one is the
    same place in the other.

    >>> levelled("Hoà BÌNH") == levelled("Hòa Bình"), len(levelled("İ"))
    (True, 1)
    """
    small = "".join(
        lower if len(lower := letter.lower()) == 1 else letter for letter in normalize("NFC", text)
    )
    return _NEW_TONE.sub(lambda found: _NEW_TONES[found[0]], small)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of some words, the longest first; nothing if there are none.

    A blank stands for any blanks, and a word that begins or ends with a letter or digit stands
    alone.

    >>> bool(re.search(any_of(["tổng cộng"]), "tổng   cộng:")), re.search(any_of(["đ"]), "đi")
    (True, None)
    """
    return _any_of(tuple(words))


@lru_cache(maxsize=256)
def _any_of(words: tuple[str, ...]) -> str:
    listed = sorted({levelled(word) for word in words}, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_alone, listed))})" if listed else r"(?!)"


def _alone(word: str) -> str:
    # A digit may stand right before a word: «10đ».
    before = r"(?<![^\W\d])" if word[0].isalnum() else ""
    after = r"(?!\w)" if word[-1].isalnum() else ""
    return before + r"\s+".join(re.escape(part) for part in word.split()) + after


@attrs.frozen(kw_only=True)
class Vocabulary:
    """What the reader of reports has to know of a language.

    Args:
        language: Language code.
        decimal: The decimal mark, ``,`` or ``.``; the other one groups digits.
        scales: Words for thousands and millions, with what they multiply by.
        half: Words that add half of the scale before them (``2 triệu rưỡi``).
        currencies: Words and signs for currencies, with their ISO 4217 codes.
        percent: Words and signs for per cent.
        before: Words before a figure that say how exact it is.
        after: Words after a figure that do.
        between: Words and signs between the ends of a range.
        ratio: Words between the part and the whole of a ratio (``62 out of 63``).
        units: Words for what is counted, with their unit.
        families: The family of each unit; only units of one family are added up.
        reach: How many words may stand between a number and the word for what it counts.
        topics: Words for kinds of money, with their kind (``dues``, ``advertising``).
        flows: Words for money coming ``in``, going ``out`` or being a ``balance``.
        roles: Words that say what a figure is for: ``total``, ``sum``, ``whole``, ``some``,
            ``rate``, ``expected``, ``basis``, ``compared``, ``paid``, ``words``, ``payers``,
            ``each``, ``yearly``, ``joint``.
        stops: Words that say nothing of what a figure is about.
        patterns: Regular expressions by purpose: ``skip``, ``date``, ``year``, ``years``,
            ``months``, ``term``, ``review``, ``edition``, ``anniversary``.
    """

    language: str
    decimal: str
    scales: Mapping[str, Fraction]
    half: tuple[str, ...] = ()
    currencies: Mapping[str, str]
    percent: tuple[str, ...] = ("%",)
    before: Mapping[str, Qualifier]
    after: Mapping[str, Qualifier]
    between: tuple[str, ...]
    ratio: tuple[str, ...]
    units: Mapping[str, str]
    families: Mapping[str, str]
    reach: int = 0
    topics: Mapping[str, str]
    flows: Mapping[str, str]
    roles: Mapping[str, tuple[str, ...]]
    stops: frozenset[str] = frozenset()
    patterns: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Vocabulary:  # Any: what a TOML file holds
        """Make a vocabulary of the tables of a TOML file, in which words are listed by meaning.

        >>> english = Vocabulary.of({"language": "en", "decimal": ".", "scales": {"1000": ["k"]}})
        >>> english.scales["k"]
        Fraction(1000, 1)
        """
        units = [
            (word, unit, family)
            for family, listed in data.get("units", {}).items()
            for unit, words in listed.items()
            for word in words
        ]
        return cls(
            language=data["language"],
            decimal=data["decimal"],
            scales={word: Fraction(scale) for word, scale in _by_word(data, "scales")},
            half=_levelled(data.get("half", ())),
            currencies=dict(_by_word(data, "currencies")),
            percent=_levelled(data.get("percent", ("%",))),
            before={word: Qualifier(sign) for word, sign in _by_word(data, "before")},
            after={word: Qualifier(sign) for word, sign in _by_word(data, "after")},
            between=_levelled(data.get("between", ("-", "–"))),
            ratio=_levelled(data.get("ratio", ("/",))),
            units={levelled(word): unit for word, unit, _ in units},
            families={unit: family for _, unit, family in units},
            reach=data.get("reach", 0),
            topics=dict(_by_word(data, "topics")),
            flows=dict(_by_word(data, "flows")),
            roles={role: _levelled(words) for role, words in data.get("roles", {}).items()},
            stops=frozenset(_levelled(data.get("stops", ()))),
            patterns={
                purpose: tuple(
                    _NEW_TONE.sub(lambda found: _NEW_TONES[found[0]], one) for one in all_
                )
                for purpose, all_ in data.get("patterns", {}).items()
            },
        )

    def role(self, name: str) -> str:
        """Return a pattern for the words of a role.

        >>> Vocabulary.of({"language": "en", "decimal": "."}).role("total")
        '(?!)'
        """
        return any_of(self.roles.get(name, ()))


def _by_word(data: Mapping[str, Any], table: str) -> Iterator[tuple[str, str]]:
    for meaning, words in data.get(table, {}).items():
        for word in words:
            yield levelled(word), meaning


def _levelled(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(levelled, words))
