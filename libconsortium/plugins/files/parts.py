"""What the readers of files give: one part of a file after the other."""

from __future__ import annotations

from hashlib import sha256

import attrs

from libconsortium import Message, Place, Problem, Quarantined, RawRecord, Severity

AT_ONCE = 500
"""Most records of one part: it becomes one page, kept in one transaction."""

LARGEST_PART = 16 * 2**20
"""Size from which a part is closed, in bytes."""


@attrs.frozen(kw_only=True)
class Part:
    """Some records of a file and the bytes they stand in; all parts together are the whole file.

    Args:
        body: The bytes; empty if an earlier part has them.
        records: The records; an empty identifier means that they name none.
        quarantined: Pieces that are no record.
        problems: What is wrong.
        repaired: How many of the records are read only after a repair.
        is_cut: The file breaks off here.
    """

    body: bytes = b""
    records: tuple[RawRecord, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    problems: tuple[Problem, ...] = ()
    repaired: int = 0
    is_cut: bool = False


def quarantined(source: str, content: bytes, reason: Message) -> Quarantined:
    """Return a piece that cannot be kept as a record, with a name made of its bytes or reason.

    >>> quarantined("tlu", b"junk", Message("no record")).identifier
    '#ef875a1705a5fdac'
    """
    name = f"#{sha256(content or str(reason).encode()).hexdigest()[:16]}"
    return Quarantined(source=source, identifier=name, reason=reason, content=content)


def unreadable(source: str, file: str, reason: Message, body: bytes = b"") -> Part:
    """Return the part that stands for a whole file that should be read and cannot be.

    >>> unreadable("tlu", "a.xml", Message("it is damaged")).quarantined[0].identifier
    '#a.xml'
    """
    one = Quarantined(source=source, identifier=f"#{file}", reason=reason)
    problem = Problem(
        code="FILE_UNREADABLE", where=Place(source=file), what=reason, severity=Severity.ERROR
    )
    return Part(body=body, quarantined=(one,), problems=(problem,))


def breaks_off(file: str) -> Problem:
    """Return the problem of a file that is not there to its end.

    >>> str(breaks_off("a.xml").what)
    'the file breaks off; what came before the break is kept'
    """
    return Problem(
        code="FILE_CUT",
        where=Place(source=file),
        what=Message("the file breaks off; what came before the break is kept"),
        advice=Message("copy or export the file again, whole, and run the same command once more"),
        severity=Severity.ERROR,
    )


def not_read(file: str, reason: Message, *, severity: Severity = Severity.WARNING) -> Problem:
    """Return the problem of a file that is not read.

    >>> str(not_read("a.pdf", Message("files of this kind hold no records")))
    'a.pdf: files of this kind hold no records'
    """
    return Problem(code="FILE_NOT_READ", where=Place(source=file), what=reason, severity=severity)
