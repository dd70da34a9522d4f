"""Reads a policy from a TOML file and says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from libconsortium.contributions import ClaimsRule, CostModel
from libconsortium.core.messages import Message
from libconsortium.core.problems import Problem
from libconsortium.core.sharing.mixes import MixTerm
from libconsortium.core.sharing.policies import OWN_FIGURES, Policy
from libconsortium.files.toml_file import Steps, read_toml
from libconsortium.files.toml_records import Fault, error_of, problems_of, record_from
from libconsortium.registry import Registry, unknown_name


def read_policy(path: str | Path, registry: Registry | None = None) -> Policy:
    r"""Read a policy file.

    Args:
        path: A TOML file in the form of ``policies/examples``.
        registry: Where cost models and claims rules are found; all installed plugins if not given.

    Raises:
        SettingsError: The file cannot be read or is wrong; the message names every place as
            ``file:line: field: what``.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "equal.toml"
    ...     _ = file.write_text('name = "Equal"\nmix = [{ weight = 100, by = "equal" }]\n')
    ...     read_policy(file).name
    'Equal'
    """
    policy, problems = _read(path, registry)
    if policy is None or problems:
        raise error_of(problems)
    return policy


def check_policy(path: str | Path, registry: Registry | None = None) -> tuple[Problem, ...]:
    r"""Return what is wrong with a policy file, in the order of its lines; empty if nothing is.

    Args:
        path: A TOML file in the form of ``policies/examples``.
        registry: Where cost models and claims rules are found; all installed plugins if not given.

    Raises:
        SettingsError: The file cannot be read or is not TOML.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "policy.toml"
    ...     _ = file.write_text('name = "P"\nmix = [{ weight = 100, by = "equl" }]', "utf-8")
    ...     [str(one.what) for one in check_policy(file)]
    ["no cost model or driver called 'equl'; did you mean 'equal'?"]
    """
    return _read(path, registry)[1]


def _read(path: str | Path, registry: Registry | None) -> tuple[Policy | None, tuple[Problem, ...]]:
    data, line_of = read_toml(path)
    policy, faults = record_from(Policy, data)
    if policy is not None:
        faults = list(_unknown_names(policy, registry or Registry()))
    return policy, problems_of(faults, str(path), line_of)


def _unknown_names(policy: Policy, registry: Registry) -> Iterator[Fault]:
    models = registry.all(CostModel)
    drivers = (*policy.drivers, *OWN_FIGURES)
    for name in policy.drivers:
        if name in models:
            yield (
                ("drivers", name),
                Message("{name!r} is a cost model; call the driver something else", name=name),
            )
    for steps, term in policy.terms():
        yield from _faults_of(steps, term, policy, models)
    for steps, name in _named_drivers(policy):
        if name not in drivers:
            yield steps, unknown_name(Message("driver"), name, drivers).message
    if policy.sponsor and policy.sponsor.by not in (rules := registry.all(ClaimsRule)):
        yield (
            ("sponsor", "by"),
            unknown_name(Message("claims rule"), policy.sponsor.by, rules).message,
        )


def _faults_of(
    steps: Steps, term: MixTerm, policy: Policy, models: Mapping[str, CostModel]
) -> Iterator[Fault]:
    model = models.get(term.by.replace("_", "-"))
    if policy.is_driver(term.by):
        if term.parameters:
            what = Message("a driver takes no parameters; only cost models do")
            yield (*steps, "parameters"), what
    elif model is None:
        known = {*models, *policy.drivers}
        if get_close_matches(term.by, sorted(known), n=1):
            yield (
                (*steps, "by"),
                unknown_name(Message("cost model or driver"), term.by, known).message,
            )
        else:
            what = Message(
                "no cost model or driver called {name!r}; a driver is named first:"
                " [drivers] {name} = {{}}; cost models are: {known}",
                name=term.by,
                known=", ".join(sorted(models)),
            )
            yield (*steps, "by"), what
    else:
        driver = term.parameters.get("driver")
        if isinstance(driver, str) and driver not in {*policy.drivers, *OWN_FIGURES}:
            yield (
                (*steps, "parameters", "driver"),
                unknown_name(Message("driver"), driver, {*policy.drivers, *OWN_FIGURES}).message,
            )
        for what in model.check(term.parameters) if model.check else ():
            yield (*steps, "parameters"), what


def _named_drivers(policy: Policy) -> Iterator[tuple[Steps, str]]:
    """Yield the drivers that are named outside the mixes, with the way to each name."""
    for number, fee in enumerate(policy.fees):
        for field, name in (("of", fee.of), ("months", fee.months)):
            if name:
                yield ("fees", number, field), name
        for place, name in enumerate(fee.times):
            yield ("fees", number, "times", place), name
    if policy.sponsor and policy.sponsor.per:
        yield ("sponsor", "per"), policy.sponsor.per
