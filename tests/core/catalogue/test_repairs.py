from __future__ import annotations

from libconsortium import BibRecord, LegacyEvidence, Message, Severity
from libconsortium.core.catalogue.repairs import loss_problem, repair_problem

RECORD = BibRecord(source="tlu", identifier="oai:tlu:1")


def test_a_repair_is_information_and_a_loss_is_a_warning() -> None:
    repair = repair_problem(RECORD, "titles", "nfc", "a", "b")
    loss = loss_problem(RECORD, "titles", "a", Message("gone"))

    assert (repair.severity, loss.severity) == (Severity.INFO, Severity.WARNING)
    assert repair.where.field == loss.where.field == "titles"


def test_a_long_text_is_shortened_in_messages() -> None:
    repair = repair_problem(RECORD, "titles", "nfc", "x" * 100_000, "y")

    assert len(str(repair)) < 500


def test_evidence_adds_up() -> None:
    total = sum((LegacyEvidence(fits=9, misfits=1) for _ in range(3)), LegacyEvidence())

    assert total == LegacyEvidence(fits=27, misfits=3)
    assert not total.is_convincing
    assert (total + LegacyEvidence(fits=3)).is_convincing
