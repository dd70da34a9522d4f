"""What stands in linking fields: the series and the journal, in subfields or in embedded fields."""

from __future__ import annotations

from libconsortium.plugins.marc.records import MarcField

_EMBEDDED_TITLE, _EMBEDDED_ISSN = "200", "011"
_TAG = 3
_HEAD = 5


def embedded(field: MarcField) -> tuple[MarcField, ...]:
    """Return the fields that stand in a field behind ``$1``; none if none does.

    Source: UNIMARC Manual, 4-- linking entry block, embedded fields technique.

    >>> inside = (("1", "2001 "), ("a", "Tạp chí Mẫu"), ("1", "011  "), ("a", "0317-8471"))
    >>> [(one.tag, one.first("a")) for one in embedded(MarcField("461", "  ", inside))]
    [('200', 'Tạp chí Mẫu'), ('011', '0317-8471')]
    """
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for code, text in field.subfields:
        if code == "1":
            found.append((text, []))
        elif found:
            found[-1][1].append((code, text))
    return tuple(
        MarcField(head[:_TAG], f"{head[_TAG:_HEAD]}  "[:2], tuple(subfields))
        for head, subfields in found
    )


def linked_title(field: MarcField) -> str:
    """Return the title of what a field links to.

    >>> linked_title(MarcField("461", "  ", (("t", "Tạp chí Mẫu"), ("v", "3"))))
    'Tạp chí Mẫu'
    """
    return field.first("t") or _inside(field, _EMBEDDED_TITLE, "a")


def linked_number(field: MarcField) -> str:
    """Return the number that a document has in what a field links to.

    >>> linked_number(MarcField("461", "  ", (("t", "Tạp chí Mẫu"), ("v", "3"))))
    '3'
    """
    return field.first("v") or _inside(field, _EMBEDDED_TITLE, "v")


def linked_issn(field: MarcField) -> str:
    """Return the ISSN of what a field links to, as written.

    >>> linked_issn(MarcField("461", "  ", (("x", "0317-8471"),)))
    '0317-8471'
    """
    return field.first("x") or _inside(field, _EMBEDDED_ISSN, "a")


def _inside(field: MarcField, tag: str, code: str) -> str:
    return next(
        filter(None, (one.first(code) for one in embedded(field) if one.tag == tag)),
        "",
    )
