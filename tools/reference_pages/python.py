"""The page of every public name."""

from __future__ import annotations

import inspect

from sphinx.pycode import ModuleAnalyzer

import libconsortium
from tools.reference_pages.markdown import GENERATED, page


def python_page() -> str:
    """Return the page of every public name, by the room it lives in."""
    homes = libconsortium._HOMES  # noqa: SLF001 - the one list of public names
    rooms: dict[str, list[str]] = {heading: [] for heading in (*ROOMS, "Also there")}
    for home in homes:
        rooms[_heading(home)].append(home)
    said = ["# Python", GENERATED, _ABOUT_PYTHON]
    for heading, named in rooms.items():
        directives = [_directive(home, name) for home in named for name in homes[home].split()]
        if directives:
            said += [f"## {heading}", "```{eval-rst}\n" + "\n\n".join(directives) + "\n```"]
    return page([*said, _TESTING])


def _heading(home: str) -> str:
    """Return the heading under which a module stands: its own, its folder's, or the last."""
    for wanted in (home, home.rpartition(".")[0]):
        for heading, named in ROOMS.items():
            if wanted in named.split():
                return heading
    return "Also there"


def _directive(home: str, name: str) -> str:
    found = getattr(libconsortium, name)
    if inspect.isclass(found):
        return f".. autoclass:: libconsortium.{name}\n   :members:"
    if inspect.isroutine(inspect.unwrap(found) if callable(found) else found):
        return f".. autofunction:: libconsortium.{name}"
    said = ModuleAnalyzer.for_module(f"libconsortium.{home}").find_attr_docs().get(("", name), [])
    return f".. py:data:: libconsortium.{name}\n\n   {' '.join(said).strip()}".rstrip()


_ABOUT_PYTHON = """\
Every public name, by the room of the house it belongs to. All of them are imported from the front
door: `from libconsortium import Money, split`. A name is loaded when it is first used. What is not
on this page is private and may change without notice. The checks for plugin authors are in
`libconsortium.testing`, last on this page."""

ROOMS = {
    "A consortium and its settings": "consortium.consortium settings messages",
    "Splitting costs": "split_steps core.sharing files.member_table documents.explanations"
    " documents.split_documents core.supposing consortium.supposing",
    "Buying: resources, offers, landed cost": "core.buying files.tariff_tables",
    "The office's year": "core.office consortium.years consortium.account_book"
    " documents.year_documents files.payment_files split_steps.amount_words",
    "Games and stability": "core.games game_steps files.game_file files.exact_texts",
    "Money and figures": "core.money core.directory.quantities documents.number_texts",
    "Libraries, federations and other facts": "core.directory load_steps.facts",
    "Usage and lists of titles": "load_steps.usage load_steps.title_files consortium.titles"
    " core.usage core.titles",
    "Checking reports": "core.reconciliation load_steps.report_reading",
    "Writing reports": "consortium.snapshots split_steps.report_files",
    "Harvesting": "harvest_steps core.harvest endpoint_steps http",
    "Reading records": "reading_steps files.crosswalk_parts core.catalogue.records"
    " core.catalogue.mappings core.catalogue.repairs core.catalogue.record_checks"
    " files.record_files",
    "Searching": "consortium.search core.search search_index catalogue_steps.search",
    "Union catalogue": "consortium.kept_catalogue consortium.clusters consortium.review"
    " catalogue_steps core.catalogue core.places core.text",
    "Plugins": "registry hookspecs contributions engine",
    "Store": "store",
    "Files": "files.tables files.toml_file files.whole_files",
    "Problems, messages and errors": "core.problems core.messages core.errors",
}
"""Headings of the page of public names, and the modules and folders of modules under each; a module
that is named goes before its folder."""

_TESTING = """\
## For the tests of a plugin

```{eval-rst}
.. automodule:: libconsortium.testing
   :members:
   :imported-members:
```"""
