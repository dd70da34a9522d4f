"""From stored records to the record model: crosswalk, mapping table, repair of texts, counts."""

from __future__ import annotations

from libconsortium.reading_steps.encodings import EncodingReport, guess_encodings
from libconsortium.reading_steps.mapping_file import read_mapping
from libconsortium.reading_steps.reading import read_record, read_records
from libconsortium.reading_steps.repairing import repaired
from libconsortium.reading_steps.rules import ReadingRules, reading_rules
from libconsortium.reading_steps.tallies import ReadingTally, UnmappedField, tally, unmapped_fields

__all__ = [
    "EncodingReport",
    "ReadingRules",
    "ReadingTally",
    "UnmappedField",
    "guess_encodings",
    "read_mapping",
    "read_record",
    "read_records",
    "reading_rules",
    "repaired",
    "tally",
    "unmapped_fields",
]
