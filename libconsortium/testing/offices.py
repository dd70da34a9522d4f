"""A small invented consortium in a folder of its own, for examples and tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from libconsortium import Consortium, Preset

_SETTINGS = """
[consortium]
name = "Example consortium (invented)"
federation = "vi-du"
language = "en"

[[bills]]
subscription = "csdl-vi-du-2025"
year = 2025
amount = "3564912281 VND"
policy = "mixed.toml"
"""
_POLICIES = {
    "mixed": """
name = "20/50/30 after a sponsor's 40 %"
mix = [{ weight = 20, by = "equal" }, { weight = 50, by = "fte" }, { weight = 30, by = "usage" }]
drivers = { fte = {}, usage = {} }
sponsor = { pays = "40%" }
""",
    "equal": """
name = "All alike after a sponsor's 40 %"
mix = [{ weight = 100, by = "equal" }]
sponsor = { pays = "40%" }
""",
}


@contextmanager
def example_office() -> Iterator[Consortium]:
    """Open an invented consortium of four libraries with one bill, in a folder that is removed.

    Its settings stand in ``consortium.toml``, two policies beside it; the facts are those of the
    preset ``demo``. Subscription and year of the bill are ``csdl-vi-du-2025`` and 2025.

    >>> with example_office() as office:
    ...     done = office.split("csdl-vi-du-2025", 2025)
    >>> done.shares["dh-a"].amount.minor
    1038917293
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "consortium.toml").write_text(_SETTINGS, encoding="utf-8")
        for policy, text in _POLICIES.items():
            (folder / f"{policy}.toml").write_text(text, encoding="utf-8")
        with Consortium.open(folder) as office:
            facts = folder / "facts.toml"
            facts.write_text(office.registry.find(Preset, "demo").read(), encoding="utf-8")
            office.apply(office.preview([facts]).changes, sources=[facts])
            yield office
