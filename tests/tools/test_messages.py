"""The check on translations is seen to fail for each fault it looks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from libconsortium import ChangeKind, RunStatus, Severity, Verdict, translator
from libconsortium.core import errors
from tools import messages

SOURCE = """
line = f"{_('Policy')}: {name}"
_SUMMARIES = {"demo": "An invented consortium."}
yield Preset(name="ours", summary="Ours.")
say(document["text"])
raise StoreError("cannot open {path}", path=path)
say(ngettext("{count} record", "{count} records", count))
advice = Message("")
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    core = tmp_path / "core"
    core.mkdir()
    (core / "errors.py").write_text("class StoreError(Exception): ...\n", encoding="utf-8")
    (core / "store.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    return tmp_path


def po_of(package: Path) -> Path:
    return package / "locale" / "vi" / "LC_MESSAGES" / "libconsortium.po"


def translate(package: Path, text: str, translation: str) -> None:
    po = po_of(package)
    head, found, tail = po.read_text(encoding="utf-8").partition(f'"{text}"\n')
    _, empty, rest = tail.partition('""')
    assert found
    assert empty
    po.write_text(f'{head}{found}{_}"{translation}"{rest}', encoding="utf-8")


@pytest.fixture
def translated(package: Path) -> Path:
    messages.main("update")
    translate(package, "cannot open {path}", "không mở được {path}")
    translate(package, "{count} records", "{count} biểu ghi")
    translate(package, "Policy", "Quy tắc phân bổ")
    translate(package, "An invented consortium.", "Một liên hợp hư cấu.")
    translate(package, "Ours.", "Của chúng tôi.")
    messages.main("update")
    return package


def test_every_error_class_is_a_call_whose_text_is_collected() -> None:
    classes = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, Exception)
    }

    assert classes
    assert classes <= messages.keywords()


@pytest.mark.parametrize("text", ["Policy", "An invented consortium.", "Ours."])
def test_texts_are_found_inside_f_strings_and_among_summaries(package: Path, text: str) -> None:
    assert text in messages.collected(package)


def test_a_text_in_brackets_is_no_message(package: Path) -> None:
    assert "text" not in messages.collected(package)


@pytest.mark.parametrize("value", [*RunStatus, *Severity, *ChangeKind, *Verdict])
def test_every_value_people_see_is_said_in_vietnamese(value: str) -> None:
    assert translator("vi")(value) != value


def test_catalogues_that_are_whole_pass(translated: Path) -> None:
    assert messages.main("check") == 0


def test_updating_twice_changes_nothing(translated: Path) -> None:
    before = po_of(translated).read_bytes()

    messages.main("update")

    assert po_of(translated).read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"không mở được {path}"', '""', "vi: not translated: 'cannot open {path}'"),
        ("không mở được {path}", "không mở được {tệp}", "vi: names another place"),
        ("không mở được {path}", "không mở được {path!r}", "vi: names another place"),
        ("không mở được {path}", "không mở được", "vi: names another place"),
        ("#, python-brace-format", "#, fuzzy, python-brace-format", "vi: not translated"),
        ("cannot open {path}", "cannot open {path}!", "vi: not collected: 'cannot open {path}'"),
        ("cannot open {path}", "cannot open {path}!", "vi: not used any more"),
        ("không mở", "chưa mở", "vi: libconsortium.mo does not agree"),
    ],
)
def test_a_fault_is_found(
    translated: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, fault: str
) -> None:
    po = po_of(translated)
    po.write_text(po.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    code = messages.main("check")

    assert code == 1
    assert fault in capsys.readouterr().out
