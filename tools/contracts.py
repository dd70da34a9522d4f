"""An import contract of our own: a package imports what is listed, and nothing else."""

from __future__ import annotations

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyContract(Contract):
    """A package imports itself, the standard library and the packages allowed.

    import-linter's own contracts forbid what somebody thought of; this one also stops the
    dependency that nobody has thought of yet.
    """

    source = fields.StringField()
    allowed = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter's signature
        """Collect every import that leaves the package for somewhere not allowed."""
        output.verbose_print(verbose, f"Reading the imports of {self.source}")
        package = str(self.source)
        allowed = {*self.allowed, *sys.stdlib_module_names}  # type: ignore[misc] # a field is its value here
        strangers = [
            (importer, imported)
            for importer in sorted({package, *graph.find_descendants(package)})
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported.split(".")[0] not in allowed
            and not f"{imported}.".startswith(f"{package}.")
        ]
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """List the imports that are not allowed."""
        for importer, imported in check.metadata["strangers"]:
            output.print_error(f"{importer} imports {imported}")
