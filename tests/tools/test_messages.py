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

COMMAND = """
@click.command("queue")
@click.option("--fresh", help="Give it up.")
def queue():
    \"""Fill it.

    Example: queue
    \"""
    click.echo(Message("made"))

@command(help=N_("Elsewhere."))
def ours():
    \"""Not said to people.\"""
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    ours = tmp_path / "libconsortium"
    core = ours / "core"
    core.mkdir(parents=True)
    (core / "errors.py").write_text("class StoreError(Exception): ...\n", encoding="utf-8")
    (core / "store.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(messages, "PACKAGE", ours)
    monkeypatch.setattr(messages, "CONTRIB", tmp_path / "plugins-contrib")
    return ours


def po_of(package: Path) -> Path:
    return package / "locale" / "vi" / "LC_MESSAGES" / f"{package.name}.po"


@pytest.fixture
def plugin(package: Path) -> Path:
    messages.main("update", str(package))
    folder = messages.CONTRIB / "ours-queue" / "src" / "ours_queue"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(COMMAND, encoding="utf-8")
    return folder


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


def test_the_help_of_a_plugins_command_is_collected(plugin: Path) -> None:
    texts = {message.id for message in messages.collected(plugin) if message.id}

    assert texts == {"Give it up.", "Fill it.\n\nExample: queue", "made", "Elsewhere."}


def test_a_plugin_of_ours_without_translations_does_not_pass(
    plugin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = messages.main("check")

    assert code == 1
    assert "vi: not collected: 'made'" in capsys.readouterr().out


def test_a_plugin_has_a_catalogue_of_its_own(plugin: Path) -> None:
    messages.main("update")
    for text in ("made", "Give it up.", "Elsewhere."):
        translate(plugin, text, "đã làm")
    po = po_of(plugin)
    said = po.read_text(encoding="utf-8")
    po.write_text(said.replace('msgstr ""\n\n', 'msgstr "x"\n\n'), encoding="utf-8")

    messages.main("update", str(plugin))

    assert messages.main("check", str(plugin)) == 0
    assert not (plugin / "locale" / "en").exists()


def test_a_package_that_says_nothing_needs_no_catalogue(package: Path) -> None:
    quiet = messages.CONTRIB / "quiet" / "src" / "quiet"
    quiet.mkdir(parents=True)
    (quiet / "__init__.py").write_text("", encoding="utf-8")

    assert messages.main("check", str(quiet)) == 0
    assert not (quiet / "locale").exists()
