"""Reads one MODS record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import attrs
from lxml import etree

from libconsortium import (
    BibRecord,
    CrosswalkError,
    RawRecord,
    RecordIdentifier,
    fold,
    identifiers_in,
    is_link,
    latest_year,
    standard_identifier,
    text_of,
    with_checks,
    xml_root,
    year_in,
)

_AUTHOR_ROLES = frozenset({"", "aut", "cre", "author", "creator", "dis", "tac gia", "dong tac gia"})
_DATES = ("dateIssued", "copyrightDate", "dateCreated")
_KNOWN = frozenset(
    {"titleInfo", "name", "language", "typeOfResource", "genre", "abstract", "note", "subject"}
    | {"tableOfContents", "identifier", "recordInfo", "physicalDescription/extent"}
    | {f"originInfo/{name}" for name in ("publisher", "edition", *_DATES)}
    | {"location/url", "location/shelfLocator"}
)
_SUBJECTS = ("topic", "geographic", "temporal", "titleInfo", "name", "genre", "occupation")


def read(raw: RawRecord) -> BibRecord:
    """Read a record.

    Raises:
        CrosswalkError: It is not XML, or not MODS.

    >>> xml = "<mods><titleInfo><nonSort>The</nonSort><title>Sea</title></titleInfo></mods>"
    >>> read(RawRecord(source="tlu", identifier="1", content=xml.encode())).title
    'The Sea'
    """
    root = _root(raw)
    latest = latest_year(raw)
    origin = root.all("originInfo")
    dates = _texts(origin, *_DATES)
    creators, contributors = _names(root)
    host = [one for one in root.all("relatedItem") if one.get("type") == "host"]
    in_series = [one for one in root.all("relatedItem") if one.get("type") == "series"]
    located = root.all("location")
    links = (*_texts(located, "url"), *filter(is_link, _texts([root], "identifier")))
    bare = BibRecord(
        source=raw.source,
        identifier=raw.identifier,
        titles=_titles(root),
        creators=creators,
        contributors=contributors,
        publishers=_texts(origin, "publisher"),
        dates=dates,
        year=next((year for date in dates if (year := year_in(date, latest=latest))), None),
        languages=_texts(root.all("language"), "languageTerm"),
        types=_texts([root], "genre", "typeOfResource"),
        subjects=_subjects(root),
        coverage=_coverage(root),
        descriptions=_texts([root], "abstract", "tableOfContents", "note"),
        identifiers=tuple(dict.fromkeys(_identifiers(root, host, located))),
        links=tuple(dict.fromkeys(links)),
        call_numbers=_texts(located, "shelfLocator"),
        volume=". ".join(_texts(_main_title(root), "partNumber")),
        edition=next(iter(_texts(origin, "edition")), ""),
        extent=next(iter(_texts(root.all("physicalDescription"), "extent")), _pages(host)),
        journal=next((title for one in host for title in _titles(one)), ""),
        series=tuple(title for one in in_series for title in _titles(one)),
        unmapped=tuple(dict.fromkeys(_unmapped(root))),
    )
    return with_checks(bare, latest=latest)


def fields(raw: RawRecord) -> Iterator[tuple[str, str]]:
    """Give name and text of every element that holds a text.

    Raises:
        CrosswalkError: It is not XML, or not MODS.

    >>> xml = "<mods><originInfo><place><placeTerm>H.</placeTerm></place></originInfo></mods>"
    >>> list(fields(RawRecord(source="tlu", identifier="1", content=xml.encode())))
    [('mods originInfo/place', 'H.')]
    """
    for path, element in _paths(_root(raw)):
        if text := element.text:
            yield f"mods {path}", text


@attrs.define(eq=False)
class _Element:
    """An element with its children, which are looked for again and again, by their names."""

    name: str
    element: etree._Element
    own: str | None  # its text; not known of one that has children, which is seldom asked for it
    children: list[_Element]
    named: dict[str, list[_Element]]

    @property
    def text(self) -> str:
        return text_of(self.element) if self.own is None else self.own

    def get(self, attribute: str) -> str:
        return self.element.get(attribute) or ""

    def all(self, name: str) -> list[_Element]:
        return self.named.get(name, _NONE)


_NONE: list[_Element] = []
_NO_NAMES: dict[str, list[_Element]] = {}


def _element(element: etree._Element) -> _Element:
    name = _name(element.tag)
    if len(element) == 0:
        return _Element(name, element, text_of(element), _NONE, _NO_NAMES)
    children = [_element(child) for child in element if isinstance(child.tag, str)]
    named: dict[str, list[_Element]] = {}
    for child in children:
        named.setdefault(child.name, []).append(child)
    return _Element(name, element, None, children, named)


@lru_cache(maxsize=1_000)
def _name(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def _root(raw: RawRecord) -> _Element:
    root = _element(xml_root(raw, {"mods", "modsCollection"}, "MODS"))
    if root.name == "mods":
        return root
    for child in root.all("mods"):
        return child
    raise CrosswalkError("{identifier}: the collection is empty", identifier=raw.identifier)


def _titles(parent: _Element) -> tuple[str, ...]:
    every = parent.all("titleInfo")
    main_first = sorted(every, key=lambda one: bool(one.get("type")))
    return tuple(dict.fromkeys(filter(None, map(_title, main_first))))


def _main_title(root: _Element) -> list[_Element]:
    return [one for one in root.all("titleInfo") if not one.get("type")][:1]


def _title(info: _Element) -> str:
    start = " ".join(_texts([info], "nonSort", "title"))
    parts = [start, *(f": {text}" for text in _texts([info], "subTitle"))]
    whole = " ".join(filter(None, parts)).replace(" : ", " : ")
    return ". ".join(filter(None, (whole, *_texts([info], "partName"))))


def _names(root: _Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    creators: dict[str, None] = {}
    contributors: dict[str, None] = {}
    for name in root.all("name"):
        parts = [part for part in name.all("namePart") if not part.get("type")]
        parts = parts or sorted(
            (one for one in name.all("namePart") if one.get("type") in {"family", "given"}),
            key=lambda one: one.get("type"),
        )
        parts = parts or name.all("displayForm")
        written = ", ".join(filter(None, (part.text for part in parts)))
        roles = [fold(role) for role in _texts(name.all("role"), "roleTerm")] or [""]
        if written:
            is_author = not _AUTHOR_ROLES.isdisjoint(roles)
            (creators if is_author else contributors)[written] = None
    return tuple(creators), tuple(name for name in contributors if name not in creators)


def _subjects(root: _Element) -> tuple[str, ...]:
    found = []
    for subject in root.all("subject"):
        parts = [child.text for child in subject.children if child.name in _SUBJECTS]
        found.append(" -- ".join(" ".join(part.split()) for part in parts if part))
    return tuple(dict.fromkeys(filter(None, found)))


def _coverage(root: _Element) -> tuple[str, ...]:
    subjects = root.all("subject")
    nested = [one for subject in subjects for one in subject.all("hierarchicalGeographic")]
    levels = [" -- ".join(filter(None, (child.text for child in one.children))) for one in nested]
    return tuple(
        dict.fromkeys([*_texts(subjects, "geographic", "temporal"), *filter(None, levels)])
    )


def _identifiers(
    root: _Element, host: list[_Element], located: list[_Element]
) -> Iterator[RecordIdentifier]:
    for element in root.all("identifier"):
        yield from _identified(element)
    for element in (one for item in host for one in item.all("identifier")):
        if element.get("type").lower() == "issn":  # its other numbers are not the article's
            yield from _identified(element)
    for link in _texts(located, "url"):
        yield from identifiers_in(link)


def _identified(element: _Element) -> Iterator[RecordIdentifier]:
    scheme, text = element.get("type").lower(), element.text
    if element.get("invalid") == "yes" or not text:
        return
    if scheme in {"issn", "isbn"}:
        yield standard_identifier(scheme, text)
    else:
        yield from identifiers_in(f"{scheme}:{text}" if _is_bare(scheme, text) else text)


def _is_bare(scheme: str, text: str) -> bool:
    """Say whether a DOI or handle stands without its address and without its own name."""
    is_named = is_link(text) or text.lower().startswith(f"{scheme}:")
    return scheme in {"doi", "hdl"} and not is_named


def _pages(host: list[_Element]) -> str:
    for part in (part for one in host for part in one.all("part")):
        for extent in part.all("extent"):
            ends = "-".join(_texts([extent], "start", "end"))
            return next(iter(_texts([extent], "list")), ends)
    return ""


def _unmapped(root: _Element) -> Iterator[str]:
    for path, element in _paths(root):
        start = path.partition("/")[0]
        is_known = path in _KNOWN or start in _KNOWN
        if path == "identifier":
            is_known = _is_understood(element)
        is_related = start == "relatedItem" and element.get("type") in {"host", "series"}
        if not is_known and not is_related:
            yield f"mods {path}"


def _is_understood(identifier: _Element) -> bool:
    text = identifier.text
    is_of_use = text and identifier.get("invalid") != "yes"
    return not is_of_use or is_link(text) or any(_identified(identifier))


def _paths(root: _Element) -> Iterator[tuple[str, _Element]]:
    """Give the elements of the first level, and those of the second where a group holds them."""
    for child in root.children:
        name = child.name
        if name in {"originInfo", "physicalDescription", "location", "part", "extension"}:
            for inner in child.children:
                yield f"{name}/{inner.name}", inner
        else:
            yield name, child


def _texts(parents: list[_Element], *names: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        for parent in parents:
            for child in parent.all(name):
                if text := child.text:
                    found[text] = None
    return tuple(found)
