"""The sheet of checks: one line a check, each with its own verdict, and one verdict for all."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium import translator
from libconsortium.plugins.reports.share_sheet import Places
from libconsortium.plugins.reports.sheet import Formula, Sheet, cell, cells

_FIRST = 3


@attrs.frozen(kw_only=True)
class _Check:
    """What is compared: two formulas, what they come to, and how far they may be apart.

    Args:
        what: What is checked, for people.
        found: The formula of what is there.
        value: What it comes to.
        expected: The formula of what ought to be there, or of the most that may be.
        right: What it comes to.
        within: How far the two may be apart; ``None`` if what is there may be anything up to it.
    """

    what: str
    found: str
    value: Fraction
    expected: str
    right: Fraction
    within: Fraction | None

    def test(self, found: str, expected: str) -> str:
        """Return the formula that is true if all is well."""
        if self.within is None:
            return f"{found}<={expected}"
        return f"ABS({found}-{expected})<={_written(self.within)}"


def write_checks(sheet: Sheet, places: Mapping[str, Places], language: str) -> None:
    """Write the sheet; every verdict is worked out by the workbook itself.

    Args:
        sheet: The sheet.
        places: What to check, by what each line shall name; empty if there is one only.
        language: ``vi`` or ``en``.
    """
    _ = translator(language)
    right, wrong = _("OK"), _("DIFFERENT")
    sheet.put(0, 0, _("Checks"), "title")
    heads = (_("What is checked"), _("Found"), _("Expected"), _("Verdict"))
    for column, head in enumerate(heads):
        sheet.put(_FIRST - 1, column, head, "head")
    checks = [
        attrs.evolve(check, what=f"{name}: {check.what}" if name else check.what)
        for name, each in places.items()
        for check in _checks(each, language)
    ]
    for row, check in enumerate(checks, _FIRST):
        sheet.put(row, 0, check.what)
        sheet.put(row, 1, Formula(check.found, check.value), "exact")
        sheet.put(row, 2, Formula(check.expected, check.right), "exact")
        test = check.test(cell(row, 1), cell(row, 2))
        sheet.put(row, 3, Formula(f'IF({test},"{right}","{wrong}")', right), "verdict")
    last = _FIRST + len(checks) - 1
    verdicts = cells(_FIRST, last, 3)
    sheet.put(last + 2, 0, _("All checks together"), "bold")
    all_right = f'IF(COUNTIF({verdicts},"{right}")={len(checks)},"{right}","{wrong}")'
    sheet.put(last + 2, 3, Formula(all_right, right), "verdict")
    sheet.widths(64, 26, 26, 16)


def _checks(places: Places, language: str) -> list[_Check]:
    _ = translator(language)
    # A spreadsheet works with about sixteen digits: sums of parts are right to a millionth.
    one, nearly, slack = Fraction(1), Fraction(1, 1_000_000), places.minor / 1000
    too_far = places.step + slack
    checks = [
        _Check(
            what=_("The parts add up to the whole"),
            found=f"SUM({places.parts})",
            expected="1",
            value=one,
            right=one,
            within=nearly,
        ),
        _Check(
            what=_("Members, sponsor and others together pay the bill"),
            found=f"SUM({places.amounts})+{places.outside}",
            expected=places.bill_name,
            value=places.bill,
            right=places.bill,
            within=slack,
        ),
        _Check(
            what=_("No amount is further than one unit from its exact share"),
            found=f"MAX(MAX({places.rounding}),-MIN({places.rounding}))",
            value=places.furthest,
            expected=_written(too_far),
            right=too_far,
            within=None,
        ),
    ]
    if places.weights:
        weights = _Check(
            what=_("The weights add up to the whole"),
            found="+".join(places.weights),
            expected="1",
            value=one,
            right=one,
            within=nearly,
        )
        checks.insert(0, weights)
    return checks


def _written(number: Fraction) -> str:
    return f"{float(number):.10f}".rstrip("0").rstrip(".")
