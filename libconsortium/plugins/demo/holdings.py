"""Says which invented library has which publication, and how each wrote it down."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import attrs

from libconsortium.plugins.demo.works import SEED, Work, works

LIBRARIES: Mapping[str, str] = {
    "dh-a": "Thư viện Đại học Sông Trăng (hư cấu)",
    "dh-b": "Thư viện Đại học Đồi Gió (hư cấu)",
    "dh-c": "Thư viện Viện Nghiên cứu Mây Trắng (hư cấu)",
}
"""The libraries that have an endpoint, by their id in the preset ``demo``."""

_SETS = {
    "thesis": "luan-van",
    "article": "bai-bao",
    "book": "sach",
    "local-history": "dia-chi",
}
_TYPES = {"thesis": "Thesis", "article": "Article", "book": "Book", "local-history": "Book"}
_FIRST_DAY = datetime(2023, 3, 1, 8, tzinfo=UTC)
_DELETED_EVERY = 20
_SHARED = 0.35  # part of the publications that several libraries have
_TONES = {"òa": "oà", "óa": "oá", "ủy": "uỷ", "úy": "uý", "oè": "òe"}


@attrs.frozen(kw_only=True)
class DemoRecord:
    """One record of an invented library.

    Args:
        identifier: OAI identifier.
        datestamp: When it last changed (UTC, whole seconds).
        set_spec: The OAI set it stands in.
        is_deleted: It is gone.
        fields: Dublin Core elements; ``None`` for a record whose metadata is missing.
        work: The publication it describes; 0 for none. No server tells this.
    """

    identifier: str
    datestamp: datetime
    set_spec: str
    is_deleted: bool = False
    fields: Mapping[str, tuple[str, ...]] | None = None
    work: int = 0


def holdings(library: str) -> tuple[DemoRecord, ...]:
    """Return the records of a library; the same ones every time.

    >>> records = holdings("dh-a")
    >>> len(records), sum(one.is_deleted for one in records)
    (179, 9)
    """
    mine = [work for work in works() if library in _holders(work)]
    records = [_record(library, number, work) for number, work in enumerate(mine, start=1)]
    return tuple(records) + _oddities(library, len(records) + 1)


def _holders(work: Work) -> frozenset[str]:
    """Choose the libraries that have a publication."""
    dice = random.Random(f"{SEED} {work.id}")  # noqa: S311 - invented data, the same every time
    names = sorted(LIBRARIES)
    if work.id <= _EASILY_MISTAKEN:
        return frozenset(names)
    count = dice.choice((2, 2, 3)) if dice.random() < _SHARED else 1
    return frozenset(dice.sample(names, count))


_EASILY_MISTAKEN = 7


def _record(library: str, number: int, work: Work) -> DemoRecord:
    dice = random.Random(f"{SEED} {work.id} {library}")  # noqa: S311 - as above
    is_deleted = number % _DELETED_EVERY == _DELETED_EVERY // 2 and work.id > _EASILY_MISTAKEN
    return DemoRecord(
        identifier=f"oai:{library}.example:123456789/{number}",
        datestamp=_FIRST_DAY + timedelta(minutes=dice.randrange(2 * 365 * 24 * 60)),
        set_spec=_SETS[work.kind],
        is_deleted=is_deleted,
        fields=None if is_deleted else _spelled(_fields(library, number, work), library, dice),
        work=work.id,
    )


def _fields(library: str, number: int, work: Work) -> dict[str, tuple[str, ...]]:
    """Describe a publication in Dublin Core, as repositories do."""
    page = f"http://{library}.example/handle/123456789/{number}"
    return {
        "title": (work.title,),
        "creator": work.creators,
        "contributor": (work.adviser,) if work.adviser else (),
        "subject": (work.subject,),
        "description": ("Luận văn thạc sĩ",) if work.kind == "thesis" else (),
        "publisher": (work.publisher,) if work.kind != "article" else (),
        "date": (f"{work.year}",) if work.kind != "thesis" else (f"{work.year}-06-15T00:00:00Z",),
        "type": (_TYPES[work.kind],),
        "identifier": (
            page,
            *((f"ISBN {work.isbn}",) if work.isbn else ()),
            *((f"https://doi.org/{work.doi}",) if work.doi else ()),
        ),
        "source": (f"{work.publisher}; ISSN {work.issn}",) if work.issn else (),
        "language": ("vi",),
    }


def _spelled(
    fields: dict[str, tuple[str, ...]], library: str, dice: random.Random
) -> dict[str, tuple[str, ...]]:
    """Write a description down in a library's own way."""
    spell: Callable[[str], str] = str
    if library == "dh-b":
        spell = _old_tones
    elif library == "dh-c":
        spell = dice.choice((str, str, _decomposed, _without_marks))
    spelled = {
        name: tuple(spell(text) for text in texts) if name in _SPELLED else texts
        for name, texts in fields.items()
    }
    if library == "dh-b":
        spelled["creator"] = tuple(_inverted(name) for name in spelled["creator"])
    if library == "dh-c" and dice.random() < 1 / 2:
        spelled["creator"] = spelled["creator"][::-1]
    return spelled


_SPELLED = frozenset({"title", "creator", "contributor", "subject"})


def _old_tones(text: str) -> str:
    """Put tone marks where old typewriters put them: ``hoà`` for ``hòa``."""
    for new, old in _TONES.items():
        text = text.replace(new, old)
    return text


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _without_marks(text: str) -> str:
    plain = text.replace("đ", "d").replace("Đ", "D")
    return "".join(char for char in _decomposed(plain) if not unicodedata.combining(char))


def _inverted(name: str) -> str:
    surname, _, rest = name.partition(" ")
    return f"{surname}, {rest}"


def _oddities(library: str, number: int) -> tuple[DemoRecord, ...]:
    """Return the records that every repository has and nobody wants."""
    without = DemoRecord(
        identifier=f"oai:{library}.example:123456789/{number}",
        datestamp=_FIRST_DAY,
        set_spec="sach",
    )
    title = ("Kỷ yếu hội thảo thư viện số Mẫu",)
    future = attrs.evolve(
        without,
        identifier=f"oai:{library}.example:123456789/{number + 1}",
        fields={"title": title, "date": ("3025",), "type": ("Book",), "language": ("vi",)},
    )
    return {"dh-a": (without, future), "dh-b": (future,), "dh-c": ()}[library]
