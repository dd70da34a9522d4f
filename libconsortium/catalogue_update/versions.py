"""What records were read by, as one short text: another text means that they are read again."""

from __future__ import annotations

import json
from hashlib import blake2b

from libconsortium.contributions import IdentifierScheme, MatchRule
from libconsortium.core.catalogue.matching import FIELDS_VERSION
from libconsortium.core.errors import ConsortiumError
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
        name, version = "-", ""
    else:
        name, version = crosswalk.name, crosswalk.version
    schemes = registry.all(IdentifierScheme).values()
    parts = [
        FIELDS_VERSION,
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
    parts = [FIELDS_VERSION, rule.version, weights, threshold, block_cap, clash]
    return f"{rule.name} {fingerprint(parts)}"


def fingerprint(parts: object) -> str:
    """Return a short text that is the same for the same parts.

    >>> fingerprint(["a", 1]) == fingerprint(["a", 1]) != fingerprint(["a", 2])
    True
    """
    return blake2b(json.dumps(parts).encode(), digest_size=8).hexdigest()
