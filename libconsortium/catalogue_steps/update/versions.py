"""What records were read by, as one short text: another text means that they are read again."""

from __future__ import annotations

import json
from hashlib import blake2b
from itertools import combinations

from libconsortium.catalogue_steps.maps import evidence_of, keys_of
from libconsortium.contributions import IdentifierScheme, MatchRule
from libconsortium.core.catalogue.matching import FIELDS_VERSION, match_fields, packed
from libconsortium.core.catalogue.records import BibRecord, RecordIdentifier
from libconsortium.core.errors import CatalogueError, ConsortiumError
from libconsortium.reading_steps import ReadingRules
from libconsortium.registry import Registry


def made_by(registry: Registry, rules: ReadingRules, namespace: str, prefix: str) -> str:
    """Return the version of everything that makes match fields out of one format of one source.

    Args:
        registry: Finds the crosswalk.
        rules: How records of the source are read.
        namespace: XML namespace of the records.
        prefix: Metadata prefix or file format of the records.

    >>> made_by(Registry(installed=()), ReadingRules(), "urn:x", "oai_dc").partition(" ")[0]
    '-'
    """
    try:
        crosswalk = registry.crosswalk_for(namespace, prefix)
    except ConsortiumError:
        name, version = "-", "2"  # read by a mapping table, or not at all
    else:
        name, version = crosswalk.name, crosswalk.version
    schemes = registry.all(IdentifierScheme).values()
    parts = [
        FIELDS_VERSION,
        [packed(match_fields(one)) for one in PROBES],
        version,
        [(repair.name, repair.version) for repair in rules.repairs],
        [(scheme.name, scheme.version) for scheme in schemes],
        repr(rules.mapping),
    ]
    return f"{name} {fingerprint(parts)}"


def joined_by(rule: MatchRule, threshold: float, block_cap: int, clash: float) -> str:
    """Return the version of everything that decides which records belong together.

    >>> rule = MatchRule(name="t", keys=lambda one: (one.title,), compare=lambda *_: None)
    >>> joined_by(rule, 0.9, 100, 0.0) == joined_by(rule, 0.8, 100, 0.0)
    False
    """
    weights = sorted(rule.weights.items())
    parts = [FIELDS_VERSION, rule.version, weights, threshold, block_cap, clash, _said_by(rule)]
    return f"{rule.name} {fingerprint(parts)}"


def _said_by(rule: MatchRule) -> list[object]:
    """Return what a rule makes of some records: one that judges otherwise is another version."""
    fields = [match_fields(one) for one in PROBES]
    try:
        keys = [keys_of(rule, one) for one in fields]
        found = [evidence_of(rule, one, other) for one, other in combinations(fields, 2)]
    except CatalogueError:  # told when it fails on real records
        return []
    return [*keys, *((one.score, one.veto, *one.reasons) for one in found)]


PROBES = (
    BibRecord(
        source="a",
        identifier="1",
        titles=("Giải tích. T.II : dùng cho sinh viên / Nguyễn Văn A",),
        creators=("Nguyễn Văn A", "GS.TS. Trần, B."),
        publishers=("Nxb. Giáo dục",),
        year=1998,
        types=("book",),
        edition="Tái bản lần thứ 2",
        extent="xi, 284 tr. : minh hoạ ; 24 cm",
        languages=("vie",),
        identifiers=(RecordIdentifier(scheme="isbn", value="9786041234562"),),
    ),
    BibRecord(
        source="b",
        identifier="2",
        titles=("Giai tich tap 2",),
        creators=("Van A Nguyen",),
        publishers=("Giáo dục",),
        year=1999,
        extent="284 p.",
        volume="Tập 2",
    ),
    BibRecord(
        source="b",
        identifier="3",
        titles=("Giải tích = Calculus",),
        creators=("Trần B",),
        year=1998,
        types=("Luận văn thạc sĩ",),
        edition="2nd ed.",
    ),
    BibRecord(
        source="c",
        identifier="4",
        titles=("On the union of catalogues",),
        creators=("Smith, John", "Lê C."),
        year=2011,
        types=("article",),
        journal="Tạp chí Toán học",
        extent="tr. 253-262",
    ),
)
"""Records in which titles, names, volumes and editions are written as it happens; whoever makes
other match fields of them, or judges them otherwise, makes others of real records too."""


def fingerprint(parts: object) -> str:
    """Return a short text that is the same for the same parts.

    >>> fingerprint(["a", 1]) == fingerprint(["a", 1]) != fingerprint(["a", 2])
    True
    """
    return blake2b(json.dumps(parts).encode(), digest_size=8).hexdigest()
