"""What the words beside a figure say of it: by the lists of a vocabulary."""

from __future__ import annotations

import re
from functools import lru_cache

from libconsortium.core.reconciliation.readings import Role
from libconsortium.core.reconciliation.vocabulary import Vocabulary, any_of, levelled
from libconsortium.core.text import fold
from libconsortium.load_steps.report_reading.numbers import MASK

_NEAR = 32  # characters before a number in which its role is said
_WORDS_BEFORE = 4


@lru_cache(maxsize=256)
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return the compiled pattern for any of some words."""
    return re.compile(any_of(words))


def subject_of(label: str, words: Vocabulary) -> frozenset[str]:
    """Return the words of a label that say something, without diacritics."""
    said = cleared(levelled(label), words).replace(MASK, " ")
    bare = pattern(tuple(sorted(words.stops))).sub(" ", said)
    return frozenset(word for word in fold(bare).split() if not word.isdecimal())


def flow_of(said: str, words: Vocabulary) -> tuple[str, bool]:
    """Return whether words are about money coming in or going out, and whether of a balance."""
    listed: dict[str, list[str]] = {}
    for word, meaning in words.flows.items():
        listed.setdefault(meaning, []).append(word)
    places = {
        meaning: max((found.start() for found in pattern(tuple(some)).finditer(said)), default=-1)
        for meaning, some in listed.items()
        if meaning in {"in", "out"}
    }
    best = max(places, key=lambda meaning: places[meaning], default="")
    is_balance = pattern(tuple(listed.get("balance", ()))).search(said) is not None
    return (best if places.get(best, -1) >= 0 else ""), is_balance


def topics_of(said: str, words: Vocabulary) -> frozenset[str]:
    """Return the kinds of money that words name."""
    found = pattern(tuple(words.topics)).finditer(said)
    return frozenset(words.topics[" ".join(one[0].split())] for one in found)


def strength_of(said: str, words: Vocabulary) -> str:
    """Return whether words call a figure a ``total`` or, less surely, a ``sum``; empty if not."""
    strong, weak = words.roles.get("total", ()), words.roles.get("sum", ())
    found = {" ".join(one[0].split()) for one in pattern((*strong, *weak)).finditer(said)}
    if found & set(strong):
        return "total"
    return "sum" if found else ""


def cleared(said: str, words: Vocabulary) -> str:
    """Return words without those that hold a word of a role and mean something else."""
    return pattern(words.roles.get("not", ())).sub(lambda one: MASK * len(one[0]), said)


def role_of(near: str, after: str, words: Vocabulary, strength: str, *, is_balance: bool) -> Role:
    """Return what a figure is for.

    Args:
        near: The words between the figure before and this one.
        after: The words after it.
        words: The language.
        strength: Whether words call it a total.
        is_balance: Whether they speak of a balance.
    """
    tail = " ".join(near[-_NEAR:].split()[-_WORDS_BEFORE:])
    each = pattern(words.roles.get("each", ())).match(after.lstrip())
    if each or pattern(words.roles.get("rate", ())).search(tail):
        return Role.RATE
    if pattern(words.roles.get("compared", ())).search(tail):
        return Role.COMPARED
    expected = pattern(words.roles.get("expected", ()))
    if expected.search(tail) or expected.match(after.lstrip()):
        return Role.EXPECTED
    if is_balance and not strength:
        return Role.BALANCE
    return Role.TOTAL if strength else Role.LINE
