"""Which metadata format to harvest, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import attrs

from libconsortium.core.harvest.sample_quality import SampleQuality
from libconsortium.core.messages import Message

DUBLIN_CORE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_MARC = "http://www.loc.gov/MARC21/slim"
_DIM = "http://www.dspace.org/xmlns/dspace/dim"
_MODS = "http://www.loc.gov/mods/v3"
_QUALIFIED = "http://dspace.org/qualifieddc/"
_XOAI = "http://www.lyncode.com/xoai"
_RICHEST = (_DIM, _MARC, _MODS, _QUALIFIED, _XOAI, DUBLIN_CORE)
_CATALOGUE_RICHEST = (_MARC, _MODS, _DIM, _QUALIFIED, _XOAI, DUBLIN_CORE)
_FOR_SOME = ("/etdms/", "/rioxx/")
"""In namespaces of formats made for theses or papers: of other records they tell less."""

_WHY = {
    _DIM: Message("it keeps every field of DSpace apart, as the library entered it"),
    _MARC: Message("it is the catalogue record itself, with its fields and indicators"),
    _MODS: Message("it keeps names, dates and numbers in fields of their own"),
    _QUALIFIED: Message("it says which date, which identifier and which description is meant"),
    _XOAI: Message("it keeps every field of DSpace apart, as the library entered it"),
    DUBLIN_CORE: Message("every OAI-PMH server gives it, and it is read here"),
}
_MAKES_MARC = ("DSpace", "OJS", "EPrints", "Omeka", "Islandora", "Invenio", "Digital Commons")
_ENOUGH = 0.9


@attrs.frozen(kw_only=True)
class FormatChoice:
    """The format to harvest.

    Args:
        prefix: Its metadata prefix, as this endpoint calls it; empty if none is of use.
        reason: Why this one.
    """

    prefix: str
    reason: Message


def ranked_formats(
    formats: Sequence[tuple[str, str]], readable: Collection[str], software: str = ""
) -> tuple[tuple[str, str], ...]:
    """Return the formats that can be read here, the richest first.

    A catalogue's MARC is its source; the MARC of a repository is made from fewer fields. Formats
    for theses or papers only are left out where there is another.

    Args:
        formats: Prefix and namespace of each, as the endpoint says.
        readable: Namespaces that a crosswalk reads.
        software: The software of the endpoint; empty if it is not known.

    >>> ranked_formats(
    ...     [("oai_dc", DUBLIN_CORE), ("dim", "http://www.dspace.org/xmlns/dspace/dim")],
    ...     {DUBLIN_CORE, "http://www.dspace.org/xmlns/dspace/dim"},
    ... )[0][0]
    'dim'
    """
    is_repository = software.startswith(_MAKES_MARC)
    order = _RICHEST if is_repository else _CATALOGUE_RICHEST
    known = [one for one in formats if one[1] in readable]
    of_all = [one for one in known if not any(part in one[1] for part in _FOR_SOME)]
    places = {namespace: place for place, namespace in enumerate(order)}
    return tuple(sorted(of_all or known, key=lambda one: places.get(one[1], len(places) - 1.5)))


def choose_format(
    ranked: Sequence[tuple[str, str]], qualities: Sequence[SampleQuality]
) -> FormatChoice:
    """Choose the richest format whose records really come and can be read.

    Args:
        ranked: Prefix and namespace of the formats that can be read here, the richest first.
        qualities: What the samples of formats showed; a format without one was not tried.

    >>> choose_format([], []).prefix
    ''
    """
    shown = {quality.prefix: quality for quality in qualities}
    for prefix, namespace in ranked:
        quality = shown.get(prefix)
        if quality is None or not quality.live or quality.readable_share < _ENOUGH:
            continue
        why = _WHY.get(namespace, Message("a plugin here reads it"))
        return FormatChoice(prefix=prefix, reason=_measured(prefix, why, quality, qualities))
    if ranked:
        prefix = ranked[-1][0]
        reason = Message("no sample of any format could be judged; this one is the plainest")
        return FormatChoice(prefix=prefix, reason=reason)
    return FormatChoice(
        prefix="", reason=Message("none of its formats is read here; a crosswalk is needed")
    )


def _measured(
    prefix: str, why: Message, quality: SampleQuality, qualities: Sequence[SampleQuality]
) -> Message:
    others = [one for one in qualities if one.prefix != prefix and one.live]
    if not others:
        return why
    return Message(
        "{why}; {fields:.1f} values a record in the sample, {other} has {fewer:.1f}",
        why=why,
        fields=quality.values_per_record,
        other=others[-1].prefix,
        fewer=others[-1].values_per_record,
    )
