"""Import contracts of our own: they list what is allowed, so that a newcomer is stopped too.

import-linter's contracts forbid what somebody thought of; these also stop the dependency and the
module that nobody has thought of yet.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyContract(Contract):
    """A package imports itself, the standard library and the packages allowed."""

    source = fields.StringField()
    allowed = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter's signature
        """Collect every import that leaves the package for somewhere not allowed."""
        output.verbose_print(verbose, f"reading the imports of {self.source}")
        allowed = {*self.allowed, *sys.stdlib_module_names}  # type: ignore[misc] # a field is its value here
        strangers = [
            (importer, imported)
            for importer, imported in _leaving(graph, str(self.source))
            if imported.split(".")[0] not in allowed
        ]
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """List the imports that are not allowed."""
        for importer, imported in check.metadata["strangers"]:
            output.print_error(f"{importer} imports {imported}")


class FrontDoorContract(Contract):
    """Some packages see of their own distribution the front door and themselves, nothing deeper."""

    door = fields.StringField()
    sources = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter's signature
        """Collect every import that goes past the front door."""
        output.verbose_print(verbose, f"reading who goes past {self.door}")
        deeper = [
            (importer, imported)
            for source in self.sources  # type: ignore[attr-defined] # a field is its value here
            for importer, imported in _leaving(graph, source)
            if imported.startswith(f"{self.door}.")
        ]
        return ContractCheck(kept=not deeper, metadata={"deeper": deeper})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """List the imports that go past the front door."""
        for importer, imported in check.metadata["deeper"]:
            output.print_error(f"{importer} imports {imported}")


def _leaving(graph: ImportGraph, package: str) -> Iterator[tuple[str, str]]:
    """Yield every import by a module of the package of something outside it."""
    if package not in graph.modules:
        message = f"the contract names {package}, which does not exist"
        raise ValueError(message)
    for importer in sorted({package, *graph.find_descendants(package)}):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            if not f"{imported}.".startswith(f"{package}."):
                yield importer, imported
