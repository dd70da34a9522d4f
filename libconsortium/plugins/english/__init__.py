"""English: how figures are read in reports, and amounts written in words."""

from __future__ import annotations

from collections.abc import Iterable

from libconsortium import Language, hookimpl


@hookimpl
def consortium_languages() -> Iterable[Language]:
    """Yield English."""
    from libconsortium.plugins.english import numerals, vocabulary

    yield Language(
        name="en",
        summary="English: reports are read, amounts written in words.",
        vocabulary=vocabulary.vocabulary,
        in_words=numerals.in_words,
        from_words=numerals.from_words,
    )
