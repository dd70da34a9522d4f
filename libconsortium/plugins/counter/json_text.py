"""Reads the JSON of a report piece by piece: a report of any size needs the memory of one item."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from libconsortium import FileRefusedError, Message

ITEMS = "Report_Items"
_ENVELOPES = frozenset({"body", "report", "Report"})
_PIECE = 2**20
_LARGEST = 2**28
_BLANK = " \t\r\n"


class JsonText:
    """A JSON document that is read as far as needed.

    Args:
        text: The document; read once, from where it stands.

    >>> import io
    >>> list(JsonText(io.StringIO('{"a": 1, "Report_Items": [{"b": 2}, 3]}')).parts())
    [('a', 1), ('Report_Items', {'b': 2}), ('Report_Items', 3)]
    """

    def __init__(self, text: TextIO) -> None:
        """Read nothing yet."""
        self._text = text
        self._buffer = ""
        self._at = 0
        self._lines = 1
        self.doubled: list[str] = []
        """Names that stood twice in one object since this list was last emptied."""
        self._decoder = json.JSONDecoder(
            strict=False, object_pairs_hook=self._object, parse_constant=_no_number
        )

    def parts(self) -> Iterator[tuple[str, object]]:
        """Yield the members of the document one by one, and every item by itself.

        What stands in an envelope (``body``, ``report``) is yielded as if it stood at the top. A
        document that is no object is one member without a name; a list of items that is empty is
        one item that is ``None``.

        Raises:
            FileRefusedError: This is no JSON, or it ends too early.
        """
        if self._peek() == "{":
            yield from self._members()
        else:
            yield "", self._value()
        if self._peek():
            raise self._broken(Message("something stands behind its end"))

    def _members(self) -> Iterator[tuple[str, object]]:
        self._take("{")
        while self._peek() != "}":
            name = self._value()
            self._take(":")
            if name == ITEMS and self._peek() == "[":
                is_empty = True
                for item in self._elements():
                    yield ITEMS, item
                    is_empty = False
                if is_empty:
                    yield ITEMS, None
            elif name in _ENVELOPES and self._peek() == "{":
                yield from self._members()
            else:
                yield str(name), self._value()
            if self._peek() != "}":
                self._take(",")
        self._take("}")

    def _elements(self) -> Iterator[object]:
        self._take("[")
        while self._peek() != "]":
            yield self._value()
            if self._peek() != "]":
                self._take(",")
        self._take("]")

    def _peek(self) -> str:
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _BLANK:
                    return self._buffer[self._at]
                self._at += 1
            if not self._more():
                return ""

    def _take(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._broken(Message("{mark!r} is missing", mark=mark))
        self._at += 1

    def _value(self) -> object:
        self._peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise self._broken(Message("it is nested too deeply")) from error
            except ValueError as error:
                if self._more():
                    continue
                reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                raise self._broken(Message("{reason}", reason=reason)) from error
            if end == len(self._buffer) and self._more():
                continue  # a number may go on
            self._at = end
            return value

    def _more(self) -> bool:
        """Read on; as much again as is waiting, so that a long value costs no more than itself."""
        self._lines += self._buffer.count("\n", 0, self._at)
        waiting = self._buffer[self._at :]
        if len(waiting) > _LARGEST:
            raise self._broken(Message("one of its parts is too large"))
        piece = self._text.read(max(_PIECE, len(waiting)))
        self._buffer, self._at = waiting + piece, 0
        return bool(piece)

    def _broken(self, reason: Message) -> FileRefusedError:
        line = self._lines + self._buffer.count("\n", 0, self._at)
        return FileRefusedError(
            "BROKEN_JSON",
            Message("from line {line} on this is no JSON: {reason}", line=line, reason=reason),
            Message("fetch the report again; it may have been cut off on its way"),
        )

    def _object(self, members: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: any JSON value
        made = dict(members)
        if len(made) < len(members):
            seen: set[str] = set()
            for name, _ in members:
                if name in seen:
                    self.doubled.append(name)
                seen.add(name)
        return made


def _no_number(text: str) -> object:
    message = f"{text} is no number of JSON"
    raise ValueError(message)
