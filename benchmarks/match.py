"""How well the match rules do on labelled sets: precision, recall and F1.

    python -m benchmarks.match [--rules NAME] [--threshold P …]

Pairs are counted after clustering, so that chains of wrong links count; of CDL only the judged
pairs, each compared on its own, as in its published figures.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from itertools import combinations

import attrs

from benchmarks.labelled import LabelledSet, Pair, all_sets, folder, pair
from libconsortium import MERGE_SCORE, MatchRule, Registry, cluster, match_fields

PURPOSE = "accuracy of the match rules on labelled sets"


@attrs.frozen(kw_only=True)
class Figures:
    """Precision and recall of pairs.

    Args:
        found: Pairs that were joined.
        right: Of these, pairs that are the same publication.
        same: Pairs that are the same publication.
    """

    found: int
    right: int
    same: int

    @property
    def precision(self) -> float:
        """The part of the joined pairs that is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The part of the pairs to be found that was joined."""
        return self.right / self.same if self.same else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.right / (self.found + self.same) if self.found + self.same else 1.0


def measured(labelled: LabelledSet, rules: str, threshold: float) -> Figures:
    """Return how a rule does on a labelled set."""
    found = set(_joined(labelled, rules, threshold))
    return Figures(found=len(found), right=len(found & labelled.same), same=len(labelled.same))


def _joined(labelled: LabelledSet, rules: str, threshold: float) -> Iterator[Pair]:
    registry = Registry()
    if labelled.judged:
        rule = registry.find(MatchRule, rules)
        fields = {one.identifier: match_fields(one) for one in labelled.records}
        for left, right in labelled.judged:
            found = rule.compare(fields[left], fields[right])
            if found.score >= threshold and not found.veto:
                yield left, right
        return
    sources = {one.source: one.source for one in labelled.records}
    catalogue = cluster(labelled.records, sources, registry, rules=rules, threshold=threshold)
    for one in catalogue.clusters:
        names = (key.split("\t")[1] for key in one.records)
        yield from (pair(*two) for two in combinations(names, 2))


def main(arguments: Iterable[str] | None = None) -> None:
    """Print the figures of every labelled set there is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.match", description=__doc__)
    parser.add_argument("--rules", default="bibliographic", help="name of the match rule")
    parser.add_argument("--threshold", type=float, nargs="+", default=[0.5, MERGE_SCORE])
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    print(f"{'set':<12} {'threshold':>9} {'precision':>9} {'recall':>7} {'F1':>6}")
    sets = list(all_sets(folder()))
    for labelled in sets:
        for threshold in wanted.threshold:
            figures = measured(labelled, wanted.rules, threshold)
            print(
                f"{labelled.name:<12} {threshold:>9.2f} {figures.precision:>9.3f}"
                f" {figures.recall:>7.3f} {figures.f1:>6.3f}"
            )
    if not sets:
        print(f"no labelled sets in {folder()}; LIBCONSORTIUM_CORPORA says where they are")


if __name__ == "__main__":
    main()
