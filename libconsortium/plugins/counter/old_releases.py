"""Reports of release 4 and before: told from others, and refused in words that help."""

from __future__ import annotations

import re

from libconsortium import FileRefusedError, Message

_TITLE = re.compile(
    r"(?:Journal|Book|Database|Platform|Title|Multimedia|Consortium|Media) Report \d+[a-zA-Z ]*"
    r"(?:\(R(?P<release>[1-4])\))?"
)
_SUCCESSORS = {
    "JR1": "TR_J1", "JR1 GOA": "TR_J3", "JR1a": "TR_J1", "JR2": "TR_J2", "JR5": "TR_J4",
    "BR1": "TR_B1", "BR2": "TR_B1", "BR3": "TR_B2", "DB1": "DR_D1", "DB2": "DR_D2",
    "PR1": "PR_P1", "MR1": "IR_M1",
}  # fmt: skip
"""The report of release 5 that comes nearest (Code of Practice release 5, B.1.1)."""


def refuse_old(report: str, release: str = "4") -> FileRefusedError:
    """Return the refusal of a report of an old release.

    Args:
        report: What the report calls itself: ``JR1``, ``Journal Report 1 (R4)``.
        release: Its release; 4 if it does not say.

    >>> print(refuse_old("JR1"))
    this is a COUNTER report of release 4 (JR1), which counts otherwise than releases 5 and 5.1 and
    ended with 2018; ask the supplier for TR_J1 of release 5.1, as JSON or TSV
    """
    newer = _successor(report)
    return FileRefusedError(
        "OLD_RELEASE",
        Message(
            "this is a COUNTER report of release {release} ({report}), which counts otherwise than"
            " releases 5 and 5.1 and ended with 2018",
            release=release,
            report=report,
        ),
        Message(
            "ask the supplier for {newer} of release 5.1, as JSON or TSV", newer=newer or "TR or DR"
        ),
    )


def old_release_in(text: str) -> str | None:
    """Return the title of an old report if a text is one.

    >>> old_release_in("Journal Report 1 (R4)"), old_release_in("Title Report")
    ('Journal Report 1 (R4)', None)
    """
    found = _TITLE.fullmatch(text.strip())
    return found[0] if found else None


def _successor(report: str) -> str:
    named = re.fullmatch(r"(\w)\w+ Report (\d)([a-z]?)( GOA)?.*", report)
    letters = {"J": "JR", "B": "BR", "D": "DB", "P": "PR", "M": "MR", "T": "TR"}
    short = f"{letters.get(named[1], '')}{named[2]}{named[3]}{named[4] or ''}" if named else report
    return _SUCCESSORS.get(short.partition(":")[0], "")
