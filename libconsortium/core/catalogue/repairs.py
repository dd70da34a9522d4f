"""What was repaired in a text, so that nobody has to take a repaired text for what was written."""

from __future__ import annotations

import attrs

from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity

REPAIRED = "TEXT_REPAIRED"
"""Code of the problem that shows a text before and after."""

LOSS = "LOSS_SUSPECTED"
"""Code of the problem that says something of a text is gone, and was not guessed."""

TEXT_FIELDS = (
    "titles", "creators", "contributors", "publishers", "dates", "languages", "types", "subjects",
    "coverage", "descriptions", "series", "call_numbers", "volume", "edition", "extent", "journal",
)  # fmt: skip
"""The fields of a record that are texts as written; addresses and identifiers are none."""

_NO_LOSS = Message("")


@attrs.frozen(kw_only=True)
class RepairedText:
    """A text after one repair.

    Args:
        text: The text; as it was if there was nothing to repair.
        loss: What seems to be missing and was not guessed; empty if nothing is.

    >>> RepairedText(text="Thư viện").loss.template
    ''
    """

    text: str
    loss: Message = _NO_LOSS


@attrs.frozen(kw_only=True)
class LegacyEvidence:
    """How well texts fit an old encoding; evidence of single texts adds up to that of a source.

    Args:
        fits: Words that the conversion makes well-formed words.
        misfits: Words that it changes into something that is no word.

    >>> LegacyEvidence(fits=3) + LegacyEvidence(fits=1, misfits=1)
    LegacyEvidence(fits=4, misfits=1)
    """

    fits: int = 0
    misfits: int = 0

    def __add__(self, other: LegacyEvidence) -> LegacyEvidence:
        """Add up what two texts, or two sources, show."""
        return LegacyEvidence(fits=self.fits + other.fits, misfits=self.misfits + other.misfits)

    @property
    def is_convincing(self) -> bool:
        """Whether a source may be taken for one in this encoding.

        One title proves nothing: it takes 20 words that fit, ten for each that does not.

        >>> LegacyEvidence(fits=40, misfits=2).is_convincing, LegacyEvidence(fits=3).is_convincing
        (True, False)
        """
        return self.fits >= _LEAST_WORDS and self.fits >= _LEAST_RATIO * self.misfits


_LEAST_WORDS, _LEAST_RATIO = 20, 10


def repair_problem(record: BibRecord, field: str, name: str, before: str, after: str) -> Problem:
    """Return the problem that shows what a repair did.

    Args:
        record: The record it was done to.
        field: The field.
        name: Name of the repair.
        before: The text before it.
        after: The text after it.

    >>> record = BibRecord(source="tlu", identifier="oai:tlu:1")
    >>> str(repair_problem(record, "titles", "html-entities", "K&#7929;", "Kỹ"))
    "tlu: oai:tlu:1: titles: html-entities: 'K&#7929;' is read as 'Kỹ'"
    """
    return Problem(
        code=REPAIRED,
        where=Place(source=record.source, record=record.identifier, field=field),
        what=Message(
            "{repair}: {before!r} is read as {after!r}",
            repair=name,
            before=_shortened(before),
            after=_shortened(after),
        ),
        severity=Severity.INFO,
    )


def loss_problem(record: BibRecord, field: str, text: str, loss: Message) -> Problem:
    """Return the problem that says what seems to be missing in a text.

    Args:
        record: The record.
        field: The field.
        text: The text, as far as it could be repaired.
        loss: What seems to be missing.

    >>> record = BibRecord(source="tlu", identifier="oai:tlu:1")
    >>> loss_problem(record, "titles", "Cộng hoà x hội", Message("letters are gone")).code
    'LOSS_SUSPECTED'
    """
    return Problem(
        code=LOSS,
        where=Place(source=record.source, record=record.identifier, field=field),
        what=Message("{text!r}: {loss}", text=_shortened(text), loss=loss),
        advice=Message("look at the record in its own system; nothing was guessed"),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


_SHOWN = 300  # letters of a text in a message; some sources encode one field to megabytes
