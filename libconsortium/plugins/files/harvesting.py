"""Harvests files: every file read whole, each part of it one page, every record with a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import attrs

from libconsortium import (
    HarvestError,
    HarvestPage,
    HarvestRequest,
    ImportFileError,
    Message,
    Place,
    Problem,
    Quarantined,
    RawRecord,
    Severity,
    TokenRefusedError,
)
from libconsortium.plugins.files.encodings import in_utf8
from libconsortium.plugins.files.iso_files import looks_like_iso2709, read_iso_file
from libconsortium.plugins.files.parts import Part, breaks_off, not_read, unreadable
from libconsortium.plugins.files.row_files import ENDINGS as ROW_ENDINGS
from libconsortium.plugins.files.row_files import read_row_file
from libconsortium.plugins.files.table_files import ENDINGS, read_table_file
from libconsortium.plugins.files.walking import (
    CutFileError,
    FoundFile,
    fingerprint,
    opened,
    unpacked_files,
)
from libconsortium.plugins.files.xml_files import read_xml_file

_MOST_NAMED = 5
_BEGINNING = 512
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".tgz", ".bz2", ".xz"})
_MEANT = frozenset({".xml", ".mrc", ".marc", ".iso", ".iso2709", ".mrk"}) | _ARCHIVES
_FORMATS = ("iso2709", "iso2709-latin1")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def harvest(request: HarvestRequest) -> Iterator[HarvestPage]:
    """Yield the pages of a list, or the records asked for by identifier, one page each.

    The list is always the whole of the files: what did not change is known by its content. Its
    last page says how many records there are.

    Raises:
        TokenRefusedError: The files changed since the harvest was cut off.
        HarvestError: There is no file, or one breaks off: nobody knows what is missing.
    """
    with unpacked_files(request.url) as (files, problems):
        yield from _pages(files, problems, request)


def _pages(
    files: tuple[FoundFile, ...], problems: tuple[Problem, ...], request: HarvestRequest
) -> Iterator[HarvestPage]:
    if request.identifiers:
        yield from _single_records(files, request)
        return
    mark = fingerprint(files)
    skipped = _pages_before(request.token, mark)
    count = 0
    before: HarvestPage | None = None
    cut: list[str] = []
    parts = _named_parts(files, problems, request)
    for number, (file, part) in enumerate(parts, start=1):
        cut += [file] if part.is_cut and file not in cut else []
        page = _page(file, part, request, number=number, cursor=count)
        count += len(page.records) + len(page.quarantined)
        if before is not None and before.number > skipped:
            yield attrs.evolve(before, token=f"{before.number}-{mark}")
        before = page
    last = before or _page("", Part(problems=problems), request, number=1, cursor=0)
    yield attrs.evolve(last, complete_list_size=count, has_token_element=True)
    if cut:
        raise HarvestError(
            "{count} files break off: {files}; copy or export them again, whole, and run the same"
            " command once more",
            count=len(cut),
            files=", ".join(cut[:_MOST_NAMED]),
        )


def _pages_before(token: str, mark: str) -> int:
    if not token:
        return 0
    number, _, then = token.partition("-")
    if then != mark or not number.isdecimal():
        raise TokenRefusedError("the files changed since the harvest was cut off")
    return int(number)


def _single_records(files: tuple[FoundFile, ...], request: HarvestRequest) -> Iterator[HarvestPage]:
    wanted = dict.fromkeys(request.identifiers, Part())
    for _, part in _named_parts(files, (), request):
        for record in part.records:
            if record.identifier in wanted:
                wanted[record.identifier] = Part(records=(record,))
    for number, part in enumerate(wanted.values(), start=request.page_number):
        yield _page("", part, request, number=number, cursor=None)


def _page(
    file: str, part: Part, request: HarvestRequest, *, number: int, cursor: int | None
) -> HarvestPage:
    records = part.records
    if request.headers_only:
        records = tuple(attrs.evolve(one, content=b"", namespace="") for one in records)
    return HarvestPage(
        number=number,
        url=f"{request.url}#{file}" if file else request.url,
        body=part.body,
        received=datetime.now(UTC),
        records=records,
        cursor=cursor,
        problems=part.problems,
        quarantined=part.quarantined,
        repaired=part.repaired,
    )


def _named_parts(
    files: tuple[FoundFile, ...], problems: tuple[Problem, ...], request: HarvestRequest
) -> Iterator[tuple[str, Part]]:
    """Give the parts of all files, every record under a name of its own."""
    names = _Names()
    for file in files:
        for part in _parts(file, request):
            given, found = names.given(part.records, file.name)
            if part.is_cut:
                found = (*found, breaks_off(file.name))
            together = (*problems, *part.problems, *found)
            refused = part.quarantined
            if len(files) > 1:
                refused = tuple(_with_file(one, file.name) for one in refused)
            named = attrs.evolve(part, records=given, quarantined=refused, problems=together)
            yield file.name, named
            problems = ()
    if problems:
        yield "", Part(problems=problems)


def _with_file(refused: Quarantined, file: str) -> Quarantined:
    """Say which of several files a piece stands in, if its name does not."""
    if refused.identifier == f"#{file}":
        return refused
    return attrs.evolve(
        refused, reason=Message("{file}: {reason}", file=file, reason=refused.reason)
    )


def _parts(file: FoundFile, request: HarvestRequest) -> Iterator[Part]:
    """Give the parts of a file by what it is; a file that cannot be read is a problem."""
    try:
        if file.ending in ENDINGS:
            yield from read_table_file(file, request.source)
            return
        with opened(file) as plain, in_utf8(plain) as content:
            start = content.read(_BEGINNING).removeprefix(_BYTE_ORDER_MARK)
            content.seek(0)
            most = request.max_page_bytes
            if file.ending in ROW_ENDINGS and start.lstrip()[:1] in (b"{", b"["):
                yield from read_row_file(content, file.name, request.source, most)
                return
            if start.lstrip()[:1] == b"<":
                yield from read_xml_file(content, file.name, request.source, most)
            elif looks_like_iso2709(start):
                prefix = request.prefix if request.prefix in _FORMATS else _FORMATS[0]
                yield from read_iso_file(content, request.source, prefix, most)
            elif file.ending in _MEANT:
                yield unreadable(
                    request.source, file.name, _why_not(start, file), content.read(most)
                )
            else:
                yield Part(problems=(not_read(file.name, _why_not(start, file)),))
    except CutFileError:
        yield Part(is_cut=True)
    except OSError as error:
        reason = Message("cannot be read: {reason}", reason=error.strerror or str(error))
        yield unreadable(request.source, file.name, reason)
    except ImportFileError as error:
        yield unreadable(request.source, file.name, error.message)


def _why_not(start: bytes, file: FoundFile) -> Message:
    if not start.strip():
        return Message("the file is empty")
    if file.ending in _ARCHIVES:
        return Message("an archive that cannot be unpacked here; unpack it, and harvest again")
    return Message("neither XML, nor ISO 2709, nor a table; it is not read")


class _Names:
    """Gives every record a name of its own, within all files of the source."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.places: Counter[str] = Counter()
        self.times: Counter[str] = Counter()

    def given(
        self, records: tuple[RawRecord, ...], file: str
    ) -> tuple[tuple[RawRecord, ...], tuple[Problem, ...]]:
        """Return the records named, without those that say the same again, and what was odd."""
        kept: list[RawRecord] = []
        problems: list[Problem] = []
        for record in records:
            self.places[file] += 1
            named = record
            if not record.identifier:
                named = attrs.evolve(record, identifier=f"{file}#{self.places[file]}")
                if record.prefix != "table":
                    problems.append(_without_number(named, file))
            content = f"{record.content_hash[:32]}{'-' * record.is_deleted}"
            name = self._name(named.identifier, content)
            if name is None:
                problems.append(_twice(named, file, self.places[file]))
                continue
            if name != named.identifier:
                problems.append(_again(named, file, name))
                named = attrs.evolve(named, identifier=name)
            kept.append(named)
        return tuple(kept), tuple(problems)

    def _name(self, identifier: str, content: str) -> str | None:
        """Return a name that is free; ``None`` if this very record has one already."""
        facts = f"{identifier}\0{content}"
        if facts in self.seen:
            return None
        self.seen.add(facts)
        name = identifier
        while name in self.times:
            self.times[identifier] += 1
            name = f"{identifier}#{self.times[identifier]}"
        self.times[name] = 1
        return name


def _without_number(record: RawRecord, file: str) -> Problem:
    return Problem(
        code="RECORD_WITHOUT_NUMBER",
        where=Place(source=file, record=record.identifier),
        what=Message("the record has no number of its own; it is named after its place"),
        severity=Severity.INFO,
    )


def _twice(record: RawRecord, file: str, row: int) -> Problem:
    return Problem(
        code="RECORD_TWICE",
        where=Place(source=file, record=record.identifier),
        what=Message("record {row} of the file repeats an earlier one; it is kept once", row=row),
        severity=Severity.INFO,
    )


def _again(record: RawRecord, file: str, name: str) -> Problem:
    return Problem(
        code="NUMBER_TWICE",
        where=Place(source=file, record=record.identifier),
        what=Message(
            "another record has this number; this one is kept as {name}",
            name=name,
        ),
        advice=Message("give every record a number of its own"),
    )
