"""Learns the weights that ship with the library, and writes them.

    python -m benchmarks.train_match [--write]

Learned from one half of each of five labelled sets (see ``halves``) and from invented Vietnamese
records, starting from points set by hand; the other halves are for ``make bench-match``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.labelled import LabelledSet, all_sets, candidates, folder, halves, invented
from libconsortium import START, Example, MatchRule, Registry, learned, match_fields

PURPOSE = "weights of the match rule, learned from labelled sets"
_FILE = Path(__file__).resolve().parents[1] / "libconsortium/plugins/matching/weights.toml"
_ARTICLE = "article"
_INVENTED = 20_000
_TRAINING_SEED = 7
_MOST = 4_000.0  # a set counts as no more than so many pairs
_SHARES = {
    "cdl-marcai": 1.0,
    "cora": 0.1,
    "dblp-acm": 0.3,
    "swissbib": 0.1,
    "invented": 2.0,
}
"""How much a set counts; little where it is far from what libraries hold."""
_LEARNED_FROM = frozenset({"bibdedupe", "cdl-marcai", "cora", "dblp-acm", "swissbib"})
"""No others, so that whoever has these learns the same weights; a test does."""

_TRUST = 2.0
BY_HAND = {
    "bibliographic": {
        START: -3.5, "title-equal": 3.5, "title-alike": 2.0, "title-apart": -5.0,
        "main-title-equal": 1.5, "subtitle-apart": -1.2,
        "title-words": 1.0, "title-short": -1.0, "title-long": 0.0,
        "title-number-of-one": -1.5, "title-missing": -3.0, "title-words-of-both": -2.0,
        "title-within": 0.0, "title-words-swapped": -6.0, "title-words-added": -6.0,
        "thesis-of-others": -3.0,
        "title-word-slipped": -1.5,
        "marks-of-both": -6.0, "marks-of-one": -2.0,
        "creators-equal": 2.5, "creators-more": 0.0, "creators-part": 1.5, "creators-apart": -3.0,
        "creators-near": -1.5,
        "bodies-apart": -1.0, "creators-of-one": 0.0, "creators-of-none": 0.0,
        "year-equal": 1.5, "year-near": -1.5, "year-far": -3.0, "year-missing": -0.5,
        "year-of-reprint": -0.5, "carrier-equal": 1.0, "carrier-apart": -3.0,
        "volume-equal": 1.0, "volume-of-one": -2.0, "volume-apart": -2.0,
        "title-generic": -5.0, "title-alone": 1.0,
        "edition-equal": 0.5, "edition-of-one": -1.0,
        "publisher-equal": 1.0, "publisher-apart": -1.0,
        "pages-equal": 1.0, "pages-near": 0.0, "pages-far": -2.0, "pages-missing": 0.0,
        "type-equal": 0.3, "type-apart": -0.5, "language-equal": 0.0, "language-apart": -2.0,
        "journal-equal": 0.5, "journal-apart": -1.0,
        "journal-of-other-kind": -2.0,
        "doi-shared": 6.0, "isbn-shared": 5.0, "isbn-of-set": 1.0, "handle-shared": 6.0,
        "doi-of-set": 0.0, "issn-shared": 0.5, "issn-of-serial": 5.0,
        # Indexes of citations leave out years and shorten names of journals.
        "article year-missing": 3.5, "article title-long": 3.0, "article journal-equal": 0.5,
        "article creators-of-one": -2.5,
    },
    "identifiers": {
        START: -3.5, "doi-shared": 6.0, "doi-of-set": 1.0, "isbn-shared": 5.0, "isbn-of-set": 1.0,
        "handle-shared": 6.0, "title-equal": 3.5, "main-title-equal": 1.5, "title-alike": 2.0,
        "title-apart": -5.0, "title-number-of-one": -1.5, "marks-of-both": -6.0,
        "marks-of-one": -2.0,
    },
    "works": {
        START: -3.5, "title-equal": 4.0, "main-title-equal": 3.0, "subtitle-apart": -1.0,
        "title-alike": 2.5,
        "title-words": 0.5, "title-apart": -5.0, "title-short": -1.0, "title-long": 1.2,
        "title-number-of-one": -1.0, "title-words-of-both": -3.0, "title-words-swapped": -5.0,
        "title-words-added": -5.0,
        "title-missing": -3.0, "title-generic": -5.0, "marks-of-both": -6.0, "marks-of-one": -2.0,
        "creators-equal": 3.0, "creators-part": 2.0, "creators-apart": -6.0, "bodies-apart": -2.0,
        "creators-of-one": -1.0, "creators-of-none": -1.0,
    },
}  # fmt: skip
"""The points that were set by hand; what is learned starts from those of ``bibliographic``."""

_AT_MOST = {
    "creators-apart": -4.9,
    "creators-near": -1.0,
    "creators-of-none": -0.3,
    "marks-of-both": -7.3,
    "isbn-of-set": 0.3,
    "title-words-swapped": -6.5,
    "title-words-added": -6.5,
    "volume-of-one": -2.7,
    "subtitle-apart": -1.1,
    "thesis-of-others": -3.0,
    "title-word-slipped": -1.5,
    "language-apart": -2.0,
    "title-generic": -4.5,
    "title-short": -0.5,
    "title-words-of-both": -2.8,
    "article journal-of-other-kind": 0.0,
    "publisher-apart": -1.0,
    "year-near": -2.4,
    "article creators-apart": 0.0,
    "article journal-apart": 0.0,
}
"""Learned weights that precision keeps down: American libraries' books say little of ours."""
_BOOKS_ONLY = ("title-words-of-both", "title-words-swapped", "creators-apart", "volume-of-one")
"""Those of them that articles keep as learned: their titles are longer, and changed more often."""


def main(arguments: Iterable[str] | None = None) -> None:
    """Learn the weights; print them, or write them where the rule reads them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train_match", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write weights.toml")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    text = weights_text(folder())
    if wanted.write:
        _FILE.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


def weights_text(place: Path) -> str:
    """Learn the weights anew from the sets of a folder and invented records; the file's text."""
    given = [one for one in all_sets(place) if one.name in _LEARNED_FROM]
    sets = [*given, invented(_INVENTED, seed=_TRAINING_SEED)]
    weights = weights_from(sets)
    return "\n".join(_lines({**BY_HAND, "bibliographic": weights}, [one.name for one in sets]))


def weights_from(sets: Iterable[LabelledSet]) -> Mapping[str, float]:
    """Learn the weights of the usual rule from the training half of some sets."""
    rule = Registry().find(MatchRule, "bibliographic")
    examples = [one for labelled in sets for one in examples_of(rule, halves(labelled)[0])]
    found = learned(examples, BY_HAND["bibliographic"], trust=_TRUST)
    capped = {name: min(value, _AT_MOST.get(name, value)) for name, value in found.items()}
    for name in _BOOKS_ONLY:
        capped[f"{_ARTICLE} {name}"] += found[name] - capped[name]
    return capped


def examples_of(rule: MatchRule, labelled: LabelledSet) -> Iterator[Example]:
    """Yield the candidate pairs of a set that no guard forbids, all counting as much as wanted."""
    fields = {one.identifier: match_fields(one) for one in labelled.records}
    pairs = sorted(labelled.judged or candidates(rule, fields))
    free = [two for two in pairs if not rule.compare(fields[two[0]], fields[two[1]]).veto]
    weight = _SHARES.get(labelled.name, 1.0) * min(1.0, _MOST / max(1, len(free)))
    for left, right in free:
        assert rule.features is not None  # noqa: S101 - the rule that is trained has them
        found = rule.features(fields[left], fields[right])
        yield Example(found=found, is_same=(left, right) in labelled.same, weight=weight)


def _lines(rules: Mapping[str, Mapping[str, float]], names: Iterable[str]) -> Iterator[str]:
    yield "# Weights of the match rules: natural logarithms of odds; they add up."
    yield "# Written by `python -m benchmarks.train_match --write`; see there what from:"
    yield f"# {', '.join(names)} (one half of each); 'identifiers' and 'works' by hand."
    for rule, weights in rules.items():
        articles = {name: value for name, value in weights.items() if name.startswith(_ARTICLE)}
        yield f"\n[{rule}]"
        yield from _values({name: one for name, one in weights.items() if name not in articles})
        if articles:
            yield f"\n# Added for articles, chapters and papers.\n[{rule}.{_ARTICLE}]"
            yield from _values(
                {name.partition(" ")[2] or START: value for name, value in articles.items()}
            )
    yield ""


def _values(weights: Mapping[str, float]) -> Iterator[str]:
    for name in sorted(weights, key=lambda one: (one != START, one)):
        yield f"{name} = {round(weights[name], 3) + 0.0}"


if __name__ == "__main__":
    main()
