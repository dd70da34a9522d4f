"""Lists of titles compared, from the command line, and their figures in a split."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from libconsortium import Consortium
from libconsortium.files.record_files.kbart import KBART_COLUMNS
from tests.cli.conftest import Type

_HEAD = KBART_COLUMNS
_ISSN = {"Annals": "0317-8471", "Bulletin": "2434-561X", "Cahiers": "1050-124X"}
_USAGE = """\
Report_Name\tJournal Requests (Excluding OA_Gold)
Report_ID\tTR_J1
Release\t5.1
Institution_Name\t{member}
Institution_ID
Metric_Types\tTotal_Item_Requests
Report_Filters
Report_Attributes
Exceptions
Reporting_Period\tBegin_Date=2025-01-01; End_Date=2025-01-31
Created\t2025-02-01T00:00:00Z
Created_By\tP

Title\tPublisher\tPublisher_ID\tPlatform\tDOI\tProprietary_ID\tPrint_ISSN\tOnline_ISSN\tURI\tMetric_Type\tReporting_Period_Total\tJan-2025
Annals\tX\t\tP\t\t\t0317-8471\t\t\tTotal_Item_Requests\t{count}\t{count}
"""

_BY_USE = """
name = "the same for every use"
mix = [{ weight = 1, by = "uses" }]
drivers = { uses = { measure = "uses.csdl-vi-du-2025" } }
"""


def _list(path: Path, *titles: str) -> Path:
    lines = ["\t".join(_HEAD)]
    for title in titles:
        row = dict.fromkeys(_HEAD, "") | {
            "publication_title": title, "print_identifier": _ISSN[title],
            "title_url": "https://p.example/", "title_id": title, "coverage_depth": "fulltext",
            "publication_type": "serial", "access_type": "P", "publisher_name": "X",
            "date_first_issue_online": "2000-01-01",
        }  # fmt: skip
        lines.append("\t".join(row[name] for name in _HEAD))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_lists_are_compared_with_no_consortium(typed: Type, tmp_path: Path) -> None:
    files = [
        _list(tmp_path / "acme.tsv", "Annals", "Bulletin"),
        _list(tmp_path / "beta.tsv", "Bulletin", "Cahiers"),
    ]

    said = typed("overlap", "titles", *files, "--json").json
    shown = typed("overlap", "titles", *files)

    assert said["paid_twice"][0]["title"] == "Bulletin"
    assert said["matrix"][0] == {"list": "acme", "acme": 2, "beta": 1}
    assert said["in_k"] == {"1": 2, "2": 1}
    assert "2 × Bulletin: acme, beta" in shown.out


def test_reports_are_written_by_their_endings(typed: Type, tmp_path: Path) -> None:
    files = [_list(tmp_path / "acme.tsv", "Annals"), _list(tmp_path / "beta.tsv", "Annals")]
    into = [tmp_path / f"out{ending}" for ending in (".html", ".xlsx", ".csv")]

    said = typed("overlap", "titles", *files, *(part for path in into for part in ("--into", path)))

    assert said.code == 0
    assert "<svg" in into[0].read_text("utf-8")
    assert into[1].read_bytes()[:2] == b"PK"
    assert "Annals" in into[2].read_text("utf-8-sig")
    assert typed("overlap", "titles", *files, "--into", tmp_path / "out.pdf").code == 2


def test_a_file_that_is_no_title_list_is_refused(typed: Type, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("no list\n", "utf-8")

    said = typed("overlap", "titles", _list(tmp_path / "acme.tsv", "Annals"), file)

    assert said.code == 1
    assert f"{file}: this is no list of titles" in said.err


def test_uses_are_not_known_where_no_report_could_be_read(typed: Type, tmp_path: Path) -> None:
    file = tmp_path / "usage.txt"
    file.write_text("no report\n", "utf-8")

    said = typed(
        "overlap", "titles", _list(tmp_path / "acme.tsv", "Annals"), "--usage", file, "--json"
    )

    assert said.json["lists"][0]["uses"] is None


@pytest.fixture
def listed(typed: Type, folder: Path) -> Path:
    """Return the folder of the invented consortium with two lists of titles, one of them shared."""
    (folder / "lists").mkdir()
    _list(folder / "lists" / "joint.tsv", "Annals", "Bulletin")
    _list(folder / "lists" / "own.tsv", "Annals", "Cahiers")
    settings = folder / "consortium.toml"
    settings.write_text(
        settings.read_text("utf-8")
        + '[[title_lists]]\nfile = "lists/joint.tsv"\nsubscription = "csdl-vi-du-2025"\n'
        + '[[title_lists]]\nfile = "lists/own.tsv"\nmember = "dh-a"\n'
        + 'cost = "9000000 VND"\n',
        "utf-8",
    )
    return folder


def test_a_consortium_s_lists_come_with_members_and_costs(typed: Type, listed: Path) -> None:
    said = typed("-C", listed, "overlap", "titles", "--year", 2025, "--json").json

    joint, own = said["lists"]
    assert joint["name"] == "csdl-vi-du-2025"
    assert len(joint["members"]) > 1
    assert joint["cost"]["minor"] > 0
    assert own["per_title"] == "4500000"
    assert [one["title"] for one in said["paid_twice"]] == ["Annals"]
    assert said["joint"][0]["worth"] == {"minor": 4_500_000, "currency": "VND"}


def test_uses_become_measures_that_a_policy_divides_by(typed: Type, listed: Path) -> None:
    with Consortium.open(listed) as consortium:
        libraries = consortium.directory().libraries
    reports: list[object] = []
    for member, count in (("dh-a", 3), ("dh-b", 1)):
        report = listed / f"{member}.tsv"
        report.write_text(_USAGE.format(member=libraries[member].name, count=count), "utf-8")
        reports += ["--usage", report]
    measures = listed / "measures.csv"

    said = typed(
        "-C",
        listed,
        "overlap",
        "titles",
        "--year",
        2025,
        *reports,
        "--measures",
        measures,
        "--json",
    ).json

    assert said["lists"][0]["uses"] == 4
    assert typed("-C", listed, "load", measures).code == 0
    policy = listed / "by-use.toml"
    policy.write_text(_BY_USE, "utf-8")
    split = typed(
        "-C", listed, "split", "csdl-vi-du-2025", 2025, "--policy", policy, "--json"
    ).json["shares"]
    amounts: dict[str, int] = split
    assert abs(amounts["dh-a"] - 3 * amounts["dh-b"]) <= 3
    per_use = Fraction(said["lists"][0]["per_use"])
    assert abs(amounts["dh-a"] - 3 * per_use) <= 1
    assert sum(amounts.values()) == amounts["dh-a"] + amounts["dh-b"]


def test_titles_become_measures_that_a_policy_divides_by(typed: Type, listed: Path) -> None:
    measures, policy = listed / "measures.csv", listed / "by-title.toml"
    policy.write_text(_BY_USE.replace("uses", "titles").replace("use", "title"), "utf-8")

    found = typed("-C", listed, "overlap", "titles", "--year", 2025, "--measures", measures)
    assert (found.code, typed("-C", listed, "load", measures).code) == (0, 0)
    amounts: dict[str, int] = typed(
        "-C", listed, "split", "csdl-vi-du-2025", 2025, "--policy", policy, "--json"
    ).json["shares"]

    # Of the two titles dh-a pays for one by itself already.
    assert {
        abs(each - 2 * amounts["dh-a"]) <= 2 for name, each in amounts.items() if name != "dh-a"
    } == {True}


def test_a_list_without_a_bill_has_no_cost_and_says_so(typed: Type, listed: Path) -> None:
    said = typed("-C", listed, "overlap", "titles", "--year", 2031, "--json").json

    assert said["lists"][0]["cost"] is None
    assert [one["code"] for one in said["problems"]] == ["COST_NOT_KNOWN"]


def test_a_year_is_needed_and_so_is_a_list(typed: Type, folder: Path) -> None:
    assert typed("-C", folder, "overlap", "titles").code == 2
    said = typed("-C", folder, "overlap", "titles", "--year", 2025)
    assert said.code == 1
    assert "[[title_lists]]" in said.err


def test_a_list_of_a_subscription_and_of_a_member_is_refused(typed: Type, listed: Path) -> None:
    settings = listed / "consortium.toml"
    text = settings.read_text("utf-8") + 'subscription = "csdl-vi-du-2025"\n'
    settings.write_text(text, "utf-8")

    said = typed("-C", listed, "overlap", "titles", "--year", 2025, "--json")

    assert said.code == 1
    assert "either subscription or member" in json.dumps(said.json)
