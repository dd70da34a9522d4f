"""A split, a comparison or an overlap as one table of CSV, for a spreadsheet program."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import BinaryIO

from libconsortium import (
    Comparison,
    Money,
    Overlap,
    Snapshot,
    Split,
    limits_in_words,
    minor_digits,
    overlap_rows,
    translator,
    write_csv_for_excel,
)
from libconsortium.plugins.reports.title_tables import title_rows

Rows = list[dict[str, object]]


def write_csv_report(snapshot: Snapshot, file: BinaryIO) -> None:
    """Write a snapshot of kind ``split``, ``overlap``, ``titles`` or ``comparison``.

    Args:
        snapshot: The record of that kind in ``data``, and ``data["names"]`` by member id.
        file: Where to write.
    """
    names = snapshot.data.get("names", {})
    match snapshot.kind:
        case "split":
            rows = _split_rows(snapshot.data["split"], names, snapshot.language)
        case "comparison":
            rows = _comparison_rows(snapshot.data["comparison"], names, snapshot.language)
        case "titles":
            rows = title_rows(snapshot.data["titles"], names, snapshot.language)
        case _:
            rows = _overlap_rows(snapshot.data["overlap"], names, snapshot.language)
    text = io.StringIO(newline="")
    write_csv_for_excel(text, list(rows[0]), rows)
    file.write(text.getvalue().encode())


def _split_rows(split: Split, names: Mapping[str, str], language: str) -> Rows:
    _ = translator(language)

    def row(member: str, name: str, amount: Money, limits: str = "") -> dict[str, object]:
        return {
            _("Id"): member,
            _("Member"): name,
            _("Amount"): _major(amount),
            _("Currency"): amount.currency,
            _("Limits"): limits,
        }

    rows = [
        row(member, names.get(member, ""), share.amount, limits_in_words(share, language))
        for member, share in split.shares.items()
    ]
    rows += [row("", _("Sponsor"), split.sponsor)]
    rows += [row("", party, amount) for party, amount in sorted(split.others.items())]
    return [*rows, row("", _("Bill"), split.bill.amount)]


def _comparison_rows(found: Comparison, names: Mapping[str, str], language: str) -> Rows:
    _ = translator(language)
    first = found.outcomes[0]
    rows: Rows = []
    for member in found.members:
        row: dict[str, object] = {
            _("Id"): member,
            _("Member"): names.get(member, ""),
            _("Last year"): _major_or_empty(found.last_year.get(member)),
        }
        for one in found.outcomes:
            row[one.name] = _major_or_empty(one.amount(member))
            if one is not first:
                row[f"{one.name} − {first.name}"] = _major_or_empty(
                    found.against_first(one, member)
                )
        row[_("Currency")] = found.bill.amount.currency
        rows.append(row)
    return rows


def _overlap_rows(overlap: Overlap, names: Mapping[str, str], language: str) -> Rows:
    _ = translator(language)
    tables = overlap_rows(overlap)
    rows: Rows = []
    for matrix, own in zip(tables["matrix"], tables["members"], strict=True):
        member = str(own["member"])
        rows.append(
            {
                _("Id"): member,
                _("Member"): names.get(member, ""),
                _("Titles"): own["titles"],
                _("Held by nobody else"): own["unique"],
                **{other: titles for other, titles in matrix.items() if other != "member"},
            }
        )
    for held in tables["held_by"]:
        said = f"{_('Held by so many libraries')}: {held['libraries']}"
        rows.append({_("Id"): "", _("Member"): said, _("Titles"): held["titles"]})
    return rows or [{_("Id"): "", _("Member"): ""}]


def _major(amount: Money) -> Decimal:
    return Decimal(amount.minor).scaleb(-minor_digits(amount.currency))


def _major_or_empty(amount: Money | None) -> Decimal | str:
    return "" if amount is None else _major(amount)
