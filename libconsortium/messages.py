"""Says sentences in Vietnamese or English: ours, and those of every plugin that is installed.

Ours are in the gettext catalogues of ``locale/``. A plugin brings its own in the same shape, in the
package that its entry point names: ``locale/vi/LC_MESSAGES/NAME_OF_THE_PACKAGE.mo``.
"""

from __future__ import annotations

import gettext
import logging
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from libconsortium.core.errors import UnknownNameError

log = logging.getLogger(__name__)

GROUP = "libconsortium"
"""The entry-point group in which every plugin registers, ours included."""

LANGUAGES = ("vi", "en")
"""The languages everything is said in."""

DOMAIN = "libconsortium"
LOCALE_FOLDER = Path(__file__).with_name("locale")
"""Where the gettext catalogues lie."""


@lru_cache(maxsize=len(LANGUAGES))
def translator(language: str) -> Callable[[str], str]:
    """Return the function that says an English sentence in a language.

    Our own catalogue comes first, then those of the installed plugins, in the order of their
    packages' names. No plugin is loaded for that.

    Args:
        language: ``vi`` or ``en``. A sentence without translation stays English.

    Raises:
        UnknownNameError: The language is not one of ours.

    >>> translator("en")("member")
    'member'
    """
    if language not in LANGUAGES:
        raise UnknownNameError(
            "no language called {name!r}; there are: {known}",
            name=language,
            known=", ".join(LANGUAGES),
        )
    catalogue = gettext.translation(DOMAIN, LOCALE_FOLDER, [language], fallback=True)
    for other in _of_plugins(language):
        catalogue.add_fallback(other)

    def translate(sentence: str) -> str:
        return catalogue.gettext(sentence) if sentence else ""

    return translate


def _of_plugins(language: str) -> Iterator[gettext.NullTranslations]:
    """Yield the catalogues that lie in the packages of plugins."""
    modules = {entry.value.partition(":")[0] for entry in entry_points(group=GROUP)}
    packages = {module.partition(".")[0].strip() for module in modules}
    for package in sorted(packages - {DOMAIN}):
        try:
            found = find_spec(package)
            for folder in found.submodule_search_locations or () if found else ():
                locale = Path(folder, "locale")
                yield gettext.translation(package, locale, [language], fallback=True)
        except Exception as error:  # noqa: BLE001 - someone else's file
            log.warning("texts of the plugin %s left out: %s", package, error)


def language_of(environment: Mapping[str, str]) -> str:
    """Return the language a person's environment asks for.

    Args:
        environment: Environment variables; ``LIBCONSORTIUM_LANG`` goes before ``LC_ALL``,
            ``LC_MESSAGES`` and ``LANG``.

    >>> language_of({"LANG": "vi_VN.UTF-8"}), language_of({})
    ('vi', 'en')
    """
    for variable in ("LIBCONSORTIUM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        language = environment.get(variable, "")[:2].lower()
        if language in LANGUAGES:
            return language
    return "en"
