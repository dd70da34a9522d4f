"""Write the reference pages that the code itself knows, or check that they are up to date.

``python tools/reference.py update`` writes the pages of ``PAGES`` into ``docs/reference``;
``python tools/reference.py check`` names the pages that differ and changes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tools.reference_pages.commands import cli_page  # noqa: E402 - the path has to be set first
from tools.reference_pages.errors import errors_page  # noqa: E402 - as above
from tools.reference_pages.facts import facts_page  # noqa: E402 - as above
from tools.reference_pages.hooks import hooks_page  # noqa: E402 - as above
from tools.reference_pages.plugins import names_page  # noqa: E402 - as above
from tools.reference_pages.python import python_page  # noqa: E402 - as above
from tools.reference_pages.settings import settings_page  # noqa: E402 - as above

REFERENCE = REPOSITORY / "docs" / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "errors.md": errors_page,
    "facts.md": facts_page,
    "hooks.md": hooks_page,
    "names.md": names_page,
    "python-api.md": python_page,
    "settings.md": settings_page,
}


def main(task: str) -> int:
    """Do one of the two tasks; return the exit code."""
    stale = stale_pages()
    if task == "update":
        for name in stale:
            (REFERENCE / name).write_text(PAGES[name](), encoding="utf-8")
    done = "written" if task == "update" else "stale"
    print(f"{len(PAGES)} pages, {len(stale)} {done}: {', '.join(stale) or '-'}")
    return 1 if stale and task == "check" else 0


def stale_pages() -> list[str]:
    """Return the names of the pages that are not what the code says now."""
    return [name for name, page in PAGES.items() if not _is_current(name, page())]


def _is_current(name: str, page: str) -> bool:
    path = REFERENCE / name
    return path.exists() and path.read_text(encoding="utf-8") == page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
