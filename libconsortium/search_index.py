"""What a search index keeps and how it is asked: the protocol every search backend fulfils."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from libconsortium.core.search.documents import SearchDocument
from libconsortium.core.search.plans import SearchAnswer, SearchPlan


class SearchIndex(Protocol):
    """Documents that can be searched; opened by a ``SearchBackend`` at an address.

    An index holds nothing that cannot be made again. It is given tokens, never texts, and
    compares nothing but tokens and code points, so every index gives the same answers. Every
    method raises ``StoreError`` when the index cannot be read or written.
    """

    @property
    def address(self) -> str:
        """The address it was opened at, without its password."""

    def rules(self) -> str:
        """Return the mark of the rules that its documents were made by; empty if it is new."""

    def fingerprints(self) -> Mapping[str, str]:
        """Return the fingerprint of every document by id."""

    def update(
        self, documents: Iterable[SearchDocument], gone: Iterable[str], *, rules: str
    ) -> None:
        """Put documents in place of those with the same ids and remove others; all or nothing.

        Args:
            documents: The documents, taken one by one.
            gone: Ids of documents to remove; unknown ones do not matter.
            rules: The mark of the rules that the documents were made by.
        """

    def answer(self, plan: SearchPlan) -> SearchAnswer:
        """Return what fits a plan: a page, the total, the counts."""

    def clear(self) -> None:
        """Forget everything, the mark of the rules too."""

    def close(self) -> None:
        """Give back files and connections."""
