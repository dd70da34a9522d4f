"""Collect the texts people read, keep their translations, and check that none is missing.

``python tools/messages.py update`` writes what the code says into the catalogues and compiles
them; ``python tools/messages.py check`` says what is missing and changes nothing. Both look at
libconsortium and at every package of plugins-contrib, or at the packages that are named after it.

A text is the first argument of ``_``, ``N_``, ``gettext``, ``Message`` and of every error class,
the first two of ``ngettext``, the summary of what a plugin gives that is shown in a list, and the
help of a click command or option.
The code is read as a tree, so that a text inside an f-string is found in every version of Python.
The English catalogue holds no translations: it is the list; plugins have none.
"""

from __future__ import annotations

import ast
import io
import string
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "libconsortium"
CONTRIB = ROOT / "plugins-contrib"
LOCALES = ("en", "vi")
SUMMARISED = {"Command", "Preset"}
"""The contributions whose keyword ``summary`` is said in a list."""

DOCUMENTED = {"command", "group"}
"""The decorators that make a function's docstring the help of a command."""

HELPING = {*DOCUMENTED, "option"}
"""The calls of click whose keyword ``help`` is said to people."""

SUMMARIES = "_SUMMARIES"
"""The name of a table whose values are such summaries."""


def main(task: str, *named: str) -> int:
    """Do one of the two tasks; return the exit code."""
    found = []
    for package in [Path(name).resolve() for name in named] or packages():
        wanted = collected(package)
        pos = [po_of(package, locale) for locale in (LOCALES if package == PACKAGE else ["vi"])]
        for po in pos if task == "update" and _texts(wanted) else ():
            update(po, wanted)
        here = [fault for po in pos for fault in faults(po, wanted)]
        for fault in here:
            print(fault)
        print(f"{package.name}: {len(_texts(wanted))} messages, {len(here)} to put right")
        found += here
    return 1 if found and task == "check" else 0


def packages() -> list[Path]:
    """Return our own package, then those of plugins-contrib."""
    return [PACKAGE, *(init.parent for init in sorted(CONTRIB.glob("*/src/*/__init__.py")))]


def po_of(package: Path, locale: str) -> Path:
    """Return where a package keeps its catalogue in a language."""
    return package / "locale" / locale / "LC_MESSAGES" / f"{package.name}.po"


def keywords() -> frozenset[str]:
    """Name the calls whose first argument is a text; the errors are read from their module."""
    tree = ast.parse((PACKAGE / "core" / "errors.py").read_text(encoding="utf-8"))
    errors = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    return frozenset(["_", "N_", "gettext", "Message", *errors])


def collected(package: Path) -> Catalog:
    """Read every text from the code."""
    catalog, wanted = Catalog(domain=package.name), keywords()
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for text in _texts_of(node, wanted):
                catalog.add(text)
    return catalog


def _texts_of(node: ast.AST, wanted: frozenset[str]) -> Iterator[str | tuple[str, ...]]:
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
        if any(isinstance(name, ast.Name) and name.id == SUMMARIES for name in node.targets):
            yield from _literals(node.value.values)
    elif isinstance(node, ast.FunctionDef):
        if any(_shows_docstring(decorator) for decorator in node.decorator_list):
            yield from filter(None, [ast.get_docstring(node)])
    elif isinstance(node, ast.Call):
        called = _called(node)
        if called in wanted:
            yield from _literals(node.args[:1])
        elif called == "ngettext":
            yield _literals(node.args[:2])
        elif called in SUMMARISED:
            yield from _literals([word.value for word in node.keywords if word.arg == "summary"])
        elif called in HELPING:
            yield from _literals([word.value for word in node.keywords if word.arg == "help"])


def _shows_docstring(decorator: ast.expr) -> bool:
    """Return whether a function's docstring is the help of a click command."""
    return (
        isinstance(decorator, ast.Call)
        and _called(decorator) in DOCUMENTED
        and all(word.arg != "help" for word in decorator.keywords)
    )


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def _literals(nodes: Sequence[ast.expr]) -> tuple[str, ...]:
    values = (node.value for node in nodes if isinstance(node, ast.Constant))
    return tuple(value for value in values if isinstance(value, str) and value)


def update(po: Path, wanted: Catalog) -> None:
    """Add new texts to a catalogue, drop those no longer used, and compile it."""
    catalog = _read(po)
    made = catalog.creation_date
    catalog.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
    catalog.creation_date = made  # a date of today would change the file each time
    catalog.obsolete.clear()
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as file:
        write_po(file, catalog, no_location=True, sort_output=True, width=96)
    po.with_suffix(".mo").write_bytes(_compiled(_read(po)))


def faults(po: Path, wanted: Catalog) -> list[str]:
    """Say what is wrong with one catalogue."""
    if not _texts(wanted) and not po.exists():
        return []  # a package that says nothing
    catalog, locale = _read(po), _locale(po)
    texts = _texts(catalog)
    found = [f"not collected: {_shown(m)}" for m in _texts(wanted) if m.id not in catalog]
    found += [f"not used any more: {_shown(m)}" for m in texts if m.id not in wanted]
    if locale != "en":
        found += [f"not translated: {_shown(m)}" for m in texts if not _is_translated(m)]
    found += [f"names another place: {_shown(m)}" for m in texts if not _keeps_places(m)]
    mo = po.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != _compiled(catalog):
        found.append(f"{mo.name} does not agree with {po.name}; run `make messages`")
    return [f"{locale}: {fault}" for fault in found]


def _texts(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]  # the empty one is the header


def _all(text: Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _locale(po: Path) -> str:
    return po.parent.parent.name


def _read(po: Path) -> Catalog:
    locale, package = _locale(po), po.stem
    if po.exists():
        with po.open("rb") as file:
            return read_po(file, locale=locale, domain=package)
    return Catalog(
        locale,
        package,
        header_comment=f"# What {package} says, {locale}; `make messages` keeps the list.",
        project=package,
        copyright_holder="The libconsortium contributors",
        msgid_bugs_address="the issue tracker",
        last_translator="The libconsortium contributors",
        language_team=locale,
        fuzzy=False,
    )


def _compiled(catalog: Catalog) -> bytes:
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


def _shown(message: Message) -> str:
    return repr(_all(message.id)[0])


def _is_translated(message: Message) -> bool:
    return all(_all(message.string)) and not message.fuzzy


def _keeps_places(message: Message) -> bool:
    known = [_places(text) for text in _all(message.id)]
    return all(_places(text) in known for text in _all(message.string) if text)


def _places(text: str) -> set[str]:
    """Return what stands in braces, with its conversion and format."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:  # a text with a lone brace is not a template
        return set()
    return {f"{name}!{how}:{form}" for _, name, form, how in parts if name is not None}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
