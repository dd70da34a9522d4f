"""Việt Nam: federations to start with, the provinces that merged, repair of damaged texts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from libconsortium import Gazetteer, Language, Preset, TextRepair, hookimpl

_SUMMARIES = {
    "demo": "An invented consortium with the figures of the worked example.",
    "vn-agencies": "State bodies that federations deal with, and how their names changed.",
    "vn-dkh": "The Digital Knowledge Hub: six founding members.",
    "vn-north-central": "The North Central federation: 6 provincial libraries.",
    "vn-northern-mountain": "The Northern Mountain federation: 13 provincial libraries.",
    "vn-red-river-delta": "The Red River Delta federation: 12 provincial libraries.",
    "vn-st-consortium": "The S&T consortium: sponsor, lead body, offices; no member list.",
    "vn-vla": "The Vietnam Library Association: unions and 63 provincial units.",
}


@hookimpl
def consortium_presets() -> Iterable[Preset]:
    """Yield our presets; each is read when it is used."""
    from libconsortium.plugins.vietnam import mergers, presets

    for name, summary in _SUMMARIES.items():
        yield Preset(name=name, summary=summary, read=partial(presets.preset_text, name))
    yield Preset(
        name="vn-mergers-2025",
        summary="A suggestion: provincial libraries merge as their provinces did. To be confirmed.",
        read=mergers.suggested_mergers_text,
    )


@hookimpl
def consortium_gazetteers() -> Iterable[Gazetteer]:
    """Yield the provinces of now and before."""
    from libconsortium.plugins.vietnam import presets

    yield Gazetteer(
        name="vn-provinces",
        summary="The provinces of Việt Nam, now and before 1 July 2025.",
        read=presets.places_text,
    )


@hookimpl
def consortium_languages() -> Iterable[Language]:
    """Yield Vietnamese."""
    from libconsortium.plugins.vietnam import numerals, vocabulary

    yield Language(
        name="vi",
        summary="Vietnamese: reports are read, amounts written in words.",
        vocabulary=vocabulary.vocabulary,
        in_words=numerals.in_words,
        from_words=numerals.from_words,
    )


@hookimpl
def consortium_text_repairs() -> Iterable[TextRepair]:
    """Yield our repairs of texts; the safe ones are made unless a source says otherwise."""
    from libconsortium.plugins.vietnam.repairs import text_repairs

    return text_repairs()
