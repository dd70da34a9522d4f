"""Invented records in quantity, with the usual noise and known truth."""

from __future__ import annotations

import random
from collections.abc import Iterator

from libconsortium import BibRecord, fold

_VOCABULARY = (
    "giáo trình cơ sở lý thuyết kỹ thuật phân tích thiết kế hệ thống thông tin quản trị kinh tế đại"
    " cương xác suất thống kê toán ứng dụng vật liệu xây dựng môi trường nông nghiệp lịch sử văn"
    " hóa ngôn ngữ pháp luật điện tử mạng máy tính công nghệ sinh học hóa hữu cơ dược y tế cộng"
    " đồng"
)
_WORDS = _VOCABULARY.split()
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
_FORENAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hòa", "Khánh", "Lan", "Minh", "Nam",
              "Oanh", "Phúc", "Quân", "Sơn", "Thảo", "Uyên", "Việt")  # fmt: skip
_PUBLISHERS = ("Nxb. Giáo dục", "Nxb. Khoa học và Kỹ thuật", "Nxb. Trẻ", "")
_IN_VOLUMES, _PLAIN, _NO_YEAR, _NO_PUBLISHER, _NO_PAGES = 0.1, 0.1, 0.05, 0.2, 0.3
_COPIES = (0.64, 0.2, 0.1, 0.06)  # publications held by one, two, three, four libraries


def records(count: int, *, members: int = 50, seed: int = 1) -> Iterator[tuple[int, BibRecord]]:
    """Yield invented records, each with the number of its publication.

    Args:
        count: How many records.
        members: Over how many libraries they are spread.
        seed: The same seed gives the same records.
    """
    chance = random.Random(seed)
    made = publication = 0
    while made < count:
        publication += 1
        book = _book(chance)
        copies = chance.choices(range(1, len(_COPIES) + 1), _COPIES)[0]
        for member in chance.sample(range(members), min(copies, count - made)):
            yield publication, _as_held(book, f"m{member:02}", str(made), chance)
            made += 1


def _book(chance: random.Random) -> BibRecord:
    title = " ".join(chance.choices(_WORDS, k=chance.randint(3, 10))).capitalize()
    volume = f". Tập {chance.randint(1, 3)}" if chance.random() < _IN_VOLUMES else ""
    return BibRecord(
        source="",
        identifier="",
        titles=(title + volume,),
        creators=tuple(_name(chance) for _ in range(chance.choice((1, 1, 1, 2, 3)))),
        year=chance.randint(1975, 2026),
        publishers=tuple(filter(None, [chance.choice(_PUBLISHERS)])),
        extent=f"{chance.randint(60, 700)} tr.",
    )


def _name(chance: random.Random) -> str:
    middle = chance.choice(("Văn", "Thị", "Đức", "Thu", "Quang"))
    return f"{chance.choice(_SURNAMES)} {middle} {chance.choice(_FORENAMES)}"


def _as_held(book: BibRecord, source: str, number: str, chance: random.Random) -> BibRecord:
    plain = chance.random() < _PLAIN
    names = list(book.creators)
    chance.shuffle(names)
    return BibRecord(
        source=source,
        identifier=number,
        titles=tuple(map(fold, book.titles)) if plain else book.titles,
        creators=tuple(map(fold, names)) if plain else tuple(names),
        year=None if chance.random() < _NO_YEAR else book.year,
        publishers=() if chance.random() < _NO_PUBLISHER else book.publishers,
        extent="" if chance.random() < _NO_PAGES else book.extent,
    )
