"""Records, clusters and overlap, from the command line."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from libconsortium import BibRecord, CatalogueError, ManyClusters
from tests.cli.conftest import Type

TITLES = """\
id,title,author,year,isbn
3,Truyện Kiều,Nguyễn Du,2015,9786041000001
1,Truyen Kieu,Nguyen Du,2015,9786041000001
2,Giải tích 1,Trần Văn Mẫu,2019,
"""


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a demonstration that has run."""
    folder = tmp_path_factory.mktemp("demonstrated")
    command = [sys.executable, "-m", "libconsortium", "demo", "--into", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.mark.slow
def test_records_come_one_a_line_for_programs(typed: Type, demonstrated: Path) -> None:
    lines = typed("-C", demonstrated, "records", "--source", "dh-a", "--json").out.splitlines()

    records = [json.loads(line) for line in lines]
    assert len(records) == 170
    assert all(record["schema"] == 1 and not record["deleted"] for record in records)
    assert all(record["title"] for record in records if not record["problems"])


@pytest.mark.slow
def test_tombstones_are_shown_when_asked_for(typed: Type, demonstrated: Path) -> None:
    asked = ("-C", demonstrated, "records", "--source", "dh-a", "--deleted", "--json")

    records = [json.loads(line) for line in typed(*asked).out.splitlines()]

    assert sum(record["deleted"] for record in records) == 9


@pytest.mark.slow
def test_problems_name_record_and_field(typed: Type, demonstrated: Path) -> None:
    said = typed("-C", demonstrated, "records", "--problems").err

    assert "oai:dh-a.example" in said
    assert "3025" in said


@pytest.mark.slow
def test_raw_prints_the_metadata_as_received(typed: Type, demonstrated: Path) -> None:
    said = typed("-C", demonstrated, "records", "--source", "dh-b", "--raw", "--limit", 1).out

    assert "http://purl.org/dc/elements/1.1/" in said


@pytest.mark.slow
def test_an_unknown_source_names_those_there_are(typed: Type, demonstrated: Path) -> None:
    said = typed("-C", demonstrated, "records", "--source", "dh-x")

    assert said.code == 1
    assert "dh-a, dh-b, dh-c" in said.err


@pytest.mark.slow
def test_a_dry_harvest_says_what_would_be_asked(typed: Type, demonstrated: Path) -> None:
    said = typed("-C", demonstrated, "harvest", "--dry-run", "--json")

    assert [source["source"] for source in said.json["sources"]] == ["dh-a", "dh-b", "dh-c"]
    assert all(source["since"] for source in said.json["sources"])


@pytest.mark.slow
def test_a_dead_source_is_an_error_and_says_why(typed: Type, demonstrated: Path) -> None:
    said = typed("-C", demonstrated, "harvest", "dh-a", "--json")

    assert said.code == 4
    assert said.json["sources"][0]["status"] == "INCOMPLETE"
    assert "127.0.0.1" in said.json["sources"][0]["reason"]


@pytest.mark.slow
def test_releasing_a_free_source_says_so(typed: Type, demonstrated: Path) -> None:
    said = typed("-C", demonstrated, "harvest", "dh-a", "--release", "--json")

    assert said.json["released"] == []


@pytest.mark.slow
def test_clustering_again_gives_the_same(typed: Type, demonstrated: Path) -> None:
    first = typed("-C", demonstrated, "cluster", "--json").json
    second = typed("-C", demonstrated, "cluster", "--json").json

    assert first == second
    assert len(first["clusters"]) == 496


@pytest.mark.slow
def test_an_update_says_what_it_did_and_afresh_keeps_the_ids(
    typed: Type, demonstrated: Path
) -> None:
    before = typed("-C", demonstrated, "cluster", "--json").json
    assert (before["update"]["joined"], before["update"]["rebuilt"]) == (0, False)

    after = typed("-C", demonstrated, "cluster", "--afresh", "--json").json

    assert (after["update"]["joined"], after["update"]["rebuilt"]) == (496, True)
    assert after["clusters"] == before["clusters"]


def test_afresh_is_nothing_for_a_file(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text(TITLES, "utf-8")

    assert typed("cluster", titles, "--afresh").code == 2


@pytest.mark.slow
def test_the_overlap_matrix_is_symmetric(typed: Type, demonstrated: Path) -> None:
    rows = {
        row["member"]: row for row in typed("-C", demonstrated, "overlap", "--json").json["matrix"]
    }

    assert rows["dh-a"]["dh-b"] == rows["dh-b"]["dh-a"] > 0


@pytest.mark.slow
def test_the_doctor_says_that_a_source_is_dead(typed: Type, demonstrated: Path) -> None:
    said = typed("-C", demonstrated, "doctor", "--sources", "--json")

    assert said.code == 1
    assert any(
        check["severity"] == "error" and "dh-a" in check["said"] for check in said.json["checks"]
    )


def test_a_file_is_clustered_without_a_consortium(typed: Type, tmp_path: Path) -> None:
    titles, clusters = tmp_path / "titles.csv", tmp_path / "clusters.csv"
    titles.write_text(TITLES, "utf-8")

    said = typed("cluster", titles, "--csv", clusters, "--evidence", tmp_path / "why.csv")

    rows = list(csv.DictReader(clusters.read_text("utf-8").splitlines()))
    assert said.code == 0
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["cluster"] == rows[2]["cluster"] != rows[1]["cluster"]
    why = list(csv.DictReader((tmp_path / "why.csv").read_text("utf-8").splitlines()))
    assert [(row["left"], row["right"]) for row in why] == [("1", "3")]
    assert float(why[0]["score"]) > 0.5


def test_who_only_counted_is_told_how_to_write(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text(TITLES, "utf-8")

    assert "nothing was written; --csv FILE" in typed("cluster", titles).err
    assert "nothing was written" not in typed("cluster", titles, "--csv", "-").err


def test_the_list_itself_is_never_written_over(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("id,title\n1,Sóng\n")

    said = typed("cluster", titles, "--csv", titles)

    assert (said.code, "different files" in said.err) == (2, True)
    assert titles.read_text() == "id,title\n1,Sóng\n"


def test_a_folder_that_is_not_there_is_told_before_the_work(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("id,title\n1,Sóng\n")
    gone = tmp_path / "gone" / "why.csv"

    said = typed("cluster", titles, "--csv", tmp_path / "out.csv", "--evidence", gone, "--json")

    assert (said.code, str(gone) in said.json["reason"]) == (1, True)
    assert not (tmp_path / "out.csv").exists()


def test_a_folder_that_may_only_be_read_is_told_before_the_work(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles, out = tmp_path / "titles.csv", tmp_path / "out.csv"
    titles.write_text("id,title\n,no id\n")
    monkeypatch.setattr("os.access", lambda _path, mode, **_: mode != os.W_OK)

    assert "Permission denied" in typed("cluster", titles, "--csv", out, "--json").json["reason"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk that Linux gives")
def test_a_full_disk_is_no_riddle(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("id,title\n1,Sóng\n", "utf-8")

    said = typed("cluster", titles, "--csv", "/dev/full", "--json")

    assert said.code == 1
    reason = "cannot write /dev/full: No space left on device; look at the path, its rights"
    assert said.json["reason"] == f"{reason} and the free space"


def test_standard_output_holds_a_table_or_an_object(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("id,title\n1,Sóng\n")

    assert typed("cluster", titles, "--csv", "-").out == "id,cluster\n1,1\n"
    said = typed("cluster", titles, "--csv", "-", "--json")
    assert (said.code, said.json["status"]) == (2, "ERROR")


@pytest.mark.parametrize("other", [("--csv", "-"), ("--json",)])
def test_evidence_is_printed_alone(typed: Type, tmp_path: Path, other: tuple[str, ...]) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("id,title\n1,Sóng\n")

    assert typed("cluster", titles, "--evidence", "-").out.startswith("left,right,")
    assert typed("cluster", titles, "--evidence", "-", *other).code == 2


@pytest.mark.parametrize("threshold", ["0", "1.5", "nan"])
def test_a_threshold_is_above_nothing_and_at_most_one(
    typed: Type, tmp_path: Path, threshold: str
) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("id,title\n1,Sóng\n")

    said = typed("cluster", titles, "--threshold", threshold)

    assert said.code == 2
    assert "Invalid value for '--threshold'" in said.err


def test_a_file_that_breaks_off_is_clustered_as_far_as_it_goes(typed: Type, tmp_path: Path) -> None:
    record = (
        "<record><controlfield tag='001'>{}</controlfield><datafield tag='245'>"
        "<subfield code='a'>Sóng</subfield></datafield></record>"
    )
    titles = tmp_path / "titles.xml"
    titles.write_text(f"<collection>{record.format(1)}{record.format(2)}{record.format(3)}"[:-30])

    said = typed("cluster", titles, "--csv", tmp_path / "out.csv", "--json")

    assert said.code == 0
    assert [row["id"] for row in said.json["clusters"]] == ["1", "2"]
    assert "FILE_CUT" in {problem["code"] for problem in said.json["problems"]}
    assert "breaks off" in said.err


def test_a_repeated_id_is_named_with_its_row(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("id,title\n1,A\n1,B\n", "utf-8")

    said = typed("cluster", titles, "--json")

    assert said.code == 1
    assert said.json["error"] == {
        "kind": "ImportFileError",
        "message": f"{titles}: row 3 repeats the id '1' of row 2; give every row one of its own",
    }
    assert said.err == f"error: {said.json['error']['message']}\n"


def test_an_engine_that_is_not_there_names_its_package(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text(TITLES, "utf-8")

    said = typed("cluster", titles, "--engine", "spark", "--json")

    assert said.code == 1
    assert "libconsortium-spark" in said.json["error"]["message"]


def test_a_rule_that_is_not_there_names_its_package(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text(TITLES, "utf-8")

    said = typed("--without", "splink", "cluster", titles, "--rules", "splink", "--json")

    assert said.code == 1
    assert "libconsortium-splink" in said.json["error"]["message"]


def test_works_bring_volumes_together(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text(
        "id,title,author,year\n1,Giải tích. Tập 1,Trần An,2019\n2,Giải tích. Tập 2,Trần An,2021\n",
        "utf-8",
    )

    works = typed("cluster", titles, "--level", "work", "--json").json["clusters"]
    publications = typed("cluster", titles, "--level", "manifestation", "--json").json["clusters"]

    assert len({row["cluster"] for row in works}) == 1
    assert len({row["cluster"] for row in publications}) == 2


def test_a_rule_of_another_level_is_refused(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text(TITLES, "utf-8")

    said = typed("cluster", titles, "--level", "work", "--rules", "bibliographic")

    assert said.code == 1
    assert "not work" in said.err


def test_level_and_map_need_a_file(typed: Type, folder: Path) -> None:
    assert typed("-C", folder, "cluster", "--level", "work").code == 2


def test_foreign_headings_are_mapped(typed: Type, tmp_path: Path) -> None:
    titles, columns = tmp_path / "titles.csv", tmp_path / "columns.toml"
    titles.write_text("no,title,venue\n1,A,B\n", "utf-8")
    columns.write_text('[columns]\nid = "no"\njournal = "venue"\n', "utf-8")

    said = typed("cluster", titles, "--map", columns, "--csv", "-")

    assert said.out == "id,cluster\n1,1\n"


def test_evidence_is_said_in_the_readers_language(typed: Type, tmp_path: Path) -> None:
    titles, why = tmp_path / "titles.csv", tmp_path / "why.csv"
    titles.write_text(TITLES, "utf-8")

    typed("cluster", titles, "--evidence", why)

    (row,) = csv.DictReader(why.read_text("utf-8").splitlines())
    assert "title equal" in row["reasons"]
    assert "\t" not in row["reasons"]


def test_an_engine_that_fails_half_way_leaves_one_whole_object(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(_: ManyClusters) -> Iterator[tuple[str, str]]:
        yield from ((str(number), str(number)) for number in range(5_000))
        raise CatalogueError("the engine has no room left")

    monkeypatch.setattr(ManyClusters, "rows", rows)
    titles = tmp_path / "titles.csv"
    titles.write_text(TITLES, "utf-8")

    said = typed("cluster", titles, "--json")

    assert (said.code, said.json["reason"]) == (1, "the engine has no room left")


@pytest.mark.slow
def test_problems_of_very_many_rows_are_all_there_and_in_their_order(
    typed: Type, tmp_path: Path
) -> None:
    titles = tmp_path / "titles.csv"
    rows = (f"{number},Sách số {number},isbn {number}" for number in range(4_000))
    titles.write_text("\n".join(("id,title,isbn", *rows)) + "\n", "utf-8")

    said = typed("cluster", titles, "--json")

    problems = [one for one in said.json["problems"] if one["field"] == "isbn"]
    assert [int(one["record"]) for one in problems] == list(range(4_000))
    assert "more problems" in said.err


def test_overlap_before_clustering_says_what_to_do(typed: Type, folder: Path) -> None:
    said = typed("-C", folder, "overlap")

    assert said.code == 1
    assert "libconsortium cluster" in said.err


def test_keys_that_too_many_records_share_are_told(typed: Type, tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    rows = (f"{number},Báo cáo thường niên,{1800 + number}" for number in range(101))
    titles.write_text("\n".join(("id,title,year", *rows)) + "\n", "utf-8")

    problems = typed("cluster", titles, "--json").json["problems"]

    (told,) = (one for one in problems if one["code"] == "BLOCK_TOO_LARGE")
    assert "101 records share the key 'title baocaothuongnien'" in told["what"]


def test_a_request_to_end_leaves_nothing_behind(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> Iterator[BibRecord]:
        yield BibRecord(source="a", identifier="1", titles=("Sóng",))
        os.kill(os.getpid(), signal.SIGTERM)
        yield BibRecord(source="a", identifier="2", titles=("Sóng",))

    (tmp_path / "titles.csv").write_text("id,title\n", "utf-8")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr("libconsortium.cli.catalogue.cluster.each_title", stopped)

    said = typed("cluster", tmp_path / "titles.csv", "--json")

    assert (said.code, said.json["status"]) == (130, "ERROR")
    assert not list((tmp_path / "temporary").iterdir())
