"""A statement as a PDF, set by typst; every text is handed over as data, never as source."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import BinaryIO

from libconsortium import MissingExtraError, Snapshot
from libconsortium.plugins.reports.statement_texts import statement_texts

_TEMPLATE = "statement.typ"
_MIDNIGHT = 0


def write_statement_pdf(snapshot: Snapshot, file: BinaryIO) -> None:
    """Write a snapshot of kind ``statement``; the same snapshot gives the same bytes.

    Only the fonts that come with typst are used, and the document bears no moment of its making.

    Args:
        snapshot: See ``statement_texts``.
        file: Where to write.

    Raises:
        MissingExtraError: typst is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError(
            "a PDF needs the package {package}; pip install 'libconsortium[{extra}]'",
            package="typst",
            extra="report",
        ) from error
    data = json.dumps(statement_texts(snapshot), ensure_ascii=False)
    source = files(__package__).joinpath(_TEMPLATE).read_bytes()
    file.write(
        typst.compile(
            source,
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            timestamp=_MIDNIGHT,
        )
    )
