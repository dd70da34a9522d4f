"""The page of what our own plugins give, and the plugins themselves."""

from __future__ import annotations

from importlib.metadata import entry_points

from libconsortium import Registry, contributions, messages, registry
from tools.reference_pages.markdown import GENERATED, page


def names_page() -> str:
    """Return the page of everything our own plugins give, by kind."""
    ours = our_plugins()
    said = ["# What comes in the box", GENERATED, _ABOUT_NAMES]
    for kind, (hook, noun) in registry._HOOKS.items():  # noqa: SLF001 - the one list of kinds
        found = ours.all(kind)
        rows = [
            f"| `{name}` | {_sentence(given)} | {ours.giver(kind, name)} |"
            for name, given in found.items()
        ]
        said += [
            f"## {str(noun).capitalize()}{'' if str(noun).endswith('s') else 's'}",
            f"Hook: [`{hook}`](hooks.md#{hook})",
            "\n".join(["| name | what it is | plugin |", "|---|---|---|", *rows]),
        ]
    return page(said)


_ABOUT_NAMES = """\
Everything that is chosen by a name: in a policy, in `consortium.toml`, on the command line or in
Python. Underscores count as hyphens. Each comes from a plugin and can be left out with
`--without PLUGIN`; `libconsortium plugins` lists what is installed on your machine."""


def our_plugins() -> Registry:
    """Return a registry of our own plugins, whatever else is installed here."""
    return Registry(
        installed=[
            entry
            for entry in entry_points(group=messages.GROUP)
            if entry.value.startswith("libconsortium.")
        ]
    )


def _sentence(given: contributions.Contribution) -> str:
    parts = [given.summary.rstrip(".")]
    for field in ("axioms", "kinds", "namespaces", "schemes"):
        values = getattr(given, field, ())
        if values:
            label = {"axioms": "laws", "kinds": "writes"}.get(field, field)
            parts.append(f"{label}: {', '.join(f'`{value}`' for value in sorted(values) if value)}")
    if getattr(given, "source", ""):
        parts.append(f"source: {getattr(given, 'source')}")  # noqa: B009 - not every kind has one
    return ". ".join(f"{part[:1].upper()}{part[1:]}" for part in parts if part) + "."
