"""How a promise is checked, and how its smallest counterexample is shown."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


class BrokenPromiseError(AssertionError):
    """A plugin does not keep a promise; the message shows the smallest input that breaks it."""


def promise(kept: bool, name: str, law: str, given: object, got: object) -> None:  # noqa: FBT001 - like assert
    """Raise ``BrokenPromiseError`` if a promise is not kept.

    >>> promise(2 + 2 == 4, "arithmetic", "sums are right", (2, 2), 4)
    """
    if not kept:
        raise broken(name, law, given, got)


def broken(name: str, law: str, given: object, got: object) -> BrokenPromiseError:
    """Return the error that names a broken promise, what was given and what came back."""
    return BrokenPromiseError(
        f"{name!r} does not keep {law!r}\n  given: {_shown(given)}\n  got:   {_shown(got)}"
    )


def only_known(name: str, claimed: Collection[str], known: Collection[str]) -> None:
    """Raise if a plugin claims a law that nothing here can check."""
    for law in sorted(set(claimed) - set(known)):
        raise broken(name, "claims laws that can be checked", law, sorted(known))


def leaves_alone(
    name: str, given: T, call: Callable[[T], Mapping[str, Fraction]]
) -> dict[str, Fraction]:
    """Return what a plugin answers, and see that it did not change its input."""
    before = copy.deepcopy(given)
    answer = dict(call(given))
    promise(given == before, name, "the input stays as it was", before, given)
    return answer


def conserves(name: str, values: Mapping[str, Fraction], amount: Fraction, given: object) -> None:
    """See that exact, non-negative parts add up to the amount."""
    exact = all(isinstance(value, Fraction | int) for value in values.values())
    promise(exact, name, "parts are exact numbers", given, values)
    promise(
        all(value >= 0 for value in values.values()), name, "no part is negative", given, values
    )
    promise(sum(values.values()) == amount, name, "parts add up to the amount", given, values)


def try_many(test: Callable[[T], None], inputs: SearchStrategy[T], examples: int) -> None:
    """Run a test on random inputs; it fails with the smallest input that breaks it."""
    from hypothesis import HealthCheck, Phase, given, settings

    # Derandomized: the same plugin gives the same answer each time it is checked. Hypothesis'
    # explanations are left out: they trace every line, and the message says it already.
    quiet = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    quiet(given(inputs)(test))()


def _shown(value: object) -> str:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_shown, value)) + ")"
    kind: Any = type(value)  # attrs' functions want a class they know
    if attrs.has(kind):
        fields = {field.name: getattr(value, field.name) for field in attrs.fields(kind)}
        return _shown({name: inner for name, inner in fields.items() if inner})
    return str(value)
