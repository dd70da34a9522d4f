"""The documentation names everything there is, and what it names is there."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import libconsortium
from libconsortium import FACT_KINDS, Registry, hookspecs, read_policy, read_settings
from libconsortium.cli.commands import COMMANDS
from libconsortium.core import errors
from libconsortium.core.harvest.runs import RunStatus
from tools import reference
from tools.reference_pages.errors import errors_page

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REFERENCE = "\n".join(
    page.read_text(encoding="utf-8") for page in sorted((DOCS / "reference").glob("*.md"))
)
WORD_OF_CODE = re.compile(r"`(\w+)(?:\.(\w+))?[^`]*`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(#[\w.-]+)?\)")
TOML_BLOCK = re.compile(r"^( *)```toml\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def toml_blocks(page: str) -> list[str]:
    return [
        "\n".join(line.removeprefix(indent) for line in body.splitlines())
        for indent, body in TOML_BLOCK.findall(text_of(page))
    ]


def our_own_contributions() -> list[tuple[str, str]]:
    given = [
        gives
        for plugin in Registry().statuses()
        if plugin.distribution == "libconsortium"
        for gives in plugin.gives
    ]
    return sorted((gives.rpartition(" ")[0], gives.rpartition(" ")[2]) for gives in given)


# ---------------------------------------------------------------- reference


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_reference_pages_say_what_the_code_says(name: str) -> None:
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")

    assert written == reference.PAGES[name](), "run `python tools/reference.py update`"


def test_a_page_that_the_code_no_longer_writes_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "errors.md").write_text("# Errors\n", encoding="utf-8")
    monkeypatch.setattr(reference, "REFERENCE", tmp_path)
    monkeypatch.setattr(reference, "PAGES", {"errors.md": errors_page})

    assert reference.stale_pages() == ["errors.md"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"\n## {command}\n" in text_of("reference/cli.md")


@pytest.mark.parametrize(("kind", "name"), our_own_contributions())
def test_everything_a_plugin_gives_is_in_the_reference(kind: str, name: str) -> None:
    headings = text_of("reference/names.md").split("\n## ")
    section = next(part for part in headings if part.lower().startswith(kind))

    assert f"| `{name}` |" in section


@pytest.mark.parametrize(
    "hook", [name for name in vars(hookspecs) if name.startswith("consortium_")]
)
def test_every_hook_is_in_the_reference(hook: str) -> None:
    assert f"\n## {hook}\n" in text_of("reference/hooks.md")


@pytest.mark.parametrize("kind", FACT_KINDS)
def test_every_kind_of_fact_is_in_the_reference(kind: str) -> None:
    assert f"\n## {kind}\n" in text_of("reference/facts.md")


@pytest.mark.parametrize(
    "error",
    [name for name, found in inspect.getmembers(errors, inspect.isclass) if "Error" in name],
)
def test_every_error_is_in_the_reference(error: str) -> None:
    page = text_of("reference/errors.md")

    assert f"| `{error}` |" in page
    assert f"{error} " in page.partition("| error |")[0], "the tree in errors.py leaves it out"


@pytest.mark.parametrize("name", libconsortium.__all__)
def test_every_public_name_is_on_the_page_of_python(name: str) -> None:
    assert re.search(rf":: libconsortium\.{name}$", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("status", RunStatus)
def test_every_ending_of_a_harvest_is_explained(status: RunStatus) -> None:
    assert f"`{status.value}`" in text_of("explanation/why-harvests-lie.md")


# ---------------------------------------------------------------- other pages


def test_every_name_of_the_glossary_is_in_the_code() -> None:
    rows = [line.split("|") for line in text_of("glossary.md").splitlines()]
    named = [word for row in rows if len(row) == 5 for word in WORD_OF_CODE.findall(row[3])]

    def is_there(name: str, attribute: str) -> bool:
        found = getattr(libconsortium, name, None)
        fields = getattr(found, "__annotations__", {})
        return found is not None and (
            not attribute or hasattr(found, attribute) or attribute in fields
        )

    assert len(named) > 40
    assert [name for name in named if not is_there(*name)] == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_every_link_leads_to_a_page(page: Path) -> None:
    targets = [target for target, _ in LINK.findall(page.read_text(encoding="utf-8"))]

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_contents_of_its_section() -> None:
    for folder in ("tutorial", "how-to", "reference", "explanation"):
        listed = text_of(f"{folder}/index.md").partition("```{toctree}")[2].split()
        pages = {page.stem for page in (DOCS / folder).glob("*.md")} - {"index"}

        assert pages <= set(listed), folder


@pytest.mark.parametrize("block", toml_blocks("how-to/write-a-policy.md"))
def test_every_table_of_the_page_on_policies_reads_well(block: str, tmp_path: Path) -> None:
    given = tomllib.loads(block)
    head = "" if "name" in given else 'name = "Example"\n'
    mix = "" if given.keys() & {"mix", "remainder"} else '\n[[mix]]\nweight = 100\nby = "equal"\n'
    (tmp_path / "policy.toml").write_text(f"{head}{block}\n{mix}", encoding="utf-8")

    assert read_policy(tmp_path / "policy.toml").name


SOURCE = '[[sources]]\nname = "an-hai"\nmember = "an-hai"\nurl = "https://a.example.org/oai"\n'


@pytest.mark.parametrize(
    "block", [*toml_blocks("how-to/harvest-a-dspace.md"), *toml_blocks("reference/settings.md")]
)
def test_every_table_of_settings_that_is_shown_reads_well(block: str, tmp_path: Path) -> None:
    given = tomllib.loads(block)
    if given.keys() <= {"consortium", "sources", "bills", "catalogue"}:
        head = "" if "consortium" in given else '[consortium]\nname = "Example"\n'
        tail = "" if "sources" in given else SOURCE
        (tmp_path / "consortium.toml").write_text(f"{head}{block}\n{tail}", encoding="utf-8")
        assert read_settings(tmp_path).file.consortium.name
    elif given.keys() <= {"allowed_networks", "lag_seconds"}:  # more of a source
        head = f'[consortium]\nname = "Example"\n{SOURCE}'
        (tmp_path / "consortium.toml").write_text(head + block, encoding="utf-8")
        assert read_settings(tmp_path).file.sources
    else:
        test_every_table_of_the_page_on_policies_reads_well(
            block.replace('by     = "fte"', 'by     = "equal"'), tmp_path
        )


def test_the_news_can_be_put_together() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "0", "--dir", ROOT],
        capture_output=True,
        text=True,
        check=True,
    )

    kept = list((ROOT / "changelog.d").glob("*.added*.md"))
    assert done.stdout.count("\n- ") >= len(kept)
