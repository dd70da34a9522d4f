"""What the headings of a list of titles mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.messages import Message
from libconsortium.files.toml_file import read_toml
from libconsortium.files.toml_records import Fault, error_of, problems_of

COLUMNS = (
    "id", "title", "author", "year", "isbn", "issn", "doi", "volume", "edition", "pages",
    "publisher", "type", "member", "journal", "language",
)  # fmt: skip
"""The headings understood; ``authors`` does as well as ``author``, capitals do not count."""

_ALSO = {
    **dict.fromkeys(("authors", "author(s)", "creator", "creators", "creator(s)"), "author"),
    **{f"{name}s": name for name in COLUMNS if name != "pages"},
    **{
        also: name
        for name, others in {
            "id": "identifier|record_id|recordid|rec_id|mã|mã tài liệu|mã sách|số đkcb|đkcb",
            "title": (
                "nhan đề|nhan_đề|nhan đề chính|nhan đề tài liệu|tiêu đề|tên sách|tên tài liệu"
                "|tên ấn phẩm"
            ),
            "author": "tác giả|các tác giả|tác giả chính|tên tác giả|họ tên tác giả",
            "year": (
                "date|publication year|publication_year|pub_year|năm|năm xuất bản|năm xb|năm nxb"
                "|năm in"
            ),
            "isbn": "isbn13|isbn10|isbn-13|isbn-10|isbn_13|isbn_10|số isbn|chỉ số isbn",
            "volume": "vol|tập",
            "edition": "lần xuất bản|lần tái bản",
            "pages": "extent|page_count|pagecount|page count|number of pages|số trang",
            "publisher": "nhà xuất bản|tên nhà xuất bản|nhà xb|nxb",
            "type": "document type|document_type|kind|loại tài liệu|dạng tài liệu",
            "journal": "venue|container_title|tạp chí",
            "language": "lang|ngôn ngữ",
        }.items()
        for also in others.split("|")
    },
}


def plain_heading(text: str) -> str:
    """Return a heading as it is compared: capitals, quotes and composed letters do not count.

    >>> plain_heading(" 'Na\u0306m' ")
    'năm'
    """
    return normalize("NFC", text).strip().strip("\"'").strip().lower()


@attrs.frozen(kw_only=True)
class TitleColumns:
    """What foreign headings mean, and how their cells are divided.

    Args:
        meanings: Column of ``COLUMNS`` by foreign heading, in small letters.
        separators: What stands between several values in a cell, by column; ``;`` if not given.
        constants: What stands in a column for every row that has nothing there itself.
    """

    meanings: Mapping[str, str] = attrs.field(factory=dict)
    separators: Mapping[str, str] = attrs.field(factory=dict)
    constants: Mapping[str, str] = attrs.field(factory=dict)

    def places(self, headings: Iterable[str]) -> dict[str, int]:
        """Return the place of each column among the headings of a file.

        What the file of columns says goes first, then the exact name, then a name that does as
        well; of several alike the first.

        >>> TitleColumns(meanings={"venue": "journal"}).places(["ID", "Title", "venue", "authors"])
        {'journal': 2, 'id': 0, 'title': 1, 'author': 3}
        """
        plain = [plain_heading(heading) for heading in headings]
        found: dict[str, int] = {}
        for means in (self.meanings, {name: name for name in COLUMNS}, _ALSO):
            for place, heading in enumerate(plain):
                name = means.get(heading)
                if name is not None and name not in found and place not in found.values():
                    found[name] = place
        return found


def read_title_columns(path: Path) -> TitleColumns:
    r"""Read a TOML file that says what the headings of a foreign file mean.

    Either ``[columns]`` with ``journal = "venue"``, or one ``[[map]]`` a column with ``from``,
    ``to`` and, where cells are not divided by ``;``, ``split``. ``[constants]`` with
    ``member = "tlu"`` fills a column that the file lacks.

    Raises:
        SettingsError: It is no TOML, names a column that there is not, or says what nothing reads.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "dblp.toml"
    ...     _ = file.write_text('[columns]\njournal = "venue"\n[constants]\nmember = "tlu"\n')
    ...     columns = read_title_columns(file)
    >>> columns.meanings, columns.constants
    ({'venue': 'journal'}, {'member': 'tlu'})
    """
    data, line_of = read_toml(path)
    faults = list(_faults(data))
    if faults:
        raise error_of(problems_of(faults, str(path), line_of))
    meanings: dict[str, str] = {}
    separators: dict[str, str] = {}
    for foreign, name, separator in _said(data):
        own = _own(path, name)
        meanings[plain_heading(foreign)] = own
        if separator:
            separators[own] = separator
    constants = {_own(path, name): text for name, text in data.get("constants", {}).items()}
    return TitleColumns(meanings=meanings, separators=separators, constants=constants)


def _own(path: Path, name: str) -> str:
    own = _ALSO.get(plain_heading(name), plain_heading(name))
    if own not in COLUMNS:
        raise SettingsError(
            "{path}: {name!r} is no column; the columns are {columns}",
            path=path,
            name=name,
            columns=", ".join(COLUMNS),
        )
    return own


def _faults(data: Mapping[str, Any]) -> Iterator[Fault]:  # Any: TOML
    texts = {name: text for name, text in data.items() if name not in _TABLES}
    for steps, table in [((), texts), *(((name,), data.get(name, {})) for name in _TABLES[1:])]:
        if not isinstance(table, dict):
            yield steps, Message("expected a table [{name}]", name=steps[0])
            continue
        for name, text in table.items():
            if not isinstance(text, str):
                yield (*steps, name), _no_text(text)
    rows = data.get("map", [])
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        yield from _row_faults(rows)
    else:
        yield ("map",), Message("expected tables [[map]]")


def _row_faults(rows: Iterable[Mapping[str, object]]) -> Iterator[Fault]:
    for number, row in enumerate(rows):
        for name in _KEYS[:2]:
            if name not in row:
                yield ("map", number, name), Message("missing")
        for name, text in row.items():
            if name not in _KEYS:
                known = ", ".join(_KEYS)
                yield ("map", number, name), Message("unknown key; there are: {known}", known=known)
            elif not isinstance(text, str):
                yield ("map", number, name), _no_text(text)


def _no_text(given: object) -> Message:
    if isinstance(given, dict):
        known = ", ".join(f"[{name}]" for name in _TABLES[1:])
        return Message("unknown table; there are: {known}", known=known)
    expected = Message("a text in quotes")
    return Message("expected {expected}, got {given!r}", expected=expected, given=given)


_TABLES = ("map", "columns", "constants")
_KEYS = ("from", "to", "split")


def _said(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:  # Any: TOML
    for row in data.get("map", ()):
        yield row["from"], row["to"], row.get("split", "")
    texts = {name: text for name, text in data.items() if name not in _TABLES}
    for one, other in {**texts, **data.get("columns", {})}.items():
        name, foreign = plain_heading(one), plain_heading(other)
        # People write it either way round: journal = "venue", venue = "journal".
        if name in COLUMNS or name in _ALSO or foreign not in {*COLUMNS, *_ALSO}:
            yield other, name, ""
        else:
            yield one, foreign, ""
