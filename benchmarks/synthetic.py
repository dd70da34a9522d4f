"""Invented Vietnamese records in quantity, with the usual damage and known truth.

Frequencies follow what one meets in a university library's catalogue: most records without ISBN,
one in ten typed without diacritics, volumes in the title or in a field of their own, copies of one
book in one library.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

import attrs

from benchmarks.synthetic_noise import (
    in_tcvn3,
    other_spelling,
    slipped,
    with_initials,
    without_diacritics,
)
from libconsortium import BibRecord, RecordIdentifier

_VOCABULARY = (
    "giáo trình cơ sở lý thuyết kỹ thuật phân tích thiết kế hệ thống thông tin quản trị kinh tế đại"
    " cương xác suất thống kê toán ứng dụng vật liệu xây dựng môi trường nông nghiệp lịch sử văn"
    " hóa ngôn ngữ pháp luật điện tử mạng máy tính công nghệ sinh học hóa hữu cơ dược y tế cộng"
    " đồng việt viết nam nghiên cứu phát triển thị trường tài chính ngân hàng giáo dục tiểu học"
    " đầu tư chiến lược thủy lợi cầu đường truyền nhiệt động lực xử lý ảnh số tín hiệu tối ưu"
)
_WORDS = _VOCABULARY.split()
_SUBJECTS = ("giải tích", "đại số tuyến tính", "kinh tế vi mô", "triết học", "vật lý đại cương",
             "tin học cơ sở", "xác suất thống kê", "hóa học hữu cơ", "luật dân sự", "kế toán",
             "quản trị học", "sức bền vật liệu")  # fmt: skip
_FORMS = ("Giáo trình {}", "Bài tập {}", "{}", "Nhập môn {}", "{} A1", "{} A2", "{} lớp 10",
          "{} lớp 11")  # fmt: skip
_SUBTITLES = ("dùng cho sinh viên đại học", "lý thuyết và bài tập", "sách tham khảo", "song ngữ")
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Phan")
_MIDDLES = ("Văn", "Thị", "Đức", "Thu", "Quang", "Hữu", "Ngọc", "Minh", "Xuân", "")
_FORENAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hòa", "Khánh", "Lan", "Minh", "Nam",
              "Oanh", "Phúc", "Quân", "Sơn", "Thảo", "Uyên", "Việt", "Viết", "Thủy", "Yến", "Long",
              "Hùng", "Tuấn", "Trang", "Huy")  # fmt: skip
_PUBLISHERS = {
    "Nxb. Giáo dục": ("Giáo dục", "Nxb Giáo dục Việt Nam", "NXB Giáo Dục"),
    "Nxb. Khoa học và Kỹ thuật": ("Khoa học và Kỹ thuật", "KHKT", "NXB KH&KT"),
    "Nxb. Trẻ": ("Trẻ", "NXB Trẻ"),
    "Nxb. Đại học Quốc gia Hà Nội": ("ĐHQGHN", "Đại học Quốc gia Hà Nội"),
    "Nxb. Thống kê": ("Thống kê",),
    "Nxb. Xây dựng": ("Xây dựng",),
}
_JOURNALS = (
    "Tạp chí Khoa học và Công nghệ",
    "Tạp chí Toán học",
    "Tạp chí Kinh tế",
    "Tạp chí Y học",
)
_COPIES = (0.6, 0.22, 0.12, 0.06)  # publications held by one, two, three, four libraries


@attrs.frozen(kw_only=True)
class Invented:
    """One invented record and what is true of it.

    Args:
        work: Number of the work.
        publication: Number of the publication; reprints of it have the same.
        record: The record as one library has it.
    """

    work: int
    publication: int
    record: BibRecord


def records(count: int, *, members: int = 50, seed: int = 1) -> Iterator[Invented]:
    """Yield invented records.

    Args:
        count: How many records.
        members: Over how many libraries they are spread.
        seed: The same seed gives the same records.
    """
    chance = random.Random(seed)
    made = publication = work = 0
    while made < count:
        work += 1
        for book in _publications(chance):
            publication += 1
            copies = chance.choices(range(1, len(_COPIES) + 1), _COPIES)[0]
            for number in chance.sample(range(members), copies):
                for _ in range(2 if chance.random() < _TWO_COPIES else 1):
                    if made == count:
                        return
                    held = _as_held(book, f"m{number:02}", str(made), chance)
                    yield Invented(work=work, publication=publication, record=held)
                    made += 1


_TWO_COPIES = 0.05


# ---------------------------------------------------------------- publications of a work


def _publications(chance: random.Random) -> list[BibRecord]:
    kind = chance.choices(("book", "set", "editions", "thesis", "article"), (60, 9, 9, 13, 9))[0]
    first = _book(chance)
    if kind == "set":
        shared = _isbn(chance) if chance.random() < 0.3 else ()
        return [
            attrs.evolve(
                first,
                volume=str(volume),
                extent=f"{chance.randint(90, 600)} tr.",
                year=(first.year or 0) + (volume - 1 if chance.random() < 0.3 else 0),
                identifiers=shared or (first.identifiers and _isbn(chance)),
            )
            for volume in range(1, chance.randint(2, 4) + 1)
        ]
    if kind == "editions":
        years = sorted(chance.sample(range(1985, 2026), chance.randint(2, 3)))
        return [_edition(first, number, year, chance) for number, year in enumerate(years, start=1)]
    if kind == "thesis":
        return [
            attrs.evolve(
                first,
                types=(chance.choice(("Luận văn thạc sĩ", "Luận án tiến sĩ", "Thesis")),),
                creators=first.creators[:1],
                contributors=(_name(chance),),
                publishers=("Trường Đại học Bách khoa",),
                identifiers=(),
            )
        ]
    if kind == "article":
        page = chance.randint(1, 200)
        return [
            attrs.evolve(
                first,
                types=("Article",),
                publishers=(),
                journal=chance.choice(_JOURNALS),
                volume=str(chance.randint(1, 60)),
                extent=f"tr. {page}-{page + 8}",
                identifiers=(),
            )
        ]
    return [first]


def _edition(first: BibRecord, number: int, year: int, chance: random.Random) -> BibRecord:
    said = f"Tái bản lần thứ {number - 1}, có sửa chữa và bổ sung" if number > 1 else ""
    return attrs.evolve(
        first,
        edition=said,
        year=year,
        extent=f"{chance.randint(90, 600)} tr.",
        identifiers=first.identifiers and _isbn(chance),
    )


def _book(chance: random.Random) -> BibRecord:
    title = " ".join(chance.choices(_WORDS, k=chance.randint(4, 10)))
    if chance.random() < 0.06:
        title = chance.choice(_FORMS).format(chance.choice(_SUBJECTS))
    subtitle = f" : {chance.choice(_SUBTITLES)}" if chance.random() < 0.2 else ""
    return BibRecord(
        source="",
        identifier="",
        titles=(title[0].upper() + title[1:] + subtitle,),
        creators=tuple(dict.fromkeys(_name(chance) for _ in range(chance.choice((1, 1, 1, 2, 3))))),
        year=chance.randint(1975, 2026),
        publishers=(chance.choice(list(_PUBLISHERS)),),
        types=("Sách",),
        languages=("vie",),
        extent=f"{chance.randint(60, 700)} tr.",
        identifiers=_isbn(chance) if chance.random() < 0.15 else (),
    )


def _name(chance: random.Random) -> str:
    parts = chance.choice(_SURNAMES), chance.choice(_MIDDLES), chance.choice(_FORENAMES)
    return " ".join(filter(None, parts))


def _isbn(chance: random.Random) -> tuple[RecordIdentifier, ...]:
    body = f"978604{chance.randint(0, 999_999):06}"
    odd, even = sum(map(int, body[::2])), sum(map(int, body[1::2]))
    return (RecordIdentifier(scheme="isbn", value=f"{body}{-(odd + 3 * even) % 10}"),)


# ---------------------------------------------------------------- as one library has it


def _as_held(book: BibRecord, source: str, number: str, chance: random.Random) -> BibRecord:
    def at(share: float) -> bool:
        return chance.random() < share

    names = [with_initials(name) if at(0.02) else name for name in book.creators]
    chance.shuffle(names)
    held = attrs.evolve(
        book,
        source=source,
        identifier=number,
        titles=(_title(book, chance),),
        creators=() if at(0.04) else tuple(names[:1] if at(0.08) else names),
        contributors=book.contributors if at(0.5) else (),
        publishers=tuple(_publisher(one, chance) for one in book.publishers if not at(0.15)),
        year=None if at(0.05) else (book.year or 0) + (chance.choice((-1, 1)) if at(0.02) else 0),
        extent="" if at(0.3) else book.extent,
        types=() if at(0.3) else book.types,
        identifiers=_isbns(book, number, chance),
        volume=book.volume if book.journal or at(0.5) else "",
        journal="" if at(0.1) else book.journal,
    )
    if book.extent and not book.edition and held.extent and book.publishers and at(0.04):
        # A reprint is the same publication: publisher and pages as before, another year.
        times = chance.randint(1, 6)
        held = attrs.evolve(
            held, year=(book.year or 0) + times, edition=f"Tái bản lần thứ {times}",
            publishers=book.publishers,
        )  # fmt: skip
    return _damaged(held, chance)


def _title(book: BibRecord, chance: random.Random) -> str:
    title = book.title
    main, _, subtitle = title.partition(" : ")
    if subtitle and chance.random() < 0.3:
        title = main
    if book.volume and not book.journal:
        said = chance.choice((". Tập {}", ". T.{}", ". Quyển {}", " - T{}", " {}"))
        roman = ("", "I", "II", "III", "IV")[int(book.volume)]
        title += said.format(roman if chance.random() < 0.2 else book.volume)
    return title


def _publisher(name: str, chance: random.Random) -> str:
    return chance.choice((name, *_PUBLISHERS.get(name, ())))


def _isbns(book: BibRecord, number: str, chance: random.Random) -> tuple[RecordIdentifier, ...]:
    if chance.random() < 0.02:
        return (RecordIdentifier(scheme="isbn", value=number[-3:], is_valid=False),)
    return book.identifiers if chance.random() < 0.6 else ()


def _damaged(held: BibRecord, chance: random.Random) -> BibRecord:
    damage = chance.choices(
        (None, without_diacritics, in_tcvn3, other_spelling, slipped, _decomposed),
        (77, 10, 1, 5, 3, 4),
    )[0]
    if damage is None:
        return held
    title = damage(held.title, chance)
    if damage is slipped:
        return attrs.evolve(held, titles=(title,))
    return attrs.evolve(
        held,
        titles=(title,),
        creators=tuple(damage(name, chance) for name in held.creators),
        publishers=tuple(damage(name, chance) for name in held.publishers),
    )


def _decomposed(text: str, _: random.Random) -> str:
    return unicodedata.normalize("NFD", text)
