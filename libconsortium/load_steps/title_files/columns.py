"""What the headings of a list of titles mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.files.toml_file import read_toml

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
            "id": "identifier|record_id|recordid|rec_id|mã",
            "title": "nhan đề|nhan_đề|tên sách|tên tài liệu",
            "author": "tác giả|các tác giả",
            "year": "date|publication year|publication_year|pub_year|năm|năm xuất bản",
            "isbn": "isbn13|isbn10|isbn-13|isbn-10|isbn_13|isbn_10",
            "volume": "vol|tập",
            "edition": "lần xuất bản|lần tái bản",
            "pages": "extent|page_count|pagecount|page count|number of pages|số trang",
            "publisher": "nhà xuất bản|nxb",
            "type": "document type|document_type|kind|loại tài liệu",
            "journal": "venue|container_title|tạp chí",
            "language": "lang|ngôn ngữ",
        }.items()
        for also in others.split("|")
    },
}


@attrs.frozen(kw_only=True)
class TitleColumns:
    """What foreign headings mean, and how their cells are divided.

    Args:
        meanings: Column of ``COLUMNS`` by foreign heading, in small letters.
        separators: What stands between several values in a cell, by column; ``;`` if not given.
    """

    meanings: Mapping[str, str] = attrs.field(factory=dict)
    separators: Mapping[str, str] = attrs.field(factory=dict)

    def places(self, headings: Iterable[str]) -> dict[str, int]:
        """Return the place of each column among the headings of a file.

        What the file of columns says goes first, then the exact name, then a name that does as
        well; of several alike the first.

        >>> TitleColumns(meanings={"venue": "journal"}).places(["ID", "Title", "venue", "authors"])
        {'journal': 2, 'id': 0, 'title': 1, 'author': 3}
        """
        plain = [heading.strip().strip("\"'").strip().lower() for heading in headings]
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
    ``to`` and, where cells are not divided by ``;``, ``split``.

    Raises:
        SettingsError: It is no TOML, or names a column that there is not.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "dblp.toml"
    ...     _ = file.write_text('[columns]\njournal = "venue"\n')
    ...     read_title_columns(file).meanings
    {'venue': 'journal'}
    """
    data, _ = read_toml(path)
    meanings: dict[str, str] = {}
    separators: dict[str, str] = {}
    for foreign, name, separator in _said(data):
        own = _ALSO.get(name, name)
        if own not in COLUMNS:
            raise SettingsError(
                "{path}: {name!r} is no column; the columns are {columns}",
                path=path,
                name=name,
                columns=", ".join(COLUMNS),
            )
        meanings[foreign.strip().lower()] = own
        if separator:
            separators[own] = separator
    return TitleColumns(meanings=meanings, separators=separators)


def _said(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:  # Any: TOML
    for row in data.get("map", ()):
        yield str(row.get("from", "")), str(row.get("to", "")), str(row.get("split", ""))
    columns = {**data, **data.get("columns", {})}
    for one, other in columns.items():
        if isinstance(other, str):
            name, foreign = one.strip().lower(), other.strip().lower()
            # People write it either way round: journal = "venue", venue = "journal".
            if name in COLUMNS or name in _ALSO or foreign not in {*COLUMNS, *_ALSO}:
                yield other, name, ""
            else:
                yield one, foreign, ""
