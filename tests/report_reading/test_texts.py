"""Right texts give no finding that matters, wrong ones the finding they should."""

from __future__ import annotations

import runpy
import unicodedata
from pathlib import Path

import pytest

from libconsortium import Finding, Registry, Severity, read_report, reconcile
from libconsortium.contributions import Language

_TEXTS = runpy.run_path(str(Path(__file__).with_name("texts.py")))
RIGHT: dict[str, str] = _TEXTS["RIGHT"]
WRONG: dict[str, tuple[str, str, int, int | None, int | None]] = _TEXTS["WRONG"]
LANGUAGES = tuple(Registry().all(Language).values())


def found_in(*texts: str) -> tuple[Finding, ...]:
    readings = [
        read_report(text, LANGUAGES, source=f"{number}.txt") for number, text in enumerate(texts)
    ]
    return reconcile(readings)


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.severity.value} {one.code} {one.where}: {one.what}" for one in findings]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_text_gives_no_error_and_no_warning(name: str, form: str) -> None:
    text = unicodedata.normalize(form, RIGHT[name])  # type: ignore[arg-type] # two of the four forms

    findings = found_in(text)

    assert [one for one in findings if one.severity is not Severity.INFO] == [], told(findings)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_text_gives_its_finding(name: str, form: str) -> None:
    text, code, line, stated, computed = WRONG[name]

    findings = found_in(unicodedata.normalize(form, text))  # type: ignore[arg-type] # two of the four forms
    fitting = [one for one in findings if one.code == code and one.where.line == line]

    assert fitting, told(findings)
    assert stated is None or fitting[0].stated == stated
    assert computed is None or fitting[0].computed == computed
