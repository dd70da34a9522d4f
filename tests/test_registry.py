import logging
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from libconsortium import (
    Contribution,
    CostModel,
    Crosswalk,
    CrosswalkError,
    DuplicateNameError,
    PluginStatus,
    Preset,
    Registry,
    StoreBackend,
    StoreError,
    UnknownNameError,
    WrongContributionError,
    hookimpl,
)

GROUP = "libconsortium"
UNUSED: Any = None  # a function that no test here calls


def gives(hook: str, *records: object) -> SimpleNamespace:
    """Make a plugin with one hook that yields records."""

    def yields() -> Iterator[object]:
        yield from records

    return SimpleNamespace(**{hook: hookimpl(yields)}, __name__=f"plugin with {hook}")


def presets(*names: str) -> SimpleNamespace:
    return gives("consortium_presets", *(Preset(name=name, read=str) for name in names))


def crosswalk(name: str, *namespaces: str) -> SimpleNamespace:
    record = Crosswalk(name=name, namespaces=namespaces, read=UNUSED)
    return gives("consortium_crosswalks", record)


def registry(installed: Iterable[EntryPoint] = (), **plugins: object) -> Registry:
    return Registry(plugins=plugins, installed=installed)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], EntryPoint]:
    """Write a plugin module and return its entry point."""
    monkeypatch.syspath_prepend(tmp_path)

    def written(name: str, text: str) -> EntryPoint:
        (tmp_path / f"{name}_plugin.py").write_text(text, encoding="utf-8")
        monkeypatch.delitem(sys.modules, f"{name}_plugin", raising=False)
        return EntryPoint(name=name, value=f"{name}_plugin", group=GROUP)

    return written


def status(found: Iterable[PluginStatus], name: str) -> PluginStatus:
    (only,) = (one for one in found if one.name == name)
    return only


# ---------------------------------------------------------------- finding


def test_everything_is_found_by_name_whatever_order_plugins_come_in() -> None:
    one, other = presets("b", "a"), presets("c")

    assert list(registry(x=one, y=other).all(Preset)) == ["a", "b", "c"]
    assert list(registry(y=other, x=one).all(Preset)) == ["a", "b", "c"]


def test_underscores_count_as_hyphens() -> None:
    assert registry(x=presets("vn-vla")).find(Preset, "vn_vla").name == "vn-vla"


def test_a_name_written_with_underscores_by_its_giver_is_found_too() -> None:
    assert registry(x=presets("vn_vla")).find(Preset, "vn_vla").name == "vn_vla"


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no preset called 'demmo'; did you mean 'demo'"):
        registry(x=presets("demo")).find(Preset, "demmo")


def test_an_unknown_name_without_a_near_one_lists_what_there_is() -> None:
    with pytest.raises(UnknownNameError, match="'xyz'; there are: demo, other"):
        registry(x=presets("other", "demo")).find(Preset, "xyz")


def test_an_unknown_name_where_there_is_nothing_says_so() -> None:
    with pytest.raises(UnknownNameError, match="no cost model called 'equal'; there are: -"):
        registry().find(CostModel, "equal")


def test_the_giver_of_a_contribution_is_known() -> None:
    assert registry(x=presets("a"), y=presets("b")).giver(Preset, "b") == "y"


def test_a_name_that_two_plugins_give_names_both() -> None:
    with pytest.raises(DuplicateNameError, match="'x' and 'y' both give a preset called 'a'"):
        registry(x=presets("a"), y=presets("a")).all(Preset)


def test_a_name_may_be_given_for_two_kinds() -> None:
    both = registry(x=presets("a"), y=crosswalk("a", "urn:x"))

    assert both.find(Preset, "a").name == both.find(Crosswalk, "a").name


def test_a_wrong_record_names_its_giver() -> None:
    broken = gives("consortium_presets", Contribution(name="a"))

    with pytest.raises(
        WrongContributionError, match="'x' yields Contribution where a Preset record is expected"
    ):
        registry(x=broken).all(Preset)


def test_other_kinds_go_on_beside_a_wrong_record() -> None:
    found = registry(x=gives("consortium_presets", 5), y=crosswalk("dc", "urn:dc"))

    assert list(found.all(Crosswalk)) == ["dc"]


def test_a_crosswalk_is_found_by_the_namespace_it_reads() -> None:
    found = registry(x=crosswalk("dc", "urn:dc"), y=crosswalk("marc", "urn:marc", "urn:slim"))

    assert found.crosswalk_for("urn:slim").name == "marc"


def test_a_namespace_that_nobody_reads_is_refused() -> None:
    with pytest.raises(CrosswalkError, match="no crosswalk reads the namespace 'urn:x'"):
        registry(x=crosswalk("dc", "urn:dc")).crosswalk_for("urn:x")


def test_a_namespace_that_two_read_names_both() -> None:
    found = registry(x=crosswalk("dc", "urn:dc"), y=crosswalk("dc2", "urn:dc"))

    with pytest.raises(DuplicateNameError, match="'dc' and 'dc2' both read 'urn:dc'"):
        found.crosswalk_for("urn:dc")


def test_a_store_is_found_by_the_scheme_of_its_address() -> None:
    backends = [
        StoreBackend(name=name, schemes=(name,), open=UNUSED) for name in ("memory", "sqlite")
    ]
    found = registry(x=gives("consortium_store_backends", *backends))

    assert found.store_for("sqlite").name == "sqlite"
    with pytest.raises(StoreError, match="begin with 'oracle:'"):
        found.store_for("oracle")


# ---------------------------------------------------------------- broken plugins


def test_a_plugin_that_cannot_be_imported_is_named_and_left_out(
    module: Callable[[str, str], EntryPoint], caplog: pytest.LogCaptureFixture
) -> None:
    bad = module("bad", "import no_such_package")

    with caplog.at_level(logging.WARNING):
        found = registry([bad], good=presets("a"))

        assert list(found.all(Preset)) == ["a"]

    assert "plugin bad left out: ModuleNotFoundError: No module named 'no_such_package'" in (
        caplog.text
    )
    told = status(found.statuses(), "bad")
    assert (told.state, told.reason) == (
        "broken",
        "ModuleNotFoundError: No module named 'no_such_package'",
    )


@pytest.mark.parametrize("text", ["import sys; sys.exit(3)", "1 / 0", "def broken(:"])
def test_a_plugin_that_fails_in_any_way_while_imported_is_left_out(
    module: Callable[[str, str], EntryPoint], text: str
) -> None:
    found = registry([module("bad", text)], good=presets("a"))

    assert list(found.all(Preset)) == ["a"]
    assert status(found.statuses(), "bad").state == "broken"


def test_a_plugin_whose_hook_fails_is_named_and_left_out() -> None:
    def fails() -> Iterator[Preset]:
        yield Preset(name="half", read=str)
        message = "disk on fire"
        raise OSError(message)

    bad = SimpleNamespace(consortium_presets=hookimpl(fails))
    found = registry(bad=bad, good=presets("a"))

    assert list(found.all(Preset)) == ["a"]
    assert status(found.statuses(), "bad").reason == "OSError: disk on fire"


def test_a_hook_that_wants_arguments_breaks_its_plugin() -> None:
    def wants(session: object) -> Iterator[Preset]:
        raise NotImplementedError

    bad = SimpleNamespace(consortium_presets=hookimpl(wants))
    found = registry(bad=bad, good=presets("a"))

    assert list(found.all(Preset)) == ["a"]
    assert "PluginValidationError" in status(found.statuses(), "bad").reason


def test_a_misspelt_hook_breaks_its_plugin_instead_of_being_ignored() -> None:
    found = registry(bad=gives("consortium_preset"))

    assert status(found.statuses(), "bad").reason == (
        "UnknownNameError: no hook called 'consortium_preset'; did you mean 'consortium_presets'?"
    )


def test_nothing_of_a_plugin_with_a_misspelt_hook_is_used() -> None:
    bad = SimpleNamespace(**{**vars(presets("half")), **vars(gives("consortium_reprots"))})

    found = registry(bad=bad, good=presets("a"))

    assert list(found.all(Preset)) == ["a"]


def test_two_plugins_of_one_name_are_told_and_the_first_stays(
    module: Callable[[str, str], EntryPoint],
) -> None:
    first = module(
        "twice",
        "from libconsortium import Preset, hookimpl\n"
        "@hookimpl\n"
        "def consortium_presets():\n"
        "    yield Preset(name='a', read=str)\n",
    )

    found = registry([first], twice=presets("b"))

    assert list(found.all(Preset)) == ["a"]
    (reason,) = {one.reason for one in found.statuses()}
    assert "two plugins are called 'twice': twice_plugin and plugin with" in reason


def test_one_plugin_under_two_names_counts_once() -> None:
    plugin = presets("a")

    found = registry(one=plugin, two=plugin)

    assert list(found.all(Preset)) == ["a"]
    assert [one.state for one in found.statuses()] == ["ready", "broken"]


# ---------------------------------------------------------------- statuses


def test_a_status_tells_what_a_plugin_gives() -> None:
    told = status(registry(x=presets("b", "a")).statuses(), "x")

    assert told.gives == ("preset a", "preset b")
    assert (told.state, told.reason) == ("ready", "")
    assert told.module == "plugin with consortium_presets"


def test_a_status_tells_distribution_and_version() -> None:
    told = status(Registry().statuses(), "vietnam")

    assert (told.distribution, told.module) == ("libconsortium", "libconsortium.plugins.vietnam")
    assert told.version


def test_an_entry_point_without_distribution_has_an_empty_one(
    module: Callable[[str, str], EntryPoint],
) -> None:
    assert status(registry([module("alone", "")]).statuses(), "alone").distribution == ""


def test_statuses_name_who_yields_a_wrong_record() -> None:
    found = registry(bad=gives("consortium_presets", 5), good=crosswalk("dc", "urn:dc"))

    told = found.statuses()

    assert status(told, "bad").state == "broken"
    assert "yields int where a Preset" in status(told, "bad").reason
    assert status(told, "good").gives == ("crosswalk dc",)


def test_statuses_tell_both_givers_of_one_name() -> None:
    told = registry(x=presets("a"), y=presets("a"), z=crosswalk("dc", "urn:dc")).statuses()

    assert [one.state for one in told] == ["broken", "broken", "ready"]


def test_an_unsound_status_comes_first_by_its_name() -> None:
    told = registry(y=presets("a"), x=presets("b")).statuses()

    assert [one.name for one in told] == ["x", "y"]


# ---------------------------------------------------------------- leaving out, loading late


def test_a_plugin_left_out_is_never_loaded(module: Callable[[str, str], EntryPoint]) -> None:
    bomb = module("bomb", "raise RuntimeError('loaded')")

    found = Registry(without=["bomb", "x"], plugins={"x": presets("a")}, installed=[bomb])

    assert found.all(Preset) == {}
    assert [one.state for one in found.statuses()] == ["left out", "left out"]
    assert "bomb_plugin" not in sys.modules


def test_leaving_out_an_unknown_plugin_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no plugin called 'vietnm'; did you mean 'vietnam'"):
        Registry(without=["vietnm"])


def test_a_registry_loads_no_plugin_before_it_is_asked(
    module: Callable[[str, str], EntryPoint],
) -> None:
    lazy = module("lazy", "")

    found = registry([lazy])
    assert "lazy_plugin" not in sys.modules

    found.all(Preset)
    assert "lazy_plugin" in sys.modules


def test_two_registries_know_nothing_of_each_other() -> None:
    registry(x=presets("a")).all(Preset)

    assert registry().all(Preset) == {}


def test_every_plugin_of_ours_is_registered_like_anybodys() -> None:
    ours = {entry.name for entry in entry_points(group=GROUP)}

    assert {"identifiers", "vietnam"} <= ours


def test_our_hook_modules_import_nothing_heavy() -> None:
    program = """
import sys
from libconsortium import Registry
registry = Registry()
registry._manager()
heavy = "requests lxml sickle sqlalchemy alembic duckdb pyarrow rapidfuzz xlsxwriter babel"
print(" ".join(sorted(set(heavy.split()) & set(sys.modules))))
"""
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert run.stdout.strip() == ""


def crosswalk_of(name: str, *formats: str, namespaces: tuple[str, ...] = ()) -> SimpleNamespace:
    record = Crosswalk(name=name, namespaces=namespaces, formats=formats, read=UNUSED)
    return gives("consortium_crosswalks", record)


def test_a_format_without_namespace_is_found_by_its_name() -> None:
    both = registry(x=crosswalk_of("marc", "iso2709"), y=crosswalk_of("dc", namespaces=("",)))

    assert both.crosswalk_for("", "iso2709").name == "marc"
    assert both.crosswalk_for("", "iso2709").name == "marc"  # remembered
    assert both.crosswalk_for("", "unheard-of").name == "dc"


def test_a_namespace_decides_before_the_name_of_the_format() -> None:
    both = registry(x=crosswalk_of("marc", "oai_dc"), y=crosswalk_of("dc", namespaces=("urn:dc",)))

    assert both.crosswalk_for("urn:dc", "oai_dc").name == "dc"
    with pytest.raises(CrosswalkError, match="namespace 'urn:x'"):
        both.crosswalk_for("urn:x", "oai_dc")


def test_a_format_that_two_read_names_both() -> None:
    both = registry(x=crosswalk_of("one", "iso2709"), y=crosswalk_of("two", "iso2709"))

    with pytest.raises(DuplicateNameError, match="'one' and 'two' both read 'iso2709'"):
        both.crosswalk_for("", "iso2709")


def test_a_registry_travels_to_another_process_without_what_was_left_out() -> None:
    name = Registry().statuses()[0].name

    other = pickle.loads(pickle.dumps(Registry(without=[name])))  # noqa: S301 - made here

    assert [one.name for one in other.statuses() if one.state == "left out"] == [name]


def test_plugins_given_as_objects_do_not_travel() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Registry(plugins={"mine": SimpleNamespace()}))
