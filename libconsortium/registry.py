"""Finds plugins by entry point, loads them when used, and finds what they give by name."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

import attrs
import pluggy

from libconsortium import hookspecs
from libconsortium.contributions import (
    CatalogueEngine,
    ClaimsRule,
    Command,
    Contribution,
    CostModel,
    Crosswalk,
    GameSolution,
    Gazetteer,
    Harvester,
    IdentifierScheme,
    Language,
    MatchRule,
    Preset,
    Report,
    SearchBackend,
    StoreBackend,
    TextRepair,
    TitleListLoader,
    UsageLoader,
)
from libconsortium.core.errors import (
    CrosswalkError,
    DuplicateNameError,
    PluginError,
    StoreError,
    UnknownNameError,
    WrongContributionError,
)
from libconsortium.core.messages import Message
from libconsortium.messages import GROUP

log = logging.getLogger(__name__)

C = TypeVar("C", bound=Contribution)

_HOOKS: dict[type[Contribution], tuple[str, Message]] = {
    Harvester: ("consortium_harvesters", Message("harvester")),
    Crosswalk: ("consortium_crosswalks", Message("crosswalk")),
    TextRepair: ("consortium_text_repairs", Message("text repair")),
    IdentifierScheme: ("consortium_identifier_schemes", Message("identifier scheme")),
    MatchRule: ("consortium_match_rules", Message("match rule")),
    CostModel: ("consortium_cost_models", Message("cost model")),
    GameSolution: ("consortium_game_solutions", Message("game solution")),
    ClaimsRule: ("consortium_claims_rules", Message("claims rule")),
    Report: ("consortium_reports", Message("report")),
    StoreBackend: ("consortium_store_backends", Message("store")),
    CatalogueEngine: ("consortium_catalogue_engines", Message("catalogue engine")),
    SearchBackend: ("consortium_search_backends", Message("search index")),
    Command: ("consortium_commands", Message("command")),
    Preset: ("consortium_presets", Message("preset")),
    Gazetteer: ("consortium_gazetteers", Message("table of places")),
    Language: ("consortium_languages", Message("language")),
    UsageLoader: ("consortium_usage_loaders", Message("usage loader")),
    TitleListLoader: ("consortium_title_list_loaders", Message("title list loader")),
}


@attrs.frozen(kw_only=True)
class PluginStatus:
    """What is known of one plugin.

    Args:
        name: Its entry-point name.
        module: The module it lives in.
        distribution: The installed distribution it comes from; empty if unknown.
        version: That distribution's version; empty if unknown.
        state: ``ready``, ``left out`` (by ``--without``) or ``broken``.
        gives: What it gives, as ``kind name``, sorted.
        reason: Why it is broken; empty if it is not.
    """

    name: str
    module: str
    distribution: str = ""
    version: str = ""
    state: str = "ready"
    gives: tuple[str, ...] = ()
    reason: str = ""


class Registry:
    """The plugins of one consortium; an ordinary object, made as often as needed.

    Args:
        without: Entry-point names that are left out before anything is loaded.
        plugins: Plugins given as objects (modules or instances) instead of found by entry point,
            by name; for tests and notebooks. They come in addition to the installed ones.
        installed: Where installed plugins are looked for; the environment if not given.

    Raises:
        UnknownNameError: ``without`` names a plugin that there is not.

    >>> Registry().find(CostModel, "equal").name
    'equal'
    """

    def __init__(
        self,
        *,
        without: Iterable[str] = (),
        plugins: dict[str, object] | None = None,
        installed: Iterable[EntryPoint] | None = None,
    ) -> None:
        """Read the names of the plugins; load none."""
        self._without = frozenset(without)
        self._entries = tuple(sorted(entry_points(group=GROUP) if installed is None else installed))
        self._given = dict(plugins or {})
        self._is_found = installed is None and not self._given
        names = {entry.name for entry in self._entries} | self._given.keys()
        for unknown in sorted(self._without - names):
            raise unknown_name(Message("plugin"), unknown, names)
        self._broken: dict[str, str] = {}
        self._loaded: pluggy.PluginManager | None = None
        # Any: under each kind stand the giver's name and a record of exactly that kind.
        self._found: dict[type[Contribution], dict[str, tuple[str, Any]]] = {}
        self._crosswalks: dict[tuple[str, str], Crosswalk] = {}

    def __reduce__(self) -> tuple[partial[Registry], tuple[()]]:
        """Travel to another process, which finds the same plugins.

        Raises:
            TypeError: Some were given as objects: they are here only.
        """
        if not self._is_found:
            raise TypeError(self._given)
        return partial(Registry, without=self._without), ()

    def all(self, kind: type[C]) -> dict[str, C]:
        """Return every contribution of a kind by name, in the order of the names.

        Raises:
            DuplicateNameError: Two plugins give the same name.
        """
        found = self._of(kind)
        return {name: found[name][1] for name in sorted(found)}

    def find(self, kind: type[C], name: str) -> C:
        """Return the contribution of a kind that has this name.

        Underscores count as hyphens, capitals as small letters.

        Raises:
            UnknownNameError: No plugin gives it; the message suggests the nearest name.
        """
        found = self._of(kind)
        for wanted in (name, name.replace("_", "-"), name.replace("_", "-").casefold()):
            if wanted in found:
                return found[wanted][1]
        raise unknown_name(_HOOKS[kind][1], name, found)

    def giver(self, kind: type[Contribution], name: str) -> str:
        """Return the entry-point name of the plugin that gives a contribution."""
        return self._of(kind)[self.find(kind, name).name][0]

    def crosswalk_for(self, namespace: str, format_name: str = "") -> Crosswalk:
        """Return the crosswalk that reads an XML namespace, or a format that has none.

        Args:
            namespace: The namespace; it alone decides unless it is empty.
            format_name: Name of the format (``iso2709``), or the prefix it was asked for under;
                an empty namespace and a name nobody knows mean simple XML.

        Raises:
            CrosswalkError: None does.
            DuplicateNameError: Two do, and no name was asked for.
        """
        asked = (namespace, format_name)
        if asked not in self._crosswalks:
            self._crosswalks[asked] = self._crosswalk(namespace, format_name)
        return self._crosswalks[asked]

    def _crosswalk(self, namespace: str, format_name: str) -> Crosswalk:
        walks = self.all(Crosswalk).values()
        fits = [walk for walk in walks if not namespace and format_name in walk.formats]
        fits = fits or [walk for walk in walks if namespace in walk.namespaces]
        if not fits:
            raise CrosswalkError(
                "no crosswalk reads the namespace {namespace!r} (format {format!r})",
                namespace=namespace,
                format=format_name,
            )
        if len(fits) > 1:
            raise DuplicateNameError(
                "the crosswalks {one!r} and {other!r} both read {namespace!r};"
                " leave one plugin out with --without",
                one=fits[0].name,
                other=fits[1].name,
                namespace=namespace or format_name,
            )
        return fits[0]

    def store_for(self, scheme: str) -> StoreBackend:
        """Return the store that opens addresses of a URL scheme.

        Raises:
            StoreError: None does.
        """
        for backend in self.all(StoreBackend).values():
            if scheme in backend.schemes:
                return backend
        raise StoreError("no store opens addresses that begin with {scheme!r}", scheme=f"{scheme}:")

    def statuses(self) -> tuple[PluginStatus, ...]:
        """Load every plugin and say what became of it, by name.

        A plugin that yields a wrong record or a name that another gives already is told of as
        broken, and so is that other.
        """
        self._manager()
        gives: dict[str, list[str]] = {}
        for kind, (_, noun) in _HOOKS.items():
            try:
                found = self._of(kind)
            except PluginError as error:
                values = dict(error.message.values)
                for giver in (values.get("giver"), values.get("one"), values.get("other")):
                    if isinstance(giver, str):
                        self._broken.setdefault(giver, str(error))
                continue
            for name, (giver, _) in found.items():
                gives.setdefault(giver, []).append(f"{noun} {name}")
        installed = [self._status(entry.name, entry.value, gives, entry) for entry in self._entries]
        given = [
            self._status(name, str(getattr(plugin, "__name__", type(plugin).__name__)), gives)
            for name, plugin in self._given.items()
        ]
        return tuple(sorted([*installed, *given], key=lambda status: (status.name, status.module)))

    def _status(
        self, name: str, module: str, gives: dict[str, list[str]], entry: EntryPoint | None = None
    ) -> PluginStatus:
        return PluginStatus(
            name=name,
            module=module,
            distribution=entry.dist.name if entry and entry.dist else "",
            version=entry.dist.version if entry and entry.dist else "",
            state=self._state(name),
            gives=tuple(sorted(gives.get(name, ()))),
            reason=self._broken.get(name, ""),
        )

    def _state(self, name: str) -> str:
        if name in self._without:
            return "left out"
        return "broken" if name in self._broken else "ready"

    def _manager(self) -> pluggy.PluginManager:
        if self._loaded is None:
            self._loaded = pluggy.PluginManager(hookspecs.PROJECT)
            self._loaded.add_hookspecs(hookspecs)
            for name, plugin in self._plugins():
                try:
                    self._register(self._loaded, name, plugin)
                except (PluginError, ValueError, pluggy.PluginValidationError) as error:
                    self._leave_out(name, error)
        return self._loaded

    def _register(self, manager: pluggy.PluginManager, name: str, plugin: object) -> None:
        other = manager.get_plugin(name)
        if other is not None:
            raise DuplicateNameError(
                "two plugins are called {name!r}: {one} and {other}; uninstall one of them",
                name=name,
                one=getattr(other, "__name__", type(other).__name__),
                other=getattr(plugin, "__name__", type(plugin).__name__),
            )
        try:
            manager.register(plugin, name=name)
            for caller in manager.get_hookcallers(plugin) or ():
                if not caller.has_spec():
                    raise unknown_name(
                        Message("hook"), caller.name, [hook for hook, _ in _HOOKS.values()]
                    )
        except (PluginError, ValueError, pluggy.PluginValidationError):
            manager.unregister(name=name)
            raise

    def _plugins(self) -> Iterator[tuple[str, object]]:
        for entry in self._entries:
            if entry.name in self._without:
                continue
            try:
                yield entry.name, entry.load()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - someone else's code
                self._leave_out(entry.name, error)
        for name, plugin in self._given.items():
            if name not in self._without:
                yield name, plugin

    def _leave_out(self, name: str, error: BaseException) -> None:
        self._broken[name] = f"{type(error).__name__}: {error}"
        log.warning("plugin %s left out: %s", name, self._broken[name])

    def _of(self, kind: type[C]) -> dict[str, tuple[str, C]]:
        if kind not in self._found:
            found: dict[str, tuple[str, C]] = {}
            for giver, given in self._yielded(kind):
                if given.name in found:
                    raise DuplicateNameError(
                        "the plugins {one!r} and {other!r} both give a {kind} called {name!r};"
                        " leave one out with --without",
                        one=found[given.name][0],
                        other=giver,
                        kind=_HOOKS[kind][1],
                        name=given.name,
                    )
                found[given.name] = (giver, given)
            self._found[kind] = found
        return self._found[kind]

    def _yielded(self, kind: type[C]) -> Iterator[tuple[str, C]]:
        caller = getattr(self._manager().hook, _HOOKS[kind][0])
        for implementation in sorted(caller.get_hookimpls(), key=lambda one: one.plugin_name):
            giver = implementation.plugin_name
            try:
                contributions = tuple(implementation.function())
            except (Exception, SystemExit) as error:  # noqa: BLE001 - someone else's code
                self._leave_out(giver, error)
                continue
            for given in contributions:
                if not isinstance(given, kind):
                    raise WrongContributionError(
                        "the plugin {giver!r} yields {given} where a {kind} record is expected;"
                        " leave it out with --without {giver}",
                        giver=giver,
                        given=type(given).__name__,
                        kind=kind.__name__,
                    )
                yield giver, given


def unknown_name(kind: Message, name: str, known: Iterable[str]) -> UnknownNameError:
    """Return the error that says that nothing has a name, and which name may be meant.

    Args:
        kind: What is looked for: a cost model, a driver.
        name: The name that nothing has.
        known: The names there are.

    >>> str(unknown_name(Message("driver"), "fet", ["fte", "usage"]))
    "no driver called 'fet'; did you mean 'fte'?"
    """
    listed = sorted(known)
    near = get_close_matches(name.replace("_", "-"), listed, n=1)
    if near:
        return UnknownNameError(
            "no {kind} called {name!r}; did you mean {near!r}?", kind=kind, name=name, near=near[0]
        )
    return UnknownNameError(
        "no {kind} called {name!r}; there are: {known}",
        kind=kind,
        name=name,
        known=", ".join(listed) or "-",
    )
