"""The provinces that records speak of (địa chí): counts, evidence, doubts, and trying the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import click

from libconsortium import (
    Consortium,
    Doubt,
    Gazetteer,
    PlaceDoubt,
    PlaceFinder,
    Places,
    PlaceTag,
    SettingsError,
    UnionRecord,
    place_finder,
    places_of,
    whole_text,
    write_csv_for_excel,
)
from libconsortium.cli.frame import (
    FILE_OUT,
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    option,
)

_USUAL = "vn-provinces"
_Found = Iterable[tuple[UnionRecord, Places]]

_SAID = (
    # Values of our records that are said in a table.
    N_("the name"),
    N_("the name after a sign"),
    N_("another writing of the name"),
    N_("the name in a field of places"),
    N_("also an ordinary word or a person's name, and no sign stands before it"),
    N_("a person's name or title stands before it"),
    N_("the name of a district, a ward or a village"),
    N_("written without diacritics, and no sign stands before it"),
    N_("the name of several provinces"),
    N_("belongs to several provinces today"),
    N_("the name of one province before and of a larger one now"),
)


@command(
    help=N_(
        "Show which provinces the records speak of, by their names of now and of before 1 July"
        " 2025.\n\n"
        "A record that says 'tỉnh Hải Dương' counts for Hải Dương (before) and Hải Phòng (now);"
        " the record itself is never changed. Every tag has its evidence: field, words and rule"
        " (--evidence). What may also be an ordinary word, a person or one of several provinces is"
        " not guessed but listed (--doubts). Title, subjects, places (dc:coverage; MARC 651, 662,"
        " 522, 043) and abstract are looked at. The names and rules are a table that you can edit:"
        ' --table prints it, [catalogue] places = "places.toml" uses yours, --try shows what a'
        " text gives. 'libconsortium search --place' searches by the tags."
    ),
    examples=(
        "libconsortium places",
        "libconsortium places --before",
        "libconsortium places --doubts --limit 20",
        "libconsortium places --evidence --csv places.csv",
        "libconsortium places --try 'Địa chí tỉnh Hải Dương' --year 2004",
        "libconsortium places --try 'Hòa Bình' --field coverage",
        "libconsortium places --table > places.toml",
    ),
)
@option("--before", is_flag=True, help=N_("Count by the provinces of before."))
@option("--evidence", is_flag=True, help=N_("List every tag: record, field, words, rule."))
@option("--doubts", is_flag=True, help=N_("List what was not decided, and why."))
@option("--try", "tried", metavar="TEXT", help=N_("Show what a text gives; needs no catalogue."))
@option(
    "--field",
    default="titles",
    show_default=True,
    help=N_("Field of the text to try: titles, subjects, coverage or descriptions."),
)
@option(
    "--year", type=int, help=N_("Year of the text to try: names of before 2025 are of that time.")
)
@option("--table", is_flag=True, help=N_("Print the table of places, to edit it."))
@option(
    "--csv",
    "csv_file",
    type=FILE_OUT,
    help=N_("Write the list of --evidence or --doubts to this file."),
)
@option("--limit", type=click.IntRange(min=1), help=N_("At most so many lines of a list."))
@json_option
@current
def places(
    terminal: Terminal,
    *,
    before: bool,
    evidence: bool,
    doubts: bool,
    tried: str | None,
    field: str,
    year: int | None,
    table: bool,
    csv_file: Path | None,
    limit: int | None,
    json_: bool,
) -> None:
    """Show the provinces of the records."""
    if table:
        _print_table(terminal)
        return
    if tried is not None:
        finder = _finder(terminal)
        if field not in finder.table.fields:
            raise SettingsError(
                "the table of places does not look at {field!r}; it looks at: {known}",
                field=field,
                known=", ".join(finder.table.fields),
            )
        _show_tried(terminal, finder.places({field: [tried]}, year=year), json_)
        return
    with terminal.consortium() as consortium:
        found = _tagged(consortium)
        if evidence or doubts:
            rows = _doubt_rows(found) if doubts else _tag_rows(found)
            _show_rows(terminal, islice(rows, limit), csv_file, json_=json_)
            return
        _show_counts(terminal, found, before=before, json_=json_)


def _finder(terminal: Terminal) -> PlaceFinder:
    """Return what the settings say, or the usual table where there are none."""
    if (terminal.folder / "consortium.toml").exists():
        with terminal.consortium() as consortium:
            return _of(consortium)
    finder = place_finder(terminal.registry(), _USUAL)
    assert finder is not None  # noqa: S101 - a table that is named
    return finder


def _of(consortium: Consortium) -> PlaceFinder:
    finder = consortium.catalogue.place_finder()
    if finder is None:
        raise SettingsError(
            "no table of places is named; write places = {usual!r} under [catalogue]", usual=_USUAL
        )
    return finder


def _tagged(consortium: Consortium) -> Iterator[tuple[UnionRecord, Places]]:
    finder = _of(consortium)
    for union in consortium.catalogue.union_records():
        yield union, places_of(union, finder)


def _print_table(terminal: Terminal) -> None:
    settings = terminal.folder / "consortium.toml"
    named = _USUAL
    if settings.exists():
        with terminal.consortium() as consortium:
            named = consortium.settings.file.catalogue.places or _USUAL
    if named.endswith(".toml"):
        click.echo((terminal.folder / named).read_text("utf-8"), nl=False)
    else:
        click.echo(terminal.registry().find(Gazetteer, named).read(), nl=False)


def _show_tried(terminal: Terminal, found: Places, json_: bool) -> None:
    if json_:
        as_json(
            {
                "tags": [_tag_row(tag) for tag in found.tags],
                "doubts": [_doubt_row(doubt) for doubt in found.doubts],
                **found.facets(),
            }
        )
        return
    if found.tags:
        headings = (N_("words"), N_("province now"), N_("province before"), N_("rule"))
        as_table(
            [terminal.said(text) for text in headings],
            [(tag.words, tag.now, tag.before, terminal.said(tag.rule.value)) for tag in found.tags],
        )
    for doubt in found.doubts:
        click.echo(
            terminal.said(
                N_("doubtful: '{words}' ({meant}): {why}"),
                words=doubt.words,
                meant=", ".join(doubt.meant),
                why=terminal.said(doubt.why.value),
            )
        )
    if not found.tags and not found.doubts:
        click.echo(terminal.said(N_("no province is named")))


def _show_counts(terminal: Terminal, found: _Found, *, before: bool, json_: bool) -> None:
    now: Counter[str] = Counter()
    then: Counter[str] = Counter()
    doubts: Counter[Doubt] = Counter()
    publications = tagged = 0
    for _, one in found:
        publications += 1
        facets = one.facets()
        tagged += bool(facets)
        now.update(facets.get("place", ()))
        then.update(facets.get("place-before", ()))
        doubts.update(doubt.why for doubt in one.doubts)
    if json_:
        as_json(
            {
                "publications": publications,
                "tagged": tagged,
                "place": dict(now.most_common()),
                "place-before": dict(then.most_common()),
                "doubts": {why.name.lower(): count for why, count in doubts.most_common()},
            }
        )
        return
    heading = N_("province before 1 July 2025") if before else N_("province now")
    as_table(
        [terminal.said(heading), terminal.said(N_("publications"))],
        (then if before else now).most_common(),
    )
    click.echo()
    click.echo(
        terminal.said(
            N_("{tagged} of {publications} publications speak of a province; {doubts} doubts"),
            tagged=tagged,
            publications=publications,
            doubts=doubts.total(),
        )
    )


def _tag_rows(found: _Found) -> Iterator[dict[str, str]]:
    return ({"id": union.cluster, **_tag_row(tag)} for union, one in found for tag in one.tags)


def _doubt_rows(found: _Found) -> Iterator[dict[str, str]]:
    return (
        {"id": union.cluster, "title": union.title, **_doubt_row(doubt)}
        for union, one in found
        for doubt in one.doubts
    )


def _tag_row(tag: PlaceTag) -> dict[str, str]:
    return {
        "words": tag.words,
        "field": tag.field,
        "place": tag.now,
        "place-before": tag.before,
        "rule": tag.rule.value,
    }


def _doubt_row(doubt: PlaceDoubt) -> dict[str, str]:
    return {
        "words": doubt.words,
        "field": doubt.field,
        "meant": ", ".join(doubt.meant),
        "why": doubt.why.value,
    }


_SPOKEN = frozenset(("rule", "why"))
_HEADINGS: Mapping[str, str] = {
    "id": N_("publication"),
    "title": N_("title"),
    "words": N_("words"),
    "field": N_("field"),
    "place": N_("province now"),
    "place-before": N_("province before"),
    "rule": N_("rule"),
    "meant": N_("may be"),
    "why": N_("why not decided"),
}


def _show_rows(
    terminal: Terminal, rows: Iterable[Mapping[str, str]], csv_file: Path | None, *, json_: bool
) -> None:
    listed = [dict(row) for row in rows]
    if csv_file is not None:
        with whole_text(csv_file) as out:
            write_csv_for_excel(out, list(listed[0]) if listed else [], listed)
        terminal.say(N_("wrote {path}"), path=csv_file)
    if json_:
        as_json({"rows": listed})
    elif csv_file is None and listed:
        as_table([terminal.said(_HEADINGS[name]) for name in listed[0]], _spoken(terminal, listed))


def _spoken(terminal: Terminal, rows: Sequence[Mapping[str, str]]) -> list[list[str]]:
    return [
        [
            terminal.said(value) if name in _SPOKEN else value.replace("\t", " ")
            for name, value in row.items()
        ]
        for row in rows
    ]
