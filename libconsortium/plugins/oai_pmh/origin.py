"""Whose the pages of a list are: a host with several repositories may answer for another one."""

from __future__ import annotations

from libconsortium import HarvestPage, PageRefusedError, is_same_place

_SCHEME = "oai:"


class Origin:
    """The repository that the pages of one list have been of.

    A base URL alone says little: behind a proxy, or where several machines answer by turns, it is
    not the one that was asked. Identifiers of the form ``oai:REPOSITORY:…`` decide.
    """

    def __init__(self) -> None:
        """Begin a list; its first page is believed."""
        self._base_url = ""
        self._repositories: set[str] = set()

    def check(self, page: HarvestPage) -> None:
        """Take note of a page.

        Raises:
            PageRefusedError: It names another base URL than the first, and all of its records are
                of other repositories than those before.
        """
        named = {_repository(one.identifier) for one in page.records}
        is_other = bool(self._base_url) and not is_same_place(page.base_url, self._base_url)
        is_clear = "" not in named and "" not in self._repositories and bool(self._repositories)
        if is_other and page.base_url and named and is_clear and not named & self._repositories:
            raise PageRefusedError(
                "the answer is of another repository, {other_url}, and not of {base_url}",
                other_url=page.base_url,
                base_url=self._base_url,
            )
        self._base_url = self._base_url or page.base_url
        self._repositories |= named


def _repository(identifier: str) -> str:
    """Return the repository of an OAI identifier; empty for identifiers of other forms."""
    if not identifier.lower().startswith(_SCHEME):
        return ""
    return identifier[len(_SCHEME) :].partition(":")[0].lower()
