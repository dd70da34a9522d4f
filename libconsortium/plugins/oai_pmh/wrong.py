"""What can be wrong with a page, in words."""

from __future__ import annotations

import re

from libconsortium import (
    Answer,
    HarvestRequest,
    Message,
    Place,
    Problem,
    Repair,
    Severity,
    bytes_shown,
)

_START_BYTES = 24
_ROOT = re.compile(rb"<[\w.:-]*OAI-PMH[^<>]{0,200}>")


def unannounced_gzip(request: HarvestRequest, answer: Answer) -> Problem:
    """Tell of a packed page that no header announced."""
    return Problem(
        code="UNANNOUNCED_GZIP",
        where=Place(source=request.source),
        what=Message(
            "the page is packed though no header says so; it was unpacked: {before} became {after}",
            before=bytes_shown(answer.body[:_START_BYTES]),
            after=bytes_shown(answer.content[:_START_BYTES]),
        ),
        advice=Message("nothing is lost; tell the server's administrator"),
        severity=Severity.INFO,
    )


def damaged_transfer(request: HarvestRequest, number: int, answer: Answer) -> Problem:
    """Tell of a page that came damaged however often it was asked for, and was read as it is."""
    return Problem(
        code="TRANSFER_DAMAGED",
        where=Place(source=request.source),
        what=Message(
            "page {number} came damaged each time ({reason}); it was read as far as it goes",
            number=number,
            reason=answer.damage,
        ),
        advice=Message("compare some texts with the server's own pages; tell its administrator"),
    )


def no_namespace(request: HarvestRequest, answer: Answer) -> Problem:
    """Tell of a page whose elements are not in the namespace of OAI-PMH."""
    root = _ROOT.search(answer.content)
    return Problem(
        code="NO_NAMESPACE",
        where=Place(source=request.source),
        what=Message(
            "the page lacks the OAI-PMH namespace; it was read all the same: {before} became"
            " {after}",
            before=bytes_shown(root.group() if root else b""),
            after='"<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">"',
        ),
        advice=Message("nothing is lost; tell the server's administrator"),
        severity=Severity.INFO,
    )


def ended_oddly(request: HarvestRequest, number: int) -> Problem:
    """Tell of a token that led to nothing."""
    return Problem(
        code="EMPTY_LAST_PAGE",
        where=Place(source=request.source),
        what=Message("page {number}: the server gave a token that leads to nothing", number=number),
        advice=Message("the list is compared with the server's identifiers"),
        severity=Severity.INFO,
    )


def breaks_off(request: HarvestRequest, number: int, kept: int) -> Problem:
    """Tell of a page that is not there to its end."""
    return Problem(
        code="PAGE_CUT",
        where=Place(source=request.source),
        what=Message(
            "page {number} breaks off; the {kept} records before the break are kept",
            number=number,
            kept=kept,
        ),
        advice=Message("the rest is asked for in other ways"),
    )


def repaired_page(request: HarvestRequest, number: int, repair: Repair) -> Problem:
    """Tell of a repair of a page as a whole."""
    return Problem(
        code=f"REPAIRED_{repair.name}",
        where=Place(source=request.source),
        what=Message(
            "page {number} was repaired {count} times: {before} became {after}",
            number=number,
            count=repair.count,
            before=bytes_shown(repair.before),
            after=bytes_shown(repair.after),
        ),
        advice=Message("the page is kept as it came"),
        severity=Severity.INFO,
    )
