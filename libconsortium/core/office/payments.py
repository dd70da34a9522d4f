"""Which payer a line of the bank's list comes from, how sure that is, and what is left to pay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.office.payer_names import name_score, word_weights

_SURE = 0.99
_LEAST_SCORE = 0.75
_WITHOUT_AMOUNT = 0.9  # of the score, where the amount is another one
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class PaymentStatus(StrEnum):
    """What a payment is to what is owed."""

    MATCHED = "matched"
    PARTIAL = "partial"
    OVER = "over"
    LATE = "late"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class ExpectedPayment:
    """A payment that the office waits for.

    Args:
        id: The payer's id.
        name: The payer's name.
        amount: What is owed.
        due_on: The last day to pay, or ``None``.
        year: The year it is for, or ``None``.
        reference: The code that the payer was asked to write; empty if none.
        aliases: Other names the payer goes by.
    """

    id: str
    name: str
    amount: Money
    due_on: date | None = None
    year: int | None = None
    reference: str = ""
    aliases: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class BankLine:
    """A line of the bank's list.

    Args:
        id: Its number or the bank's own reference.
        on: The day of the booking.
        amount: The amount that came in.
        text: What the payer wrote.
    """

    id: str
    on: date
    amount: Money
    text: str


@attrs.frozen(kw_only=True)
class PaymentMatch:
    """What a line of the bank's list is taken for.

    Args:
        line: The line.
        expected: What it pays, or ``None`` if that is not known.
        status: What it is to what was still owed.
        is_late: Whether it came after the last day.
        confidence: From 0 to 1.
        reasons: Why.
        left: What is owed after it; negative if more was paid; ``None`` if not known.
    """

    line: BankLine
    expected: ExpectedPayment | None
    status: PaymentStatus
    is_late: bool = False
    confidence: float = 0.0
    reasons: tuple[Message, ...] = ()
    left: Money | None = None


@attrs.frozen
class _Candidate:
    expected: ExpectedPayment
    score: float
    words: frozenset[str]
    reasons: tuple[Message, ...]


def match_payments(
    expected: Sequence[ExpectedPayment], lines: Iterable[BankLine]
) -> tuple[PaymentMatch, ...]:
    """Find what each line of the bank's list pays; a doubtful one stays unknown, with the reason.

    Args:
        expected: What the office waits for.
        lines: The bank's lines, in the order of booking.

    >>> owed = ExpectedPayment(
    ...     id="tv-quang-ninh", name="Thư viện tỉnh Quảng Ninh", amount=Money(1_000_000, "VND")
    ... )
    >>> text = "TV TINH QUANG NINH nop hoi phi 2019"
    >>> paid = BankLine(id="1", on=date(2019, 3, 1), amount=Money(900_000, "VND"), text=text)
    >>> found = match_payments([owed], [paid])[0]
    >>> found.expected.id, found.status.value, str(found.left), found.confidence
    ('tv-quang-ninh', 'partial', '100000 VND', 0.9)
    """
    weights = word_weights({one.id: (one.name, *one.aliases) for one in expected})
    left = {index: one.amount for index, one in enumerate(expected)}
    places = {id(one): index for index, one in enumerate(expected)}
    matches = []
    for line in lines:
        chosen = _chosen(
            expected, line, weights, {id(one): left[places[id(one)]] for one in expected}
        )
        if chosen.expected is not None:
            place = places[id(chosen.expected)]
            left[place] -= line.amount
            chosen = _weighed(chosen, left[place])
        matches.append(chosen)
    return tuple(matches)


def _weighed(match: PaymentMatch, left: Money) -> PaymentMatch:
    due_on = match.expected.due_on if match.expected else None
    is_late = due_on is not None and match.line.on > due_on
    status = PaymentStatus.LATE if is_late else PaymentStatus.MATCHED
    reasons = list(match.reasons)
    if left.minor > 0:
        status = PaymentStatus.PARTIAL
        reasons.append(Message("{left} is still owed", left=left))
    elif left.minor < 0:
        status = PaymentStatus.OVER
        reasons.append(Message("{over} more than owed", over=-left))
    if is_late:
        reasons.append(Message("the last day was {due_on}", due_on=due_on))
    return attrs.evolve(match, status=status, is_late=is_late, reasons=tuple(reasons), left=left)


def _chosen(
    expected: Sequence[ExpectedPayment],
    line: BankLine,
    weights: dict[str, float],
    left: dict[int, Money],
) -> PaymentMatch:
    same = [one for one in expected if one.amount.currency == line.amount.currency]
    if expected and not same:
        return _unknown(
            line, Message("nothing is owed in {currency}", currency=line.amount.currency)
        )
    named = _by_name(same, line, weights)
    referred = [one for one in same if one.reference and _has_reference(one.reference, line.text)]
    payers = {one.id for one in referred}
    if len(payers) > 1:
        return _unknown(line, Message("it has the codes of several: {ids}", ids=_ids(payers)))
    if referred:
        others = {one.expected.id for one in named} - payers
        if others and not payers & {one.expected.id for one in named}:
            return _unknown(
                line,
                Message(
                    "the code is that of {one}, but the name that of {other}",
                    one=_ids(payers),
                    other=_ids(others),
                ),
            )
        one = _due_meant(referred, line, left)
        reason = Message("it has the code {code}", code=one.reference)
        return PaymentMatch(
            line=line,
            expected=one,
            status=PaymentStatus.MATCHED,
            confidence=_SURE,
            reasons=(reason,),
        )
    return _of_named(named, line, left)


def _of_named(named: Sequence[_Candidate], line: BankLine, left: dict[int, Money]) -> PaymentMatch:
    if not named:
        return _unknown(line, Message("no payer's name is in it"))
    ids = {one.expected.id for one in named}
    if len(ids) > 1:
        fitting = {one.expected.id for one in named if left[id(one.expected)] == line.amount}
        return _unknown(
            line,
            Message(
                "it may come from any of {ids}; the amount fits {fitting}",
                ids=_ids(ids),
                fitting=_ids(fitting) or "-",
            ),
        )
    one = _due_meant([candidate.expected for candidate in named], line, left)
    best = next(candidate for candidate in named if candidate.expected is one)
    is_amount = line.amount in (left[id(one)], one.amount)
    reasons = list(best.reasons)
    if is_amount:
        reasons.append(Message("the amount is the one owed"))
    confidence = best.score * (_SURE if is_amount else _WITHOUT_AMOUNT)
    return PaymentMatch(
        line=line,
        expected=one,
        status=PaymentStatus.MATCHED,
        confidence=round(min(confidence, _SURE), 2),
        reasons=tuple(reasons),
    )


def _due_meant(
    listed: Sequence[ExpectedPayment], line: BankLine, left: dict[int, Money]
) -> ExpectedPayment:
    """Return which of a payer's dues is meant: of the year in the text, else the oldest unpaid."""
    years = set(map(int, _YEARS.findall(line.text)))
    of_year = [one for one in listed if one.year in years]
    unpaid = [one for one in of_year or listed if left[id(one)].minor > 0]
    return min(unpaid or of_year or listed, key=lambda one: one.year or 0)


def _unknown(line: BankLine, reason: Message) -> PaymentMatch:
    return PaymentMatch(line=line, expected=None, status=PaymentStatus.UNKNOWN, reasons=(reason,))


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))


def _has_reference(reference: str, text: str) -> bool:
    code = re.sub(r"[^0-9a-z]", "", reference.casefold())
    said = re.sub(r"[^0-9a-z]+", " ", text.casefold())
    # A code may be split by blanks and hyphens, but stands between others.
    return re.search(rf"(?<![0-9a-z]){r' ?'.join(code)}(?![0-9a-z])", said) is not None


def _by_name(
    expected: Sequence[ExpectedPayment], line: BankLine, weights: dict[str, float]
) -> list[_Candidate]:
    scored = [_scored(one, line.text, weights) for one in expected]
    likely = [one for one in scored if one.score >= _LEAST_SCORE]
    # Who says more of the text («Đại học Hà Nội») goes before who says a part of it («Hà Nội»).
    return [one for one in likely if not any(one.words < other.words for other in likely)]


def _scored(expected: ExpectedPayment, text: str, weights: dict[str, float]) -> _Candidate:
    names = (expected.name, *expected.aliases)
    score, words, said = max(
        (name_score(name, text, weights) for name in names), key=lambda one: one[0]
    )
    return _Candidate(expected, score, words, (Message("the name has {words}", words=said),))
