"""Whether two titles are one journal's or one conference's, however they are cut short."""

from __future__ import annotations

from functools import lru_cache

from libconsortium.plugins.matching.likeness import LITTLE_WORDS, likeness

_SOME_JOURNALS = "journal j trans transactions"
_SOME_MEETINGS = "proceedings proc conference conf workshop symposium symp congress"
_USUAL = "acm ieee international intl int annual hellip mdash"
_JOURNALS, _MEETINGS = frozenset(_SOME_JOURNALS.split()), frozenset(_SOME_MEETINGS.split())
_MEETING_WORDS = _JOURNALS - {"trans", "transactions"} | _MEETINGS | frozenset(_USUAL.split())
_SHORTEST_INITIALS = 3
_ALIKE = 0.8


def same_journal(left: str, right: str) -> bool:
    """Say whether two titles of journals or conferences, neither empty, may be one's.

    One may be abbreviated word by word, or to its initials, or name the place and year too.

    Args:
        left: A folded title.
        right: Another.

    >>> same_journal("curr opin lipidol", "current opinion in lipidology")
    True
    >>> same_journal("vldb", "proceedings of the conference on very large data bases")
    True
    >>> same_journal("tap chi toan hoc", "tap chi vat li")
    False
    """
    if left == right:
        return True
    if other_kind(left, right):
        return False
    if likeness(left, right) >= _ALIKE:
        return True
    few, many = sorted((_telling(left), _telling(right)), key=lambda words: (len(words), words))
    if not few:
        return False
    initials = "".join(word[0] for word in many)
    if len(few[0]) > 1 and few[0] in many:
        return _stand_in(few, many)
    return _stand_in(few, many) or (len(few[0]) >= _SHORTEST_INITIALS and few[0] in initials)


def other_kind(left: str, right: str) -> bool:
    """Say whether one title is of a journal and the other of a meeting.

    >>> other_kind("vldb journal", "proceedings of vldb"), other_kind("vldb", "vldb journal")
    (True, False)
    """
    return {_kind(left), _kind(right)} == {"journal", "meeting"}


@lru_cache(maxsize=10_000)
def _kind(title: str) -> str:
    words = set(title.split())
    is_journal, is_meeting = words & _JOURNALS, words & _MEETINGS
    if bool(is_journal) == bool(is_meeting):
        return ""
    return "journal" if is_journal else "meeting"


def _telling(journal: str) -> list[str]:
    words = [word for word in journal.split() if not any(map(str.isdecimal, word))]
    telling = [word for word in words if word not in LITTLE_WORDS | _MEETING_WORDS]
    return telling or [word for word in words if word not in LITTLE_WORDS]


def _stand_in(few: list[str], many: list[str]) -> bool:
    """Say whether all of some words begin words of others, in their order."""
    rest = iter(many)
    return all(
        any(longer.startswith(word) or word.startswith(longer) for longer in rest) for word in few
    )
