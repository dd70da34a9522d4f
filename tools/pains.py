"""Writes docs/explanation/pains-of-harvesting.md: each pain, the tests that show it, how they end.

``update`` writes the page, ``check`` says what is wrong with it: a pain without a test, a test or
scenario that is not there any more, a page that is not what would be written.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.hostile import SCENARIOS, Scenario  # noqa: E402 - the path has to be set first
from tools.pains_known import PAINS  # noqa: E402 - the path has to be set first

PAGE = REPOSITORY / "docs" / "explanation" / "pains-of-harvesting.md"
HEAD = """\
# Pains of harvesting, and what shows that they are cured

<!-- Written by `python tools/pains.py update`; change the tests or `tools/pains_known.py`. -->

Forty-three ways in which harvests have hurt people, collected from the trackers of harvesters and
repositories, and what is done about each of them here. Every line names the tests that show it. A
*scenario* is a hostile server of `tests/hostile/` whose truth is known; behind it stands how a
harvest of it ends. No scenario may end with a record that is neither stored nor reported missing:
that is asserted for all of them, and for random sequences of faults.

A record in quarantine is *missing* too: it is not in the store, so every answer for programs names
it under `missing` with its reason, and counts it under `quarantined` as well.

"""
ENDS = {
    "COMPLETE": "complete",
    "COMPLETE_WITH_QUARANTINE": "complete with quarantine",
    "INCOMPLETE": "incomplete, told precisely",
    "DEFERRED": "deferred",
}


def scenarios_of(number: int) -> Iterator[tuple[str, Scenario]]:
    """Give the scenarios of a pain; their names begin with its number."""
    for name, case in SCENARIOS.items():
        if name.split(maxsplit=1)[0] == str(number):
            yield name.split(maxsplit=1)[1], case


def page() -> str:
    """Return the page as it has to be."""
    lines = [HEAD]
    for group, pains in PAINS.items():
        lines += [f"## {group}\n", "| | pain | shown by | outcome |", "|---|---|---|---|"]
        for number, pain, tests in pains:
            shown = [(f"scenario “{name}”", ENDS[case.ends]) for name, case in scenarios_of(number)]
            shown += [(f"`{test.rpartition('::')[2]}`", outcome) for test, outcome in tests]
            for row, (test, outcome) in enumerate(shown):
                first = (str(number), pain) if not row else ("", "")
                lines.append(f"| {first[0]} | {first[1]} | {test} | {outcome} |")
        lines.append("")
    lines += [
        "## Seen in the field, with no number in the collection\n",
        "| scenario | outcome |",
        "|---|---|",
    ]
    lines += [
        f"| {name} | {ENDS[case.ends]} |"
        for name, case in SCENARIOS.items()
        if not name.split(maxsplit=1)[0].isdigit()
    ]
    return "\n".join(lines) + "\n"


def faults() -> list[str]:
    """Say what is wrong."""
    numbers = [number for pains in PAINS.values() for number, _, _ in pains]
    found = [] if numbers == list(range(1, 44)) else ["the pains are not numbered 1 to 43"]
    for pains in PAINS.values():
        for number, _, tests in pains:
            if not tests and not any(scenarios_of(number)):
                found.append(f"pain {number}: nothing shows it")
            found += [
                f"pain {number}: there is no {test}" for test, _ in tests if not is_there(test)
            ]
    if not PAGE.exists() or PAGE.read_text("utf-8") != page():
        found.append(f"{PAGE.name} is not up to date; run `python tools/pains.py update`")
    return found


def is_there(test: str) -> bool:
    """Say whether a test of this name stands in its file."""
    path, _, name = test.partition("::")
    file = REPOSITORY / path
    if not file.exists():
        return False
    tree = ast.parse(file.read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree))


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        PAGE.write_text(page(), "utf-8")
    for fault in faults():
        print(fault)
    sys.exit(bool(faults()))
