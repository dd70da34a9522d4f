"""Small invented consortia in folders of their own, for examples and tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

_CATALOGUE = {
    "consortium.toml": """
[consortium]
name = "Example catalogue (invented)"
language = "en"

[[sources]]
name = "an-hai"
member = "an-hai"
url = "an-hai.csv"
harvester = "files"

[[sources]]
name = "binh-minh"
member = "binh-minh"
url = "binh-minh.csv"
harvester = "files"
""",
    "an-hai.csv": """id,title,creator,publisher,year
1,Giải tích thực,Trần Văn An,NXB Ví Dụ,2019
2,Sông nước miền Tây,Lê Thị Bình,NXB Ví Dụ,2020
""",
    "binh-minh.csv": """id,title,creator,publisher,year
7,Giải tích thực,Trần Văn An,NXB Ví Dụ,2019
8,Sông nước miền Tây,Lê Thị Bình,NXB Ví Dụ,2021
""",
}
"""Two libraries; of their books two are surely one publication, two others perhaps."""


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
    policies = {f"{policy}.toml": text for policy, text in _POLICIES.items()}
    with _opened({"consortium.toml": _SETTINGS, **policies}) as office:
        facts = office.settings.path("facts.toml")
        facts.write_text(office.registry.find(Preset, "demo").read(), encoding="utf-8")
        office.apply(office.preview([facts]).changes, sources=[facts])
        yield office


@contextmanager
def example_catalogue() -> Iterator[Consortium]:
    r"""Open an invented consortium whose two libraries' lists of books can be harvested.

    The sources are ``an-hai`` and ``binh-minh``, a CSV file each, with two books each. The records
    ``an-hai 1`` and ``binh-minh 7`` are one publication; ``an-hai 2`` and ``binh-minh 8`` may be.

    >>> with example_catalogue() as office:
    ...     outcomes = office.harvest()
    ...     joined = office.catalogue.update()
    >>> [outcome.is_complete for outcome in outcomes], joined.records, joined.changed
    ([True, True], 4, 3)
    """
    with _opened(_CATALOGUE) as office:
        yield office


@contextmanager
def _opened(files: Mapping[str, str]) -> Iterator[Consortium]:
    with TemporaryDirectory() as name:
        for file, text in files.items():
            (Path(name) / file).write_text(text, encoding="utf-8")
        with Consortium.open(name) as office:
            yield office
