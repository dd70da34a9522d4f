"""Match fields as the columns that Splink compares, and how it compares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from libconsortium import COMMON_WORDS, MatchFields

if TYPE_CHECKING:
    import pyarrow as pa

ID = "unique_id"
PAIR = "pair"
_SHORTEST_NAME = 3  # letters; initials tell little
_TEXTS = ("title", "main_title", "publisher", "journal")
_PARTS = ("volume", "edition")  # having none says something beside one that has
COLUMNS = (*_TEXTS, *_PARTS, "year", "pages", "names", "isbn", "doi")
"""What is compared. What is missing speaks neither for nor against, but for a volume or edition
that only one of two records has."""
_TYPES = {
    **dict.fromkeys((*_TEXTS, *_PARTS), "string"),
    **dict.fromkeys(("year", "pages"), "int32"),
    **dict.fromkeys(("names", "isbn", "doi"), "list"),
}
BLOCKS = (
    "l.title = r.title and l.volume = r.volume",
    "l.year = r.year and l.names = r.names and l.volume = r.volume",
)
"""What brings pairs together when a model is estimated; each leaves the other's columns free."""


def row_of(fields: MatchFields) -> Mapping[str, object]:
    """Return the columns of a record; ``None`` stands for what is not known.

    >>> row = row_of(MatchFields(record="a", title="giai tich", creators=("an nguien", "j doe")))
    >>> row["title"], row["names"], row["year"]
    ('giai tich', ['doe'], None)
    """
    words = {word for name in fields.creators for word in name.split()}
    telling = sorted(
        word for word in words if len(word) >= _SHORTEST_NAME and word not in COMMON_WORDS
    )
    return {
        **{name: getattr(fields, name) or None for name in _TEXTS},
        **{name: getattr(fields, name) for name in _PARTS},
        "year": fields.year,
        "pages": fields.pages,
        "names": telling or None,
        "isbn": _values(fields, "isbn") or None,
        "doi": _values(fields, "doi") or None,
    }


def _values(fields: MatchFields, scheme: str) -> list[str]:
    start = f"{scheme}:"
    return sorted(one.removeprefix(start) for one in fields.identifiers if one.startswith(start))


def arrow_of(records: Iterable[MatchFields]) -> pa.Table:
    """Return records as a table, numbered from 0 as ids and as pairs.

    >>> arrow_of([MatchFields(record="a", title="x")]).column_names[:3]
    ['unique_id', 'pair', 'title']
    """
    import pyarrow as pa

    rows = [row_of(one) for one in records]
    numbers = pa.array(range(len(rows)), pa.int64())
    types = {"string": pa.string(), "int32": pa.int32(), "list": pa.list_(pa.string())}
    columns = {name: pa.array([row[name] for row in rows], types[_TYPES[name]]) for name in COLUMNS}
    return pa.table({ID: numbers, PAIR: numbers, **columns})


def comparisons() -> list[Any]:  # Any: Splink's comparisons have no common type
    """Return how each column is compared, as Splink's creators."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as library

    def _near(column: str, how_near: str, said: str) -> Any:  # noqa: ANN401 - Splink's creator
        return library.CustomComparison(
            output_column_name=column,
            comparison_levels=[
                levels.NullLevel(column),
                levels.ExactMatchLevel(column),
                levels.CustomLevel(how_near, said),
                levels.ElseLevel(),
            ],
        )

    def _said(level: Any, same: float, other: float) -> Any:  # noqa: ANN401 - Splink's creator
        # Of matches and of others that are so; not to be told from records without labels.
        return level.configure(
            m_probability=same,
            u_probability=other,
            fix_m_probability=True,
            fix_u_probability=True,
        )

    def _part(column: str, same: float, other: float) -> Any:  # noqa: ANN401 - Splink's creator
        neither = f"{column}_l = '' and {column}_r = ''"
        return library.CustomComparison(
            output_column_name=column,
            comparison_levels=[
                levels.CustomLevel(neither, "neither").configure(is_null_level=True),
                _said(levels.ExactMatchLevel(column), same, other),
                _said(levels.ElseLevel(), 1 - same, 1 - other),
            ],
        )

    def _identifier(column: str, same: float, other: float) -> Any:  # noqa: ANN401 - likewise
        return library.CustomComparison(
            output_column_name=column,
            comparison_levels=[
                levels.NullLevel(column),
                _said(levels.ArrayIntersectLevel(column, min_intersection=1), same, other),
                _said(levels.ElseLevel(), 1 - same, 1 - other),
            ],
        )

    title = library.CustomComparison(
        output_column_name="title",
        comparison_levels=[
            levels.NullLevel("title"),
            levels.ExactMatchLevel("title"),
            levels.CustomLevel("main_title_l = main_title_r", "main title equal"),
            levels.JaroWinklerLevel("title", 0.92),
            levels.JaroWinklerLevel("title", 0.85),
            levels.ElseLevel(),
        ],
    )
    names = library.CustomComparison(
        output_column_name="names",
        comparison_levels=[
            levels.NullLevel("names"),
            levels.ExactMatchLevel("names"),
            levels.ArrayIntersectLevel("names", min_intersection=1),
            levels.ElseLevel(),
        ],
    )
    return [
        title,
        names,
        _near("year", "abs(year_l - year_r) <= 1", "one apart"),
        _near("pages", "abs(pages_l - pages_r) <= 0.05 * greatest(pages_l, pages_r)", "near"),
        _part("volume", 0.9, 0.1),
        _part("edition", 0.7, 0.2),
        library.JaroWinklerAtThresholds("publisher", [0.88]),
        library.JaroWinklerAtThresholds("journal", [0.88]),
        _identifier("isbn", 0.8, 0.0001),
        _identifier("doi", 0.9, 0.0001),
    ]
