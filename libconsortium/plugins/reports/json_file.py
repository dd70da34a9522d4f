"""What is reported, as one JSON object."""

from __future__ import annotations

import json
from typing import BinaryIO

from libconsortium import (
    Snapshot,
    comparison_document,
    glide_document,
    split_document,
    statements_document,
    what_if_document,
)


def write_json(snapshot: Snapshot, file: BinaryIO) -> None:
    """Write a snapshot of kind ``split``, ``comparison``, ``what-if``, ``glide`` or ``statement``.

    A statement is written with what all statements of its phase come to, but without the others.
    """
    data = snapshot.data
    match snapshot.kind:
        case "split":
            document = split_document(data["split"])
        case "comparison":
            document = comparison_document(data["comparison"])
        case "what-if":
            document = what_if_document(data["what-if"], data["savings"])
        case "glide":
            document = glide_document(data["glide"])
        case _:
            document = statements_document(data["set"])
            mine = document["statements"][data["member"]]
            document["statements"] = {data["member"]: mine}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
    file.write(f"{text}\n".encode())
