"""How well the match rules do on labelled sets: precision, recall and F1.

    python -m benchmarks.match [--rules NAME] [--threshold P …] [--whole]
    python -m benchmarks.match --invented 1000000

Only the half of each set that nothing was learned from is reported, unless ``--whole`` is given.
Pairs are counted after clustering, so that chains of wrong links count; of sets with judged pairs
those are counted, once compared each on its own, as in the published figures, and once clustered.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import attrs

from benchmarks.labelled import LabelledSet, Pair, all_sets, folder, halves, invented, pair
from benchmarks.train_match import BY_HAND, examples_of
from libconsortium import (
    LIKELY_SCORE,
    MERGE_SCORE,
    Judged,
    MatchRule,
    Registry,
    cluster,
    learned,
    match_fields,
    overlap,
)

PURPOSE = "accuracy of the match rules on labelled sets"
_INVENTED, _REPORT_SEED = 20_000, 101
_SIZES_SEED = 11
_LABELS = (0, 100, 500, 2_000)
_REFERENCES = {
    "cdl-marcai": (
        "published, CDL test pairs: neural net .977/.991/.984, fuzzy fields .763/.917/.833",
        "measured, CDL test pairs: Gold Rush 0.6.0 .998/.508/.674, title and year .993/.774/.870",
        "measured, CDL test pairs: points untuned .992/.933/.961, 500 labels .975/.989/.982",
        "measured, CDL test pairs: boosting with 10,208 labels .984/.989/.987",
    ),
    "swissbib": (
        "published, random split of pairs: random forest .972/.946/.959",
        "measured, boosting: random pairs .723/.755/.739, clusters held out .576/.634/.604",
        "measured, whole set: points from .9, clustered .48/.70/.57",
    ),
    "dblp-acm": ("measured, whole set: points, first author only, from .5 .967/.750/.845",),
}
"""What others reach on the same set, by whom and on which split: precision/recall/F1."""


_NO_REFERENCE = "no reference on this split is known"


def measured(labelled: LabelledSet, rule: MatchRule, threshold: float) -> Judged:
    """Return how a rule does on a labelled set: judged pairs each on its own, others clustered."""
    if not labelled.judged:
        return clustered(labelled, rule, threshold)
    fields = {one.identifier: match_fields(one) for one in labelled.records}
    found = set()
    for left, right in labelled.judged:
        evidence = rule.compare(fields[left], fields[right])
        if evidence.score >= threshold and not evidence.veto:
            found.add((left, right))
    return _figures(found, labelled)


def clustered(labelled: LabelledSet, rule: MatchRule, threshold: float) -> Judged:
    """Return how a rule does on a labelled set after clustering."""
    return _figures(set(_joined(labelled, rule, threshold)), labelled)


def _figures(found: set[Pair], labelled: LabelledSet) -> Judged:
    return Judged(found=len(found), right=len(found & labelled.same), same=len(labelled.same))


def _joined(labelled: LabelledSet, rule: MatchRule, threshold: float) -> Iterator[Pair]:
    sources = {one.source: one.source for one in labelled.records}
    catalogue = cluster(labelled.records, sources, Registry(), rules=rule.name, threshold=threshold)
    for one in catalogue.clusters:
        names = (key.split("\t")[1] for key in one.records)
        for two in combinations(names, 2):
            found = pair(*two)
            if not labelled.judged or found in labelled.judged:
                yield found


def with_labels(labelled: LabelledSet, count: int) -> Mapping[str, float]:
    """Return the weights set by hand, moved by so many judged pairs of the half to learn from."""
    before = BY_HAND["bibliographic"]
    if not count:
        return before
    rule = Registry().find(MatchRule, "bibliographic")
    some = sorted(halves(labelled)[0].judged, key=lambda two: two[1])[:count]
    part = attrs.evolve(labelled, judged=frozenset(some))
    examples = [attrs.evolve(one, weight=1.0) for one in examples_of(rule, part)]
    return learned(examples, before)


def undercounted(labelled: LabelledSet, threshold: float) -> float:
    """Return by how many per cent titles held by both of two members are under-counted, over all.

    Wrong merges count against missed ones, as they do in a report of the overlap.
    """
    sources = {one.source: one.source for one in labelled.records}
    catalogue = cluster(labelled.records, sources, Registry(), threshold=threshold)
    found = overlap(catalogue, Registry())
    member = {one.identifier: one.source for one in labelled.records}
    true = {frozenset((left, right)) for left, right in labelled.same}
    groups = _groups(true)
    both = sum(
        len(libraries) * (len(libraries) - 1)
        for libraries in ({member[one] for one in group} for group in groups)
    )
    ours = sum(titles for (one, other), titles in found.matrix.items() if one != other)
    return 100 * (both - ours) / both


def _groups(pairs: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    group: dict[str, set[str]] = {}
    for two in pairs:
        joined = set[str]().union(*(group.get(one, {one}) for one in two))
        group.update(dict.fromkeys(joined, joined))
    return list({frozenset(one) for one in group.values()})


def main(arguments: Iterable[str] | None = None) -> None:
    """Print the figures of every labelled set there is, and of invented records."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.match", description=__doc__)
    parser.add_argument("--rules", default="bibliographic", help="name of the match rule")
    parser.add_argument("--threshold", type=float, nargs="+", default=[LIKELY_SCORE, MERGE_SCORE])
    parser.add_argument("--whole", action="store_true", help="report the learned half too")
    parser.add_argument("--invented", type=int, metavar="N", help="N invented records, no others")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    rule = Registry().find(MatchRule, wanted.rules)
    if wanted.invented:
        _print_invented(wanted.invented, rule, wanted.threshold)
        return
    sets = list(all_sets(folder()))
    if not sets:
        print(f"no labelled sets in {folder()}; LIBCONSORTIUM_CORPORA says where they are")
    print(f"{'set':<24} {'threshold':>9} {'precision':>9} {'recall':>7} {'F1':>6}")
    for labelled in [*sets, invented(_INVENTED, seed=_REPORT_SEED)]:
        part = labelled if wanted.whole or labelled.name == "invented" else halves(labelled)[1]
        for threshold in wanted.threshold:
            _print(labelled.name, threshold, measured(part, rule, threshold))
            if labelled.judged:
                _print(f"{labelled.name} clustered", threshold, clustered(part, rule, threshold))
        for reference in _REFERENCES.get(labelled.name, (_NO_REFERENCE,)):
            print(f"{'':<24} {'':>9} {reference}")
    for labelled in sets:
        if labelled.name == "cdl-marcai":
            _print_learning(labelled, rule)
    works = invented(_INVENTED, seed=_REPORT_SEED, works=True)
    by_work = Registry().find(MatchRule, "works")
    _print("invented, works", LIKELY_SCORE, measured(works, by_work, LIKELY_SCORE))
    _print_overlap(wanted.threshold)


def _print_invented(count: int, rule: MatchRule, thresholds: Iterable[float]) -> None:
    labelled = invented(count, seed=_SIZES_SEED)
    for threshold in thresholds:
        _print(f"invented, {count:,}", threshold, clustered(labelled, rule, threshold))


def _print(name: str, threshold: float, figures: Judged) -> None:
    print(
        f"{name:<24} {threshold:>9.2f} {figures.precision:>9.3f}"
        f" {figures.recall:>7.3f} {figures.f1:>6.3f}"
    )


def _print_learning(labelled: LabelledSet, rule: MatchRule) -> None:
    if rule.weighed is None:
        return
    for count in _LABELS:
        nothing = dict.fromkeys(rule.weights, 0.0)
        again = rule.weighed({**nothing, **with_labels(labelled, count)})
        for threshold in (LIKELY_SCORE, MERGE_SCORE):
            _print(
                f"{labelled.name} {count} labels",
                threshold,
                measured(halves(labelled)[1], again, threshold),
            )


def _print_overlap(thresholds: Iterable[float]) -> None:
    # Five libraries, so that any two of them have enough titles in common.
    few = invented(_INVENTED, seed=_REPORT_SEED, members=5)
    for threshold in thresholds:
        under = undercounted(few, threshold)
        print(f"overlap of any two members, invented, threshold {threshold}: {-under:+.1f} %")


if __name__ == "__main__":
    main()
