"""Ratios, percentages, products and amounts in words: do they agree with the money beside them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from libconsortium.core.directory.quantities import Qualifier
from libconsortium.core.messages import Message
from libconsortium.core.money import MINOR_DIGITS
from libconsortium.core.problems import Severity
from libconsortium.core.reconciliation.readings import Figure, Percentage, Product, Ratio, Reading
from libconsortium.core.reconciliation.report_findings import Finding, shown
from libconsortium.core.reconciliation.sums import likely_range

_PERCENT = 100


def unit_rates(reading: Reading) -> Iterator[Finding]:
    """Yield dues that so many units cannot have paid in equal parts.

    Code: ``UNIT_RATE_NOT_INTEGRAL``. Only where the text says how many of how many paid.

    >>> list(unit_rates(Reading(source="report.txt")))
    []
    """
    for ratio in reading.ratios:
        amount = ratio.amount
        if amount is None or not ratio.is_dues or not amount.is_exact or ratio.part == ratio.whole:
            continue
        if not _is_payable(amount.number / ratio.part, amount.unit):
            yield _unit_rate(ratio, amount)


def _unit_rate(ratio: Ratio, amount: Figure) -> Finding:
    of_all = amount.number / ratio.whole
    is_of_all = _is_payable(of_all, amount.unit)
    cause = Message("ask what each of them paid; the rates may differ")
    if is_of_all:
        cause = Message(
            "either all {whole} paid {rate}, or somebody paid for another year too,"
            " or the sum should be {sum}",
            whole=ratio.whole,
            rate=shown(of_all),
            sum=shown(of_all * ratio.part),
        )
    return Finding(
        code="UNIT_RATE_NOT_INTEGRAL",
        where=amount.where,
        what=Message(
            "{amount} from {part} of {whole} is {rate} for each, which nobody can pay",
            amount=amount.written,
            part=ratio.part,
            whole=ratio.whole,
            rate=shown(amount.number / ratio.part),
        ),
        cause=cause,
        stated=amount.number,
        computed=of_all * ratio.part if is_of_all else None,
        unit=amount.unit,
        figures=(amount,),
    )


def _is_payable(rate: Fraction, currency: str) -> bool:
    return bool((rate * 10 ** MINOR_DIGITS.get(currency, 0)).denominator == 1)


def percentages(reading: Reading) -> Iterator[Finding]:
    """Yield percentages beside money that are of something else, or of nothing stated.

    Codes: ``RATIO_BASIS_UNCLEAR``; ``RATIO_MISMATCH`` where the figures give another percentage.

    >>> list(percentages(Reading(source="report.txt")))
    []
    """
    for one in reading.percentages:
        if one.of is None:
            yield from _of_ratio(one)
        elif one.bases:
            yield from _of_bases(one, one.of)
        elif not one.has_basis and not _same_by_units(one, one.of):
            yield _unclear(one, one.of)


def _of_ratio(one: Percentage) -> Iterator[Finding]:
    if one.ratios and not any(_says(one.stated, _percent(ratio)) for ratio in one.ratios):
        ratio = one.ratios[0]
        yield _wrong_percentage(one, _percent(ratio), f"{ratio.part}/{ratio.whole}")


def _of_bases(one: Percentage, amount: Figure) -> Iterator[Finding]:
    shares = [amount.number / base.number * _PERCENT for base in one.bases if base.number]
    if shares and not any(_says(one.stated, share) for share in shares):
        yield _wrong_percentage(one, shares[0], f"{amount.written} / {one.bases[0].written}")


def _wrong_percentage(one: Percentage, share: Fraction, of: str) -> Finding:
    return Finding(
        code="RATIO_MISMATCH",
        severity=Severity.ERROR,
        where=one.stated.where,
        what=Message(
            "the text says {stated}, but {of} is {computed} %",
            stated=one.stated.written,
            of=of,
            computed=shown(share),
        ),
        stated=one.stated.number,
        computed=share,
        unit="%",
        figures=(one.stated,),
    )


def _unclear(one: Percentage, amount: Figure) -> Finding:
    alike = [ratio for ratio in one.ratios if _says(one.stated, _percent(ratio))]
    what = Message(
        "{stated} stands beside {amount}, but no amount says of what",
        stated=one.stated.written,
        amount=amount.written,
    )
    if alike:
        what = Message(
            "{stated} is true of {part}/{whole} {unit}, not of the {amount} it stands beside",
            stated=one.stated.written,
            part=alike[0].part,
            whole=alike[0].whole,
            unit=alike[0].unit,
            amount=amount.written,
        )
    return Finding(
        code="RATIO_BASIS_UNCLEAR",
        where=one.stated.where,
        what=what,
        cause=Message("say what it is a part of: of the units, or of the money expected"),
        stated=one.stated.number,
        computed=_percent(alike[0]) if alike else None,
        unit="%",
        figures=(one.stated, amount),
    )


def _same_by_units(one: Percentage, amount: Figure) -> bool:
    """Say whether the percentage is of units that each paid the same, so of the money too."""
    return any(
        ratio.amount == amount
        and _says(one.stated, _percent(ratio))
        and _is_payable(amount.number / ratio.part, amount.unit)
        for ratio in one.ratios
    )


def _percent(ratio: Ratio) -> Fraction:
    return Fraction(ratio.part, ratio.whole) * _PERCENT


def _says(stated: Figure, share: Fraction) -> bool:
    """Say whether a percentage as written, rounded or cut off, can mean a share."""
    low, high = likely_range(stated)
    if stated.quantity.qualifier is Qualifier.OVER:
        return low < share
    return low - stated.step < share < high + stated.step


def products(reading: Reading) -> Iterator[Finding]:
    """Yield amounts that are not the count times the rate they are said to be.

    Code: ``PRODUCT_MISMATCH``.

    >>> list(products(Reading(source="report.txt")))
    []
    """
    for one in reading.products:
        computed = one.count.number * one.rate.number
        if not _gives(one, computed):
            yield Finding(
                code="PRODUCT_MISMATCH",
                severity=Severity.ERROR,
                where=one.stated.where,
                what=Message(
                    "{count} times {rate} is {computed}, not {stated}",
                    count=one.count.written,
                    rate=one.rate.written,
                    computed=shown(computed),
                    stated=one.stated.written,
                ),
                stated=one.stated.number,
                computed=computed,
                unit=one.stated.unit,
                figures=(one.count, one.rate, one.stated),
            )


def _gives(one: Product, computed: Fraction) -> bool:
    low, high = likely_range(one.stated)
    margin = one.stated.step if one.stated.step > one.rate.step else Fraction(0)
    if not one.count.is_exact or not one.rate.is_exact:
        margin = max(margin, computed / 10)
    return low - margin <= computed <= high + margin


def in_words(reading: Reading) -> Iterator[Finding]:
    """Yield amounts whose words say another number than their digits.

    Code: ``WORDS_MISMATCH``.

    >>> list(in_words(Reading(source="report.txt")))
    []
    """
    for one in reading.in_words:
        if one.number is not None and one.number != one.stated.number:
            yield Finding(
                code="WORDS_MISMATCH",
                severity=Severity.ERROR,
                where=one.stated.where,
                what=Message(
                    "the digits say {stated}, the words «{words}» say {computed}",
                    stated=one.stated.written,
                    words=one.words,
                    computed=one.number,
                ),
                stated=one.stated.number,
                computed=Fraction(one.number),
                unit=one.stated.unit,
                figures=(one.stated,),
            )
