"""Cataloguers' decisions, from the command line."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from libconsortium.consortium import review
from libconsortium.plugins.sql_store.sql_store import SqlStore
from tests.cli.conftest import Type

_MARC = "http://www.loc.gov/MARC21/slim"
_BOOKS = {
    # source: identifier, title, author, year, pages
    "a": [
        ("1", "Truyện Kiều", "Nguyễn Du", "2015", "320 tr."),
        ("2", "Giải tích", "Trần Văn Mẫu", "2019", "210 tr."),
        ("3", "Lễ hội đình Cồn Gió", "", "2020", "88 tr."),
    ],
    "b": [
        ("7", "Truyện Kiều", "Nguyễn Du", "2015", "320 tr."),
        ("8", "Giải tích hàm", "Lê Mẫu", "2001", "99 tr."),
        ("9", "Lễ hội đình Cồn Gió", "", "2020", "88 tr."),
    ],
}


def _record(identifier: str, title: str, author: str, year: str, pages: str) -> str:
    fields = [
        ("245", "a", title),
        ("100", "a", author),
        ("260", "c", year),
        ("260", "b", "Thế Giới"),
        ("300", "a", pages),
    ]
    inside = "".join(
        f'<datafield tag="{tag}" ind1=" " ind2=" "><subfield code="{code}">{value}</subfield>'
        "</datafield>"
        for tag, code, value in fields
        if value
    )
    return (
        f"<record><leader>00000nam a2200000 u 4500</leader>"
        f'<controlfield tag="001">{identifier}</controlfield>{inside}</record>'
    )


@pytest.fixture
def catalogued(typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a consortium of two libraries whose catalogue is built."""
    monkeypatch.setenv("LIBCONSORTIUM_BY", "cataloguer")
    settings = '[consortium]\nname = "Demo"\nlanguage = "en"\n'
    for source, books in _BOOKS.items():
        records = "".join(_record(*book) for book in books)
        (tmp_path / f"{source}.xml").write_text(
            f'<collection xmlns="{_MARC}">{records}</collection>', "utf-8"
        )
        settings += f'[[sources]]\nname = "{source}"\nmember = "lib-{source}"\n'
        settings += f'url = "{source}.xml"\nharvester = "files"\n'
    (tmp_path / "consortium.toml").write_text(settings, "utf-8")
    assert typed("-C", tmp_path, "harvest").code == 0
    assert typed("-C", tmp_path, "cluster").code == 0
    return tmp_path


def _together(typed: Type, folder: Path) -> set[frozenset[str]]:
    rows = typed("-C", folder, "cluster", "--json").json["clusters"]
    groups: dict[str, set[str]] = {}
    for row in rows:
        groups.setdefault(row["cluster"], set()).add(row["id"])
    return {frozenset(one) for one in groups.values() if len(one) > 1}


def test_publications_of_several_records_are_listed(typed: Type, catalogued: Path) -> None:
    said = typed("-C", catalogued, "clusters", "list", "--json").json

    assert [row["cluster"] for row in said["clusters"]] == ["a 1", "a 3"]
    assert said["clusters"][0]["title"] == "Truyện Kiều"
    assert "Truyện Kiều" in typed("-C", catalogued, "clusters", "list").out


def test_a_publication_is_shown_with_records_and_reasons(typed: Type, catalogued: Path) -> None:
    said = typed("-C", catalogued, "clusters", "show", "b 7")

    assert "a 1 = b 7" in said.out
    assert "title equal" in said.out
    assert typed("-C", catalogued, "clusters", "show", "a 1", "--json").json["records"][1][
        "record"
    ] == "b 7"  # fmt: skip


def test_evidence_is_said_in_vietnamese(typed: Type, catalogued: Path) -> None:
    said = typed("--lang", "vi", "-C", catalogued, "clusters", "show", "b 7").out

    assert "nhan đề" in said


def test_a_rejected_pair_stays_apart_however_often_it_is_clustered(
    typed: Type, catalogued: Path
) -> None:
    made = typed("-C", catalogued, "clusters", "reject", "a 3", "b 9", "--why", "two feasts")

    assert made.code == 0
    assert _together(typed, catalogued) == {frozenset({"a 1", "b 7"})}
    assert _together(typed, catalogued) == {frozenset({"a 1", "b 7"})}


def test_a_confirmed_pair_is_joined_though_the_rule_would_not(
    typed: Type, catalogued: Path
) -> None:
    typed("-C", catalogued, "clusters", "confirm", "a 2", "b 8")

    assert frozenset({"a 2", "b 8"}) in _together(typed, catalogued)
    assert "confirmed by a cataloguer" in typed("-C", catalogued, "clusters", "show", "a 2").out


def test_a_name_alone_confirms_its_whole_cluster(typed: Type, catalogued: Path) -> None:
    made = typed("-C", catalogued, "clusters", "confirm", "b 7", "--json").json["decisions"]

    assert [(one["left"], one["right"], one["verdict"]) for one in made] == [("a 1", "b 7", "same")]


def test_records_are_split_off(typed: Type, catalogued: Path) -> None:
    typed("-C", catalogued, "clusters", "split", "a 3", "b 9")

    assert frozenset({"a 3", "b 9"}) not in _together(typed, catalogued)


@pytest.mark.parametrize("records", [("a 3", "b 9"), ("a 1",)])
def test_some_of_the_records_leave_not_all_and_no_others(
    typed: Type, catalogued: Path, records: tuple[str, ...]
) -> None:
    assert typed("-C", catalogued, "clusters", "split", "a 3", *records).code == 2


def test_a_decision_taken_back_no_longer_counts_and_stays_in_the_history(
    typed: Type, catalogued: Path
) -> None:
    typed("-C", catalogued, "clusters", "reject", "a 3", "b 9", "--why", "two feasts")

    assert typed("-C", catalogued, "clusters", "undo", "--by", "head").code == 0

    assert frozenset({"a 3", "b 9"}) in _together(typed, catalogued)
    (one,) = typed("-C", catalogued, "clusters", "history", "--json").json["decisions"]
    assert (one["by"], one["why"], one["undone_by"]) == ("cataloguer", "two feasts", "head")
    assert "two feasts" in typed("-C", catalogued, "clusters", "history").out


def test_a_contradiction_is_refused_and_names_both(typed: Type, catalogued: Path) -> None:
    typed("-C", catalogued, "clusters", "reject", "a 3", "b 9")

    said = typed("-C", catalogued, "clusters", "confirm", "a 3", "b 9")

    assert said.code == 1
    assert "decision 1" in said.err
    assert "decision 2" in said.err


def test_the_same_word_twice_is_one_decision(typed: Type, catalogued: Path) -> None:
    for _ in range(2):
        typed("-C", catalogued, "clusters", "reject", "a 3", "b 9")

    assert len(typed("-C", catalogued, "clusters", "history", "--json").json["decisions"]) == 1


def test_an_unknown_record_is_named(typed: Type, catalogued: Path) -> None:
    said = typed("-C", catalogued, "clusters", "reject", "a 3", "z 9")

    assert said.code == 1
    assert "'z 9'" in said.err
    assert typed("-C", catalogued, "clusters", "show", "z 9").code == 1


def test_who_decides_must_be_said(
    typed: Type, catalogued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIBCONSORTIUM_BY")

    assert typed("-C", catalogued, "clusters", "reject", "a 3", "b 9").code == 2
    monkeypatch.setenv("LIBCONSORTIUM_BY", "x")
    assert typed("-C", catalogued, "clusters", "reject", "a 3").code == 2


def test_doubtful_pairs_come_with_evidence_and_those_decided_do_not_come_again(
    typed: Type, catalogued: Path
) -> None:
    found = typed("-C", catalogued, "clusters", "doubtful", "--json").json["pairs"]

    assert {(one["left"]["record"], one["right"]["record"]) for one in found} >= {("a 3", "b 9")}
    assert "Cồn Gió" in typed("-C", catalogued, "clusters", "doubtful").out
    for one in found:
        typed("-C", catalogued, "clusters", "reject", one["left"]["record"], one["right"]["record"])
    assert typed("-C", catalogued, "clusters", "doubtful", "--json").json["pairs"] == []
    assert "nothing is in doubt" in typed("-C", catalogued, "clusters", "doubtful").err


def test_a_list_is_worked_through_in_a_spreadsheet_and_taken_in(
    typed: Type, catalogued: Path
) -> None:
    sheet = catalogued / "review.csv"
    typed("-C", catalogued, "clusters", "doubtful", "--csv", sheet)
    rows = list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))
    for row in rows:
        row["verdict"] = "different" if row["left"] == "a 3" else ""
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)

    said = typed("-C", catalogued, "clusters", "import", sheet, "--json").json

    assert [one["left"] for one in said["decisions"]] == ["a 3"]
    assert frozenset({"a 3", "b 9"}) not in _together(typed, catalogued)


def test_the_history_of_one_office_is_taken_in_by_another(typed: Type, catalogued: Path) -> None:
    history = catalogued / "decisions.csv"
    typed("-C", catalogued, "clusters", "reject", "a 3", "b 9", "--why", "two feasts")
    typed("-C", catalogued, "clusters", "history", "--csv", history)
    typed("-C", catalogued, "clusters", "undo")

    typed("-C", catalogued, "clusters", "import", history, "--by", "other")

    last = typed("-C", catalogued, "clusters", "history", "--json").json["decisions"][-1]
    assert (last["act"], last["by"], last["why"], last["undone_on"]) == (
        2, "cataloguer", "two feasts", "",
    )  # fmt: skip
    assert "0 decisions" in typed("-C", catalogued, "clusters", "import", history).err


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("left,right,verdict\na 1,b 7,perhaps\n", "row 2"),
        ("left,right,verdict,on\na 1,b 7,same,yesterday\n", "row 2"),
        ("left,verdict\na 1,same\n", "right"),
    ],
)
def test_a_wrong_table_of_decisions_takes_nothing_in(
    typed: Type, catalogued: Path, text: str, named: str
) -> None:
    table = catalogued / "decisions.csv"
    table.write_text(text, "utf-8")

    said = typed("-C", catalogued, "clusters", "import", table)

    assert said.code == 1
    assert named in said.err
    assert typed("-C", catalogued, "clusters", "history", "--json").json["decisions"] == []


@pytest.mark.parametrize(
    ("written", "verdict"),
    [("Khác", "different"), ("giống nhau", "same"), ("TRÙNG", "same"), ("Same", "same")],
)
def test_a_verdict_may_be_written_in_vietnamese(
    typed: Type, catalogued: Path, written: str, verdict: str
) -> None:
    table = catalogued / "decisions.csv"
    table.write_text(f"left,right,verdict\na 1,b 7,{written}\n", "utf-8")

    (made,) = typed("-C", catalogued, "clusters", "import", table, "--json").json["decisions"]

    assert made["verdict"] == verdict


def test_weights_are_learned_written_and_used(typed: Type, catalogued: Path) -> None:
    typed("-C", catalogued, "clusters", "reject", "a 3", "b 9")
    typed("-C", catalogued, "clusters", "confirm", "a 1", "b 7")
    weights = catalogued / "weights.toml"

    said = typed("-C", catalogued, "clusters", "learn", "--into", weights)

    assert said.code == 0
    assert "that is few" in said.err
    text = weights.read_text("utf-8")
    assert text.startswith("# Learned from 2 decisions")
    settings = catalogued / "consortium.toml"
    settings.write_text(
        settings.read_text("utf-8") + '[catalogue]\nweights = "weights.toml"\nthreshold = 0.99\n',
        "utf-8",
    )
    typed("-C", catalogued, "clusters", "undo")
    typed("-C", catalogued, "clusters", "undo")
    weights.write_text("[bibliographic]\nstart = -99\n", "utf-8")
    assert _together(typed, catalogued) == set()


def test_learning_before_anything_was_decided_says_what_to_do(
    typed: Type, catalogued: Path
) -> None:
    said = typed("-C", catalogued, "clusters", "learn", "--json")

    assert said.code == 1
    assert "clusters doubtful" in said.json["error"]["message"]


@pytest.mark.parametrize(
    ("text", "named"),
    [("[other]\n", "clusters"), ("[bibliographic]\nstart = 'x'\n", ":2"), ("[", "not TOML")],
)
def test_a_wrong_file_of_weights_is_named(
    typed: Type, catalogued: Path, text: str, named: str
) -> None:
    (catalogued / "weights.toml").write_text(text, "utf-8")
    settings = catalogued / "consortium.toml"
    settings.write_text(
        settings.read_text("utf-8") + '[catalogue]\nweights = "weights.toml"\n', "utf-8"
    )

    said = typed("-C", catalogued, "cluster")

    assert said.code == 1
    assert "weights.toml" in said.err
    assert named in said.err


def test_a_threshold_out_of_bounds_is_refused(typed: Type, catalogued: Path) -> None:
    settings = catalogued / "consortium.toml"
    settings.write_text(settings.read_text("utf-8") + "[catalogue]\nthreshold = 2\n", "utf-8")

    assert typed("-C", catalogued, "cluster").code == 1


def test_decisions_are_among_the_open_files_and_load_again(typed: Type, catalogued: Path) -> None:
    typed("-C", catalogued, "clusters", "reject", "a 3", "b 9", "--why", "two feasts")
    typed("-C", catalogued, "export", "--into", catalogued / "out")

    said = typed("-C", catalogued, "load", catalogued / "out" / "decisions.csv", "--json").json

    assert (said["changes"], said["unchanged"], said["problems"]) == ([], 1, [])


def test_the_union_catalogue_goes_out_in_every_format(typed: Type, catalogued: Path) -> None:
    said = typed("-C", catalogued, "export", "--union", "--into", catalogued / "u", "--json").json

    counts = {Path(name).name: count for name, count in said["written"].items()}
    assert counts == {
        "records.xml": 4, "records.mrc": 4, "records.jsonl": 4, "records.csv": 4,
        "records.tsv": 0, "records.json": 4,
    }  # fmt: skip
    assert '"lib-b"' in (catalogued / "u" / "records.json").read_text("utf-8")


def test_one_library_s_records_go_out(typed: Type, catalogued: Path) -> None:
    out = typed("-C", catalogued, "export", "--member", "lib-b", "--format", "csv").out

    assert [row["identifier"] for row in csv.DictReader(out.splitlines())] == ["7", "8", "9"]


def test_an_unknown_library_is_named_with_those_there_are(typed: Type, catalogued: Path) -> None:
    said = typed("-C", catalogued, "export", "--member", "lib-z", "--format", "csv")

    assert said.code == 1
    assert "lib-a, lib-b" in said.err


def test_one_kind_of_records_is_exported_at_a_time(typed: Type, catalogued: Path) -> None:
    assert typed("-C", catalogued, "export", "--member", "lib-b", "--union").code == 2


@pytest.fixture
def asked_only(catalogued: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the store give clusters and records only to those who name them."""
    for name, wanted in (("clusters", 0), ("records", "identifiers")):
        monkeypatch.setattr(SqlStore, name, _asked(getattr(SqlStore, name), wanted))
    return catalogued


def _asked(method: Callable[..., object], wanted: int | str) -> Callable[..., object]:
    def _checked(self: SqlStore, *given: object, **named: object) -> object:
        asked = named.get(wanted) if isinstance(wanted, str) else given[wanted]
        assert asked is not None, f"{method.__name__}: everything was read"
        return method(self, *given, **named)

    return _checked


def test_a_cataloguer_s_commands_look_up_what_they_need_and_read_nothing_else(
    typed: Type, asked_only: Path
) -> None:
    assert "title equal" in typed("-C", asked_only, "clusters", "show", "b 7").out
    assert typed("-C", asked_only, "clusters", "split", "a 1", "b 7").code == 0
    assert typed("-C", asked_only, "clusters", "confirm", "a 2", "b 8").code == 0
    assert typed("-C", asked_only, "clusters", "reject", "a 3", "b 8").code == 0
    assert typed("-C", asked_only, "clusters", "show", "a 99").code == 1
    assert typed("-C", asked_only, "clusters", "list", "--limit", "1", "--json").json["of"] == 2
    pairs = typed("-C", asked_only, "clusters", "doubtful", "--json").json["pairs"]
    assert pairs != []


def test_doubtful_pairs_are_the_same_kept_or_compared_anew(
    typed: Type, catalogued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = typed("-C", catalogued, "clusters", "doubtful", "--json").json
    monkeypatch.setattr(review, "kept_pairs", lambda *_: None)

    assert typed("-C", catalogued, "clusters", "doubtful", "--json").json == kept
    assert len(kept["pairs"]) > 1


def test_doubtful_pairs_are_found_before_the_catalogue_is_built(
    typed: Type, catalogued: Path
) -> None:
    kept = typed("-C", catalogued, "clusters", "doubtful", "--json").json
    for path in catalogued.glob("*.catalogue/*"):
        path.unlink()

    assert typed("-C", catalogued, "clusters", "doubtful", "--json").json == kept


def test_an_id_that_ended_shows_where_its_records_went(typed: Type, catalogued: Path) -> None:
    typed("-C", catalogued, "clusters", "confirm", "a 2", "b 8")
    typed("-C", catalogued, "cluster")

    assert typed("-C", catalogued, "clusters", "show", "b 8", "--json").json["cluster"] == "a 2"


def test_doubtful_pairs_of_a_catalogue_built_by_another_rule_and_threshold(
    typed: Type, catalogued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = ("--rules", "works", "--threshold", "0.7")
    assert typed("-C", catalogued, "cluster", *built).code == 0

    def compare_anew(*_: object, **__: object) -> None:
        raise AssertionError("what was kept is enough")

    monkeypatch.setattr(review, "doubtful_pairs", compare_anew)

    found = typed("-C", catalogued, "clusters", "doubtful", *built, "--json").json["pairs"]
    assert found != []
