"""The repairs of this plugin by name, with what each needs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from libconsortium import TextRepair
from libconsortium.plugins.vietnam import characters, legacy, mojibake, sure, tones, viqr

_LEGACY = {
    "tcvn3": "TCVN3 (ABC fonts) to Unicode; for sources that are in it",
    "vni": "VNI-Windows to Unicode; for sources that are in it",
    "viscii": "VISCII to Unicode; for sources that are in it",
    "vps": "VPS to Unicode; for sources that are in it",
}


def text_repairs() -> Iterator[TextRepair]:
    """Yield every repair.

    >>> sorted(repair.name for repair in text_repairs() if repair.is_safe)
    ['d-stroke', 'double-utf8', 'html-entities', 'invisible', 'lost-letters', 'nfc', 'old-encoding']
    """
    yield from _safe_repairs()
    for name, summary in _LEGACY.items():
        yield TextRepair(
            name=name,
            version="4",
            summary=summary,
            repair=partial(legacy.repaired_from, name),
            concerns=partial(legacy.concerns, name),
            evidence=partial(legacy.evidence_for, name),
            stage=30,
        )
    yield TextRepair(
        name="viqr",
        version="2",
        summary="VIQR (Vie^.t Nam) to Unicode; for sources that are in it",
        repair=viqr.repaired_from_viqr,
        concerns=viqr.concerns,
        evidence=viqr.evidence_for_viqr,
        stage=30,
    )
    yield TextRepair(
        name="tones-old",
        summary="The tone mark as in hòa, khỏe, thủy",
        repair=tones.tones_old,
        concerns=tones.has_marks,
        stage=60,
    )
    yield TextRepair(
        name="tones-new",
        summary="The tone mark as in hoà, khoẻ, thuỷ",
        repair=tones.tones_new,
        concerns=tones.has_marks,
        stage=60,
    )


def _safe_repairs() -> Iterator[TextRepair]:
    yield TextRepair(
        name="html-entities",
        summary="&#7879; and doubly escaped entities as characters",
        repair=characters.without_entities,
        concerns=characters.has_entities,
        stage=10,
        is_safe=True,
    )
    yield TextRepair(
        name="double-utf8",
        version="2",
        summary="UTF-8 taken for Windows-1252 and encoded again",
        repair=mojibake.decoded_again,
        concerns=mojibake.looks_encoded_twice,
        stage=20,
        is_safe=True,
    )
    yield TextRepair(
        name="old-encoding",
        version="4",
        summary="TCVN3, VNI, VISCII, VPS and VIQR to Unicode, where a text can be nothing else",
        repair=sure.converted,
        concerns=sure.concerns,
        stage=31,
        is_safe=True,
    )
    yield TextRepair(
        name="lost-letters",
        summary="Nothing is changed; says where letters became ? or U+FFFD",
        repair=sure.with_loss_said,
        concerns=sure.may_have_lost,
        stage=70,
        is_safe=True,
    )
    yield TextRepair(
        name="nfc",
        summary="A letter and its marks as one character (Unicode normal form C)",
        repair=characters.composed,
        concerns=characters.is_decomposed,
        stage=40,
        is_safe=True,
    )
    yield TextRepair(
        name="invisible",
        version="2",
        summary="Soft hyphens and zero-width blanks taken out",
        repair=characters.without_invisible,
        concerns=characters.has_invisible,
        stage=41,
        is_safe=True,
    )
    yield TextRepair(
        name="d-stroke",
        version="2",
        summary="đ for the Icelandic ð in Vietnamese words",
        repair=characters.with_d_stroke,
        concerns=characters.has_eth,
        stage=50,
        is_safe=True,
    )
