"""The nucleolus where the greatest need decides, for any number of players.

Source: Littlechild, "A simple expression for the nucleolus in a special case", International
Journal of Game Theory 3 (1974) 21-29.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from libconsortium.core.games.games import ZERO
from libconsortium.core.games.structured_games import classes_of


def runway_nucleolus(needs: Sequence[Fraction]) -> list[Fraction]:
    """Return the nucleolus of the game in which a coalition costs its greatest need.

    The players of small needs pay alike up to the need at which sharing it, with one more to help,
    leaves least to each; then the next ones above it, and so on. The most demanding pay the rest.

    Args:
        needs: What each player needs, not negative.

    >>> [str(share) for share in runway_nucleolus([Fraction(need) for need in (8, 11, 13, 18)])]
    ['13/4', '13/4', '13/4', '33/4']
    """
    classes = classes_of(needs)
    steps = list(zip(classes, accumulate(map(len, classes.values())), strict=True))
    shares, done, paid = [ZERO] * len(needs), 0, ZERO
    groups = list(classes.values())
    first = 0
    while first < len(steps):
        left = [(need - paid, upto - done) for need, upto in steps[first:]]
        # Whoever needs most of all has nobody above to help.
        tried = [rest / (count + (at < len(left) - 1)) for at, (rest, count) in enumerate(left)]
        share = min(tried)
        last = first + max(at for at, one in enumerate(tried) if one == share)
        for group in groups[first : last + 1]:
            for player in group:
                shares[player] = share
        paid += share * (steps[last][1] - done)
        done, first = steps[last][1], last + 1
    return shares
