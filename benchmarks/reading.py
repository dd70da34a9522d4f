"""How fast stored records are read, against what parsing their XML alone takes.

python -m benchmarks.reading [--records N] [--rounds N]

Every format is read record by record, as a second reading of the store does: crosswalk alone, and
with the safe repairs; beside it stands `lxml.etree.fromstring` of the same bytes. The records are
invented, of the size that repositories give (oai_dc 1.9 kB), half of the texts with diacritics.
Time is that of the processor, and the shortest of several rounds counts: the machine may be shared.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from lxml import etree

from libconsortium import RawRecord, Registry, read_record, reading_rules

PURPOSE = "reading stored records, against bare parsing of their XML"

_WORDS_IN_TEXT = (
    "nghiên cứu ứng dụng công nghệ thông tin trong quản lý giáo dục đại học Việt Nam phương pháp"
    " library data analysis management research method education university model water"
)
_WORDS = _WORDS_IN_TEXT.split()
_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_SLIM = "http://www.loc.gov/MARC21/slim"
_DIM = "http://www.dspace.org/xmlns/dspace/dim"
_MODS = "http://www.loc.gov/mods/v3"


def main(arguments: list[str] | None = None) -> None:
    """Read records in every format and print how fast."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading")
    parser.add_argument("--records", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args(arguments)
    registry = Registry()
    rules = reading_rules(registry)
    print(
        f"{'format':<10}{'bytes':>7}{'lxml /s':>10}{'read /s':>10}{'repaired /s':>13}{'ratio':>7}"
    )
    for name in FORMATS:
        records = list(sample_records(name, wanted.records))
        bare = _rate(lambda raw: etree.fromstring(raw.content), records, wanted.rounds)
        read = _rate(lambda raw: read_record(raw, registry), records, wanted.rounds)
        both = _rate(lambda raw: read_record(raw, registry, rules), records, wanted.rounds)
        size = sum(len(raw.content) for raw in records) // len(records)
        print(f"{name:<10}{size:>7}{bare:>10.0f}{read:>10.0f}{both:>13.0f}{both / bare:>7.2f}")


def _rate(read: Callable[[RawRecord], object], records: list[RawRecord], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        for raw in records:
            read(raw)
        best = min(best, time.process_time() - began)
    return len(records) / best


def sample_records(name: str, count: int) -> Iterator[RawRecord]:
    """Give invented records of a format, the same ones every time."""
    source = random.Random(name)
    for number in range(count):
        namespace, content = FORMATS[name](source)
        yield RawRecord(
            source="bench",
            identifier=f"oai:bench:{number}",
            datestamp="2026-01-31T00:00:00Z",
            namespace=namespace,
            content=content.encode(),
        )


def _text(source: random.Random, words: int) -> str:
    return escape(" ".join(source.choices(_WORDS, k=words)).capitalize())


def _handle(source: random.Random) -> str:
    return f"https://a.example/handle/20.500.99999/{source.randrange(10**6)}"


def _oai_dc(source: random.Random) -> tuple[str, str]:
    parts = [
        ("title", _text(source, 12)),
        ("creator", _text(source, 3)),
        ("creator", _text(source, 3)),
        *(("subject", _text(source, 2)) for _ in range(4)),
        ("description", _text(source, 160)),
        ("publisher", _text(source, 4)),
        ("date", "2024-01-01T00:00:00Z"),
        ("date", "2019"),
        ("type", "Thesis"),
        ("identifier", _handle(source)),
        ("language", "vi"),
        ("format", "application/pdf"),
    ]
    inside = "".join(f"<dc:{name}>{text}</dc:{name}>" for name, text in parts)
    return _DC, (
        f'<oai_dc:dc xmlns:oai_dc="{_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}'
        "</oai_dc:dc>"
    )


def _marcxml(source: random.Random) -> tuple[str, str]:
    fields = [
        ("020", [("a", "9786900000012")]),
        ("041", [("a", "vie")]),
        ("082", [("a", "515"), ("2", "23")]),
        ("100", [("a", _text(source, 3)), ("e", "tác giả")]),
        ("245", [("a", _text(source, 8)), ("b", _text(source, 4)), ("c", _text(source, 3))]),
        ("260", [("a", "H."), ("b", _text(source, 2)), ("c", "2019")]),
        ("300", [("a", "284 tr."), ("c", "24 cm")]),
        *(("650", [("a", _text(source, 2)), ("x", _text(source, 2))]) for _ in range(3)),
        ("700", [("a", _text(source, 3))]),
        ("852", [("a", "X"), ("h", "515"), ("i", "NG-A")]),
        ("900", [("a", "VN 1")]),
    ]
    inside = "".join(
        f'<datafield tag="{tag}" ind1=" " ind2=" ">'
        + "".join(f'<subfield code="{code}">{text}</subfield>' for code, text in subfields)
        + "</datafield>"
        for tag, subfields in fields
    )
    return _SLIM, (
        f'<record xmlns="{_SLIM}"><leader>00000nam a2200000 a 4500</leader>'
        '<controlfield tag="008">190501s2019    vm            000 0 vie d</controlfield>'
        f"{inside}</record>"
    )


def _dim(source: random.Random) -> tuple[str, str]:
    fields = [
        ("contributor", "author", _text(source, 3)),
        ("date", "accessioned", "2024-01-01T00:00:00Z"),
        ("date", "issued", "2019"),
        ("identifier", "uri", _handle(source)),
        ("description", "abstract", _text(source, 160)),
        ("language", "iso", "vi"),
        *(("subject", "none", _text(source, 2)) for _ in range(4)),
        ("title", "none", _text(source, 12)),
        ("type", "none", "Thesis"),
    ]
    inside = "".join(
        f'<dim:field mdschema="dc" element="{element}" qualifier="{qualifier}" lang="vi">{text}'
        "</dim:field>"
        for element, qualifier, text in fields
    )
    return _DIM, f'<dim:dim xmlns:dim="{_DIM}">{inside}</dim:dim>'


def _mods(source: random.Random) -> tuple[str, str]:
    inside = (
        f"<titleInfo><title>{_text(source, 12)}</title></titleInfo>"
        f"<name><namePart>{_text(source, 3)}</namePart></name>"
        f"<originInfo><publisher>{_text(source, 3)}</publisher><dateIssued>2019</dateIssued>"
        f"</originInfo><abstract>{_text(source, 160)}</abstract>"
        f"<subject><topic>{_text(source, 2)}</topic></subject>"
        f'<identifier type="uri">{_handle(source)}</identifier>'
    )
    return _MODS, f'<mods xmlns="{_MODS}">{inside}</mods>'


FORMATS: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "oai_dc": _oai_dc,
    "marcxml": _marcxml,
    "dim": _dim,
    "mods": _mods,
}

if __name__ == "__main__":
    main()
