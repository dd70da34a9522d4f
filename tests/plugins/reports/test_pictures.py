"""What people see: the workbook, a statement and the comparison page, beside pictures kept.

Somebody has looked at the pictures in ``tests/data/pictures``. LIBCONSORTIUM_GOLDEN=write draws
them anew: look at them again before they are committed. Fonts differ from machine to machine, so
what is compared is coarse: how light each of some hundred fields of the picture is.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest

from libconsortium import Phase
from tests.plugins.reports import test_reports as splits
from tests.plugins.reports import test_statements_and_comparisons as years

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURES = Path(__file__).resolve().parents[2] / "data" / "pictures"
NAMES = {
    "dh-a": "Đại học A",
    "dh-b": "Đại học B",
    "dh-c": "Thư viện tỉnh C",
    "dh-d": "Cao đẳng D",
}
_FIELDS = (16, 12)
_FAR = 14
"""Of 255 steps of light; another font moves a field by some five, a lost table by fifty."""


def fields(picture: bytes) -> list[int]:
    """Return how light each field of a picture is, row by row.

    Args:
        picture: A PNG of eight bits a colour, or a grey PGM, which needs no unpacking.
    """
    if picture.startswith(b"P5"):
        _, size, _, raw = picture.split(b"\n", 3)
        width, height = map(int, size.split())
        colours = 1
        lines = (raw[y * width : (y + 1) * width] for y in range(height))
        return _fields(lines, width, height, colours)
    width, height, depth, kind = struct.unpack(">IIBB", picture[16:26])
    assert (depth, kind) in {(8, 2), (8, 6)}, "RGB or RGBA"
    colours = {2: 3, 6: 4}[kind]
    return _fields(_lines(picture, width, height, colours), width, height, colours)


def _fields(lines: Iterable[bytes | bytearray], width: int, height: int, colours: int) -> list[int]:
    across, down = _FIELDS
    sums, counts = [0] * (across * down), [0] * (across * down)
    for y, line in enumerate(lines):
        for x in range(0, width, 3):  # every third pixel is enough
            at = y * down // height * across + x * across // width
            sums[at] += line[x * colours]
            counts[at] += 1
    return [whole // count for whole, count in zip(sums, counts, strict=True)]


def _lines(picture: bytes, width: int, height: int, colours: int) -> Iterator[bytearray]:
    """Yield the lines of a PNG without its filters."""
    packed, at = b"", 8
    while at < len(picture):
        (size,) = struct.unpack(">I", picture[at : at + 4])
        if picture[at + 4 : at + 8] == b"IDAT":
            packed += picture[at + 8 : at + 8 + size]
        at += size + 12
    raw, stride = zlib.decompress(packed), width * colours
    above = bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        line = bytearray(raw[start + 1 : start + 1 + stride])
        for x in range(stride):
            left = line[x - colours] if x >= colours else 0
            corner = above[x - colours] if x >= colours else 0
            line[x] = (line[x] + _guess(raw[start], left, above[x], corner)) & 255
        yield line
        above = line


def _guess(how: int, left: int, above: int, corner: int) -> int:
    """Return what a filter of PNG takes a byte for (the specification's chapter 9)."""
    near = left + above - corner
    paeth = min((left, above, corner), key=lambda one: abs(near - one))
    return (0, left, above, (left + above) // 2, paeth)[how]


def looks_like(name: str, picture: bytes) -> None:
    """Compare a picture with the one that was looked at; keep a new one if asked to."""
    kept = PICTURES / "fields.json"
    looked_at = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    found = fields(picture)
    if is_writing():
        looked_at[name] = found
        kept.write_text(json.dumps(looked_at, sort_keys=True) + "\n", "utf-8")
    assert (PICTURES / f"{name}.png").exists(), f"{name} was never looked at"
    pairs = zip(found, looked_at[name], strict=True)
    far = [at for at, (one, other) in enumerate(pairs) if abs(one - other) > _FAR]
    assert far == [], f"{name} looks different in {len(far)} fields"


def is_writing() -> bool:
    """Return whether the pictures are to be drawn anew."""
    return os.environ.get("LIBCONSORTIUM_GOLDEN") == "write"


def drawn(name: str, data: bytes, suffix: str, folder: Path, page: int = 1) -> bytes:
    """Draw a page of a document in grey; keep a picture for people if asked to."""
    file = folder / f"drawn{suffix}"
    file.write_bytes(data)
    if suffix != ".pdf":
        office = shutil.which("soffice")
        if office is None:
            pytest.skip("LibreOffice draws workbooks, and is not on this machine")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file],
            check=True,
            capture_output=True,
            timeout=110,
        )
    draw = shutil.which("pdftoppm")
    if draw is None:
        pytest.skip("pdftoppm draws pages, and is not on this machine")
    document = file.with_suffix(".pdf")
    of_page: list[str | Path] = ["-f", str(page), "-l", str(page), "-singlefile", document]
    subprocess.run([draw, "-r", "40", "-gray", *of_page, folder / "page"], check=True)
    if is_writing():
        dots = "60" if suffix == ".pdf" else "110"
        subprocess.run([draw, "-r", dots, "-gray", "-png", *of_page, PICTURES / name], check=True)
    return (folder / "page.pgm").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_statement_looks_as_it_did(language: str, tmp_path: Path) -> None:
    told = years.snapshot("dh-a", Phase.NOTICE, language=language)
    told = attrs.evolve(told, data={**told.data, "subject": "Journals"})

    name = f"statement-{language}"
    looks_like(name, drawn(name, years.written("pdf", told), ".pdf", tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize(("sheet", "page"), [("shares", 1), ("checks", 2)])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_workbook_looks_as_it_did(language: str, sheet: str, page: int, tmp_path: Path) -> None:
    data = splits.written("xlsx", language=language, split=splits.SPLITS["held"], names=NAMES)

    name = f"workbook-{sheet}-{language}"
    looks_like(name, drawn(name, data, ".xlsx", tmp_path, page))


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_comparison_page_looks_as_it_did(page: Page, language: str, tmp_path: Path) -> None:
    of = years.comparison(language=language)
    of = attrs.evolve(of, data={**of.data, "names": NAMES})
    file = tmp_path / "page.html"
    file.write_bytes(years.written("html", of))
    page.set_viewport_size({"width": 640, "height": 900})

    page.goto(file.as_uri())

    picture = page.screenshot()
    if is_writing():
        (PICTURES / f"comparison-{language}.png").write_bytes(picture)
    looks_like(f"comparison-{language}", picture)
