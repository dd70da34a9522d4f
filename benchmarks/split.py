"""How long a consortium's yearly splits take, as a ratio to plain division in floats.

python -m benchmarks.split [--members N] [--subscriptions N] [--said N]

Every subscription is split by 20/50/30, with limits that hold for some members, and every share is
explained in words (its working is made when it is asked for). Seconds are those of the processor.
The floor is what a spreadsheet would do: the same mixture in floats, without
limits, working or exactness.
"""

from __future__ import annotations

import argparse
import random
import resource
from collections.abc import Iterable
from fractions import Fraction
from time import process_time as seconds_used

from attrs import evolve

from libconsortium import (
    Bill,
    DriverRule,
    Limit,
    LimitRule,
    MixTerm,
    Money,
    Policy,
    Registry,
    clamped,
    explain_share,
    split,
)

PURPOSE = "cost sharing: exact, limited and explained, as a ratio to plain floats"

Figures = dict[str, dict[str, int]]

WEIGHTS = {"equal": 20, "fte": 50, "usage": 30}
POLICY = Policy(
    name="20/50/30",
    mix=[MixTerm(weight=weight, by=by) for by, weight in WEIGHTS.items()],
    drivers={"fte": DriverRule(), "usage": DriverRule()},
)
CAPPED = evolve(POLICY, limits=LimitRule(rise="15%", fall="15%"))


def main(arguments: Iterable[str] | None = None) -> None:
    """Print seconds and ratios of every stage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.split", description=__doc__)
    parser.add_argument("--members", type=int, default=338, help="how many members")
    parser.add_argument("--subscriptions", type=int, default=200, help="how many bills")
    parser.add_argument("--said", type=int, help="bills whose shares are said in words; all if not")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    chance = random.Random(2026)
    members = [f"lib-{number:04}" for number in range(wanted.members)]
    figures: Figures = {
        "fte": {member: chance.randint(100, 50_000) for member in members},
        "usage": {member: chance.randint(0, 90_000) for member in members},
    }
    bills = [Money(chance.randint(10**8, 10**10), "VND") for _ in range(wanted.subscriptions)]
    said = wanted.subscriptions if wanted.said is None else min(wanted.said, wanted.subscriptions)
    _measure(members, figures, bills, said, chance)


def _measure(
    members: list[str], figures: Figures, bills: list[Money], said: int, chance: random.Random
) -> None:
    """Take bill after bill through every stage, as an office's year does; print the sums."""
    registry = Registry()
    floor = exact = capped = words = 0.0
    held = letters = 0
    for number, bill in enumerate(bills):
        start = seconds_used()
        _in_floats(bill.minor, members, figures)
        floor += seconds_used() - start

        start = seconds_used()
        done = split(Bill(amount=bill), members, figures, POLICY, registry=registry)
        exact += seconds_used() - start

        last = {
            member: Money(share.amount.minor * chance.randint(80, 120) // 100, "VND")
            for member, share in done.shares.items()
        }
        start = seconds_used()
        limited = split(
            Bill(amount=bill), members, figures, CAPPED, last_year=last, registry=registry
        )
        capped += seconds_used() - start
        held += sum(bool(share.limits) for share in limited.shares.values())

        if number < said:
            start = seconds_used()
            letters += sum(len(explain_share(share)) for share in limited.shares.values())
            words += seconds_used() - start

    count = len(members) * len(bills)
    print(f"{count} shares, {held} at a limit, {letters} letters of working")
    for stage, seconds, bills_done in [
        ("floats, nothing else", floor, len(bills)),
        ("exact", exact, len(bills)),
        ("exact and limited", capped, len(bills)),
        ("worked and said in words", words, said),
    ]:
        each = 1e6 * seconds / (len(members) * max(bills_done, 1))
        print(
            f"  {stage:<24} {seconds:>8.2f} s {each:>8.1f} µs a share"
            f" {each * count / 1e6 / floor:>8.1f} x"
        )
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    _measure_limits(chance)


def _measure_limits(chance: random.Random) -> None:
    """Print how long the exact level takes at which limited shares add up, by number of members."""
    for count in (50, 338, 5_000):
        weights = {
            f"lib-{number:04}": Fraction(chance.randint(1, 10**6), chance.choice((1, 3, 7, 64)))
            for number in range(count)
        }
        whole = sum(weights.values(), Fraction(0))
        amount = Fraction(10**10)
        limits = {
            member: Limit(
                low=amount * weight / whole * Fraction(chance.randint(50, 99), 100),
                high=amount * weight / whole * Fraction(chance.randint(101, 150), 100),
            )
            for member, weight in weights.items()
        }
        wanted = {member: weight * chance.randint(1, 3) for member, weight in weights.items()}
        start = seconds_used()
        clamped(amount, wanted, limits)
        print(f"  limits of {count:>5} members {seconds_used() - start:>10.4f} s")


def _in_floats(bill: int, members: list[str], figures: Figures) -> dict[str, float]:
    sums = {driver: sum(of.values()) for driver, of in figures.items()}
    equal = WEIGHTS["equal"] / 100 / len(members)
    return {
        member: bill
        * (
            equal
            + sum(
                WEIGHTS[driver] / 100 * of[member] / sums[driver] for driver, of in figures.items()
            )
        )
        for member in members
    }


if __name__ == "__main__":
    main()
