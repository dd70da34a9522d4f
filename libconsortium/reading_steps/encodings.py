"""Looks for sources whose texts are in an old encoding: one text proves nothing, many do."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from libconsortium.contributions import TextRepair
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.repairs import LegacyEvidence
from libconsortium.reading_steps.repairing import texts_of
from libconsortium.registry import Registry

_NO_EVIDENCE = LegacyEvidence()
_AMBIGUOUS_RATIO = 0.9


@attrs.frozen(kw_only=True)
class EncodingReport:
    """How well the texts of one source fit one old encoding.

    Args:
        source: The source's name.
        repair: Name of the repair that converts from the encoding.
        evidence: The words that fit, and those that do not.
        is_likely: The evidence is convincing, and no other encoding fits nearly as well.
    """

    source: str
    repair: str
    evidence: LegacyEvidence
    is_likely: bool = False


def guess_encodings(records: Iterable[BibRecord], registry: Registry) -> tuple[EncodingReport, ...]:
    """Say how well each source's texts fit each old encoding, by the sum over all its records.

    Args:
        records: Records read without repairs.
        registry: Finds the repairs.

    Returns:
        By source, the best encoding first; encodings of which nothing fits are left out.

    >>> guess_encodings([], Registry(installed=()))
    ()
    """
    judges = {
        name: repair.evidence
        for name, repair in registry.all(TextRepair).items()
        if repair.evidence is not None
    }
    sums: dict[str, dict[str, LegacyEvidence]] = {}
    for record in records:
        found = sums.setdefault(record.source, dict.fromkeys(judges, _NO_EVIDENCE))
        for text in texts_of(record):
            for name, judge in judges.items():
                found[name] += judge(text)
    return tuple(
        report for source, found in sorted(sums.items()) for report in _reports(source, found)
    )


def _reports(source: str, found: dict[str, LegacyEvidence]) -> Iterable[EncodingReport]:
    ranked = sorted(found.items(), key=lambda item: (-_weight(item[1]), item[0]))
    best, second = (*(_weight(evidence) for _, evidence in ranked), 0, 0)[:2]
    for place, (name, evidence) in enumerate(ranked):
        if evidence.fits:
            yield EncodingReport(
                source=source,
                repair=name,
                evidence=evidence,
                is_likely=place == 0
                and evidence.is_convincing
                and second < _AMBIGUOUS_RATIO * best,
            )


def _weight(evidence: LegacyEvidence) -> int:
    return evidence.fits - evidence.misfits
