"""Problems of very many records: on the disk, once they are more than a few."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from io import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import Self

from libconsortium import Problem

_IN_MEMORY = 1_000_000  # bytes


class ManyProblems:
    """Takes up problems as a list does, and gives them again one by one.

    >>> from libconsortium import Message, Place
    >>> with ManyProblems() as found:
    ...     found += [Problem(code="BAD_YEAR", where=Place(record="1"), what=Message("no year"))]
    ...     [one.code for one in found]
    ['BAD_YEAR']
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        self._count = 0

    def __enter__(self) -> Self:
        """Take up problems until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget them."""
        self._file.close()

    def __iadd__(self, more: Iterable[Problem], /) -> Self:
        """Take up more of them."""
        self._file.seek(0, SEEK_END)
        for problem in more:
            pickle.dump(problem, self._file)
            self._count += 1
        return self

    def __iter__(self) -> Iterator[Problem]:
        """Yield them in their order; add none meanwhile."""
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # noqa: S301 - written above
