"""Reads the header of a report in JSON, as releases 5 and 5.1 write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from unicodedata import normalize

from libconsortium import (
    FileRefusedError,
    Institution,
    Message,
    Pairs,
    UsageReport,
    sorted_pairs,
)
from libconsortium.plugins.counter.exceptions import NO_USAGE, exceptions_in
from libconsortium.plugins.counter.json_text import ITEMS
from libconsortium.plugins.counter.old_releases import refuse_old
from libconsortium.plugins.counter.standard import (
    ITEM_SCHEMES,
    NAMED,
    month_of,
    release_of,
    report_id,
)

_DATES = ("begin_date", "end_date")


def report_header(outline: Mapping[str, object]) -> UsageReport:
    """Return the header of a report, or say why this is no report with usage.

    Args:
        outline: What stands in the document beside the items, and the first item under
            ``Report_Items``.

    Raises:
        FileRefusedError: The document holds no usage: an exception, an old release, something
            else altogether.

    >>> report_header({"Report_Header": {"Report_ID": "tr", "Release": "5.1"}, ITEMS: {}}).report
    'TR'
    """
    first = outline.get(ITEMS)
    told = outline.get("Report_Header")
    told = told if isinstance(told, dict) else outline
    release = text_in(told.get("Release")) or text_in(
        outline.get("release") or outline.get("version")
    )
    if not isinstance(first, dict):
        _refuse_without_items(outline, told, release)
    known = release_of(release) if release else ("5.1" if _is_new_form(first) else "5")
    if known is None:
        raise _wrong_release(told, release)
    return _header(told, report_id(text_in(told.get("Report_ID"))) or _report_of(first), known)


def names_report(outline: Mapping[str, object]) -> bool:
    """Say whether the header says which report this is.

    >>> names_report({"Report_Header": {"Report_ID": "TR"}}), names_report({})
    (True, False)
    """
    told = outline.get("Report_Header")
    return bool(text_in((told if isinstance(told, dict) else outline).get("Report_ID")))


def _refuse_without_items(
    outline: Mapping[str, object], told: Mapping[str, object], release: str
) -> None:
    """Refuse a document without items, unless it says that there was no usage."""
    found = exceptions_in(dict(outline) if "" not in outline else outline[""])
    for one in found:
        if not one.is_harmless:
            raise one.refusal()
    if release.startswith("4") or "customer" in outline:
        raise refuse_old(text_in(outline.get("name") or outline.get("reportName")) or "?")
    if "Report_ID" in told and (ITEMS in outline or any(one.code == NO_USAGE for one in found)):
        return
    if "Report_ID" in told:
        raise FileRefusedError(
            "NO_FIGURES",
            Message("the report has a header, but neither usage nor a reason why there is none"),
            Message("fetch it again; ask the supplier if it stays so"),
        )
    if found:
        raise found[0].refusal()
    raise not_counter()


def not_counter() -> FileRefusedError:
    """Return the refusal of a file that is something else.

    >>> not_counter().code
    'NOT_COUNTER'
    """
    return FileRefusedError(
        "NOT_COUNTER",
        Message("this is no COUNTER report: it has no header and no usage"),
        Message("take the file that the supplier calls COUNTER report, release 5 or 5.1"),
    )


def _wrong_release(told: Mapping[str, object], release: str) -> FileRefusedError:
    if release.lstrip("Rr")[:1] in set("1234"):
        return refuse_old(text_in(told.get("Report_ID")) or "?", release)
    return FileRefusedError(
        "UNKNOWN_RELEASE",
        Message("release {release!r} of COUNTER is not known here", release=release),
        Message("ask the supplier for release 5.1"),
    )


def _is_new_form(first: object) -> bool:
    return isinstance(first, dict) and ("Attribute_Performance" in first or "Items" in first)


def _report_of(first: object) -> str:
    names = first if isinstance(first, dict) else {}
    if "Items" in names:
        return "IR"
    return next((family for family, name in NAMED.items() if name in names), "PR")


def _header(told: Mapping[str, object], report: str, release: str) -> UsageReport:
    filters = dict(_named(told.get("Report_Filters")))
    begin, end = (_month(filters, name) for name in _DATES)
    return UsageReport(
        report=report,
        release=release,
        institution=institution_of(told),
        begin=begin,
        end=end,
        created=text_in(told.get("Created")),
        created_by=text_in(told.get("Created_By")),
        filters=sorted_pairs(
            {name: value for name, value in filters.items() if name.casefold() not in _DATES}
        ),
        is_partial=any(one.is_incomplete for one in exceptions_in(dict(told))),
    )


def institution_of(told: Mapping[str, object], default: Institution | None = None) -> Institution:
    """Return whose usage an object tells of.

    Args:
        told: A header, or an item of a detailed consortium report.
        default: What holds if it names nobody.

    >>> institution_of({"Customer_ID": "C1", "Institution_Name": "Uni A"}).identifiers
    (('customer_id', 'C1'),)
    """
    name, customer = text_in(told.get("Institution_Name")), text_in(told.get("Customer_ID"))
    if default is not None and not (name or customer):
        return default
    identifiers = {
        (scheme.casefold(), value) for scheme, value in typed(told.get("Institution_ID"))
    }
    if customer:
        identifiers.add(("customer_id", customer))
    return Institution(name=name, identifiers=tuple(sorted(identifiers)))


def item_identifiers(told: object) -> Pairs:
    """Return the identifiers of a title, by our names of their schemes.

    >>> item_identifiers({"DOI": "10.1/a", "ISBN": ""}), item_identifiers(None)
    ((('doi', '10.1/a'),), ())
    """
    return tuple(
        sorted(
            (ITEM_SCHEMES.get(scheme.casefold(), scheme.casefold()), value)
            for scheme, value in typed(told)
        )
    )


def typed(told: object) -> Iterator[tuple[str, str]]:
    """Yield scheme and value of identifiers in the form of release 5 or 5.1.

    >>> list(typed([{"Type": "ISNI", "Value": "1"}])), list(typed({"ISNI": ["1", "2"]}))
    ([('ISNI', '1')], [('ISNI', '1'), ('ISNI', '2')])
    """
    if isinstance(told, dict):
        for scheme, values in told.items():
            for value in values if isinstance(values, list) else [values]:
                if text_in(value):
                    yield scheme, text_in(value)
    elif isinstance(told, list):
        for one in told:
            if isinstance(one, dict) and text_in(one.get("Value")):
                yield text_in(one.get("Type")), text_in(one["Value"])


def _named(told: object) -> Iterator[tuple[str, str]]:
    """Yield names and values of filters or attributes; several values are joined by bars."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield name, "|".join(map(text_in, value)) if isinstance(value, list) else text_in(value)
    elif isinstance(told, list):
        gathered: dict[str, list[str]] = {}
        for one in told:
            if isinstance(one, dict):
                gathered.setdefault(text_in(one.get("Name")), []).append(text_in(one.get("Value")))
        for name, values in gathered.items():
            yield name, "|".join(values)


def _month(filters: Mapping[str, str], name: str) -> str:
    written = next((value for each, value in filters.items() if each.casefold() == name), "")
    return month_of(written) or ""


def text_in(value: object) -> str:
    """Return a text or number as a text in normal form C; empty for anything else.

    >>> text_in(" a "), text_in(2025), text_in(None), text_in(["a"])
    ('a', '2025', '', '')
    """
    return normalize("NFC", str(value)).strip() if isinstance(value, str | int) else ""
