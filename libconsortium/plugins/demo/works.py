"""Invents publications, always the same ones: theses, articles, books, local history."""

from __future__ import annotations

import random
from collections.abc import Iterator

import attrs

from libconsortium.plugins.demo import words

SEED = 2026
_ISBN_START = "97869"  # no agency hands out numbers that begin like this
_ISSN_START = "999999"  # nor like this
_DOI_START = "10.5555"  # reserved for tests
_KINDS = {"thesis": 110, "article": 90, "book": 90, "local-history": 40}


@attrs.frozen(kw_only=True)
class Work:
    """One invented publication.

    Args:
        id: Its own number; copies in several libraries share it.
        kind: ``thesis``, ``article``, ``book`` or ``local-history``.
        title: Title with its subtitle, spelled as on the title page.
        creators: Authors in order.
        adviser: Who supervised a thesis; empty for others.
        year: Year of publication.
        publisher: Publisher, university or journal.
        subject: Subject term.
        isbn: ISBN with 13 digits and a right check digit, from a range nobody hands out.
        issn: ISSN of its journal, likewise.
        doi: DOI under the prefix for tests.
    """

    id: int
    kind: str
    title: str
    creators: tuple[str, ...]
    year: int
    publisher: str
    subject: str
    adviser: str = ""
    isbn: str = ""
    issn: str = ""
    doi: str = ""


def works() -> tuple[Work, ...]:
    """Invent the publications of the demonstration; the same ones every time.

    >>> len(works()), works() == works()
    (337, True)
    """
    dice = random.Random(SEED)  # noqa: S311 - invented data, the same every time
    invented = list(_special())
    for kind, count in _KINDS.items():
        for _ in range(count):
            invented.append(_MAKERS[kind](dice, len(invented) + 1))
    return tuple(invented)


def isbn_of(number: int) -> str:
    """Return an invented ISBN with a right check digit.

    >>> isbn_of(1)
    '9786900000012'
    """
    body = f"{_ISBN_START}{number:07}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def issn_of(number: int) -> str:
    """Return an invented ISSN with a right check digit.

    >>> issn_of(4)
    '9999-9994'
    """
    body = f"{_ISSN_START}{5 + number}"
    check = -sum(int(digit) * (8 - place) for place, digit in enumerate(body)) % 11
    return f"{body[:4]}-{body[4:]}{'X' if check == len('1234567890') else check}"


def _special() -> Iterator[Work]:
    """Give the publications that are easily mistaken for one another."""
    thesis = {"kind": "thesis", "year": 2021, "publisher": "Trường Đại học Mẫu A"}
    title = "Nghiên cứu chất lượng nước mặt ở Bến Sậy"
    yield Work(id=1, title=title, creators=("Phạm Việt Hòa",), subject="Thủy văn", **thesis)  # type: ignore[arg-type] # as above
    yield Work(id=2, title=title, creators=("Phạm Viết Hoa",), subject="Thủy văn", **thesis)  # type: ignore[arg-type] # as above
    for number, part in enumerate(("Tập 1", "Tập 2", "Tập 3"), start=3):
        yield Work(
            id=number,
            kind="local-history",
            title=f"Địa chí tỉnh Sông Mẫu. {part}",
            creators=("Lý Thanh Nghĩa", "Đinh Thu Yến"),
            year=2012,
            publisher="Nxb. Bến Sậy",
            subject="Văn hóa dân gian",
        )
    for number, edition in enumerate((2009, 2017), start=6):
        yield Work(
            id=number,
            kind="book",
            title="Giáo trình thư viện số",
            creators=("Đỗ Ngọc Lan",),
            year=edition,
            publisher="Nxb. Đại học Mẫu",
            subject="Thư viện số",
            isbn=isbn_of(number),
        )


def _thesis(dice: random.Random, number: int) -> Work:
    topic, place = dice.choice(words.TOPICS), dice.choice(words.PLACES)
    return Work(
        id=number,
        kind="thesis",
        title=f"{dice.choice(words.METHODS)} {topic} tại {place}",
        creators=(_person(dice),),
        adviser=f"PGS.TS. {_person(dice)}",
        year=dice.randint(2008, 2024),
        publisher=f"Trường Đại học Mẫu {dice.choice('ABC')}",
        subject=dice.choice(words.SUBJECTS),
    )


def _article(dice: random.Random, number: int) -> Work:
    journal = dice.randrange(len(words.JOURNALS))
    topic, place = dice.choice(words.TOPICS), dice.choice(words.PLACES)
    year = dice.randint(2010, 2024)
    return Work(
        id=number,
        kind="article",
        title=f"{topic.capitalize()} ở {place}: {dice.choice(words.METHODS).lower()} {year - 1}",
        creators=tuple(_person(dice) for _ in range(dice.randint(1, 4))),
        year=year,
        publisher=words.JOURNALS[journal],
        subject=dice.choice(words.SUBJECTS),
        issn=issn_of(journal + 1),
        doi=f"{_DOI_START}/mau.{year}.{number}",
    )


def _book(dice: random.Random, number: int) -> Work:
    title = dice.choice(words.BOOKS)
    return Work(
        id=number,
        kind="book",
        title=f"{title}: {dice.choice(words.TOPICS)}" if dice.random() < 2 / 3 else title,
        creators=tuple(_person(dice) for _ in range(dice.randint(1, 3))),
        year=dice.randint(1990, 2024),
        publisher=dice.choice(words.PUBLISHERS),
        subject=dice.choice(words.SUBJECTS),
        isbn=isbn_of(number),
    )


def _local_history(dice: random.Random, number: int) -> Work:
    return Work(
        id=number,
        kind="local-history",
        title=dice.choice(words.LOCAL_HISTORY).format(place=dice.choice(words.PLACES)),
        creators=(_person(dice),) if dice.random() < 1 / 2 else (),
        year=dice.randint(1985, 2020),
        publisher=dice.choice(words.PUBLISHERS),
        subject="Văn hóa dân gian",
    )


def _person(dice: random.Random) -> str:
    return f"{dice.choice(words.SURNAMES)} {dice.choice(words.MIDDLES)} {dice.choice(words.GIVEN)}"


_MAKERS = {
    "thesis": _thesis,
    "article": _article,
    "book": _book,
    "local-history": _local_history,
}
