"""Reads a list of sites: a text file with an address a line, or a table with an address a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from libconsortium.core.errors import ImportFileError, SettingsError
from libconsortium.core.harvest.links import Site
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.text import fold
from libconsortium.endpoint_steps.finding import site_address
from libconsortium.files.tables import Table, read_tables, text_encoding

_TEXT_ENDINGS = frozenset({".txt", ".list", ".lst", ""})
_MOST_BYTES = 2**24
_ADDRESS = re.compile(
    r"https?://\S+|(?<![\w@.-])(?:(?:[\w-]+\.)+[^\W\d]{2,}|\d{1,3}(?:\.\d{1,3}){3})"
    r"(?::\d+)?(?:/\S*)?(?![\w@])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[;,|]+(?=https?://|www\.)", re.IGNORECASE)
_TRIMMED = ".,;()<>\"'\u200b\ufeff"  # some are copied along, unseen, from web pages
_ADDRESS_HEADINGS = frozenset(
    {"url", "address", "website", "web", "site", "link", "homepage", "dia chi", "dia chi web"}
    | {"trang web", "website url", "trang thong tin dien tu", "lien ket", "cong thong tin"}
)
_NAME_HEADINGS = frozenset(
    {"name", "ten", "library", "member", "thu vien", "ten thu vien", "don vi", "ten don vi"}
)

_Line = tuple[int, list[str], str]
"""Number of a line, the addresses in it, the name beside them."""

Sites = tuple[tuple[Site, ...], tuple[Problem, ...]]
"""What reading a list gives: its sites, and what was wrong with its lines."""


def read_sites(path: Path) -> Sites:
    r"""Read a list of sites.

    In a text file a line holds an address and, before or after it, a name; what follows ``#`` is a
    remark. In a table the column of addresses is found by its heading (``url``, ``website``,
    ``Địa chỉ``…), or by what stands in it. Several addresses in one place are as many sites of the
    same name.

    Args:
        path: A ``.txt``, ``.csv``, ``.tsv``, ``.xlsx`` or ``.ods`` file.

    Raises:
        ImportFileError: The file cannot be read, or holds no address.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "sites.txt"
    ...     _ = path.write_text("Thư viện A  lib.example.vn\n", encoding="utf-8")
    ...     sites, problems = read_sites(path)
    >>> sites
    (Site(url='https://lib.example.vn/', name='Thư viện A', line=1, is_guessed=True),)
    """
    if path.suffix.lower() in _TEXT_ENDINGS:
        lines, problems = _text_lines(path)
    else:
        tables, problems = read_tables(path)
        lines = [one for table in tables for one in _table_lines(table)]
    sites, wrong = _sites(lines, path)
    if not sites:
        raise ImportFileError("{path} holds no address of a site", path=path)
    return sites, (*problems, *wrong)


def _text_lines(path: Path) -> tuple[list[_Line], tuple[Problem, ...]]:
    try:
        with path.open("rb") as file:
            encoding, problems = text_encoding(str(path), file)
            text = file.read(_MOST_BYTES).decode(encoding, "replace")
    except OSError as error:
        raise ImportFileError(
            "{path} cannot be read: {reason}", path=path, reason=error.strerror or str(error)
        ) from error
    lines = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        said = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if said:
            found = _addresses_in(said)
            for address in found:
                said = said.replace(address, "", 1)
            lines.append((number, found, said.strip(" \t;,|-–:*\u200b").rstrip("(<[").strip()))
    return lines, problems


def _table_lines(table: Table) -> Iterator[_Line]:
    rows = [{name: str(row.values.get(name, "")) for name in table.fields} for row in table.rows]
    headings = dict(zip(table.fields, table.fields, strict=True))
    is_bare = any(_ADDRESS.fullmatch(field.strip()) for field in table.fields)
    numbers = [row.line for row in table.rows]
    if is_bare:  # a table without headings: the first line is a site too
        rows, numbers = [headings, *rows], [1, *numbers]
    column = _address_column(table.fields, rows)
    if column is None:
        return
    name = next((field for field in table.fields if _said(field) in _NAME_HEADINGS), None)
    if name is None:
        name = next((field for field in table.fields if field != column), None)
    for number, row in zip(numbers, rows, strict=True):
        if any(cell.strip() for cell in row.values()):
            yield number, _addresses_in(row[column]), row[name].strip() if name else ""


def _addresses_in(text: str) -> list[str]:
    """Find the addresses in a text, which may hold what looks like one (``TP.HCM``)."""
    found = [one[0] for part in _BETWEEN.split(text) for one in _ADDRESS.finditer(part)]
    plain = [one for one in found if _is_plainly_one(one)]
    return plain or found[:1]


def _is_plainly_one(address: str) -> bool:
    host = address.partition("/")[0]
    return "://" in address or host == host.lower()


def _said(heading: str) -> str:
    return " ".join(fold(heading).replace("_", " ").split())


def _address_column(fields: tuple[str, ...], rows: list[dict[str, str]]) -> str | None:
    found = {name: [one for row in rows for one in _addresses_in(row[name])] for name in fields}
    plain = {name: sum(map(_is_plainly_one, found[name])) for name in fields}
    counts = {name: (plain[name], len(found[name])) for name in fields}
    named = [name for name in fields if _said(name) in _ADDRESS_HEADINGS and found[name]]
    if named:
        return max(named, key=counts.__getitem__)
    best = max(fields, key=counts.__getitem__, default=None)
    return best if best is not None and found[best] else None


def _sites(lines: list[_Line], path: Path) -> Sites:
    sites: dict[str, Site] = {}
    problems = []
    for number, text, name in _one_each(lines):
        where = Place(source=str(path), line=number)
        try:
            url = site_address(text.strip(_TRIMMED))
        except SettingsError:
            what = Message("no address of a site in this line")
            problems.append(Problem(code="NO_ADDRESS", where=where, what=what, advice=_WRITE))
            continue
        if url in sites:
            what = Message("{url} stands in line {line} already", url=url, line=sites[url].line)
            problems.append(
                Problem(code="LISTED_TWICE", where=where, what=what, severity=Severity.INFO)
            )
            continue
        sites[url] = Site(url=url, name=name, line=number, is_guessed="://" not in text)
    return tuple(sites.values()), tuple(problems)


def _one_each(lines: Iterable[_Line]) -> Iterator[tuple[int, str, str]]:
    for number, addresses, name in lines:
        for address in addresses or [""]:
            yield number, address, name


_WRITE = Message("write it like https://lib.example.vn/")
