"""Says our sentences in Vietnamese or English, from the gettext catalogues in ``locale/``."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from libconsortium.core.errors import UnknownNameError

LANGUAGES = ("vi", "en")
"""The languages everything is said in."""

DOMAIN = "libconsortium"
LOCALE_FOLDER = Path(__file__).with_name("locale")
"""Where the gettext catalogues lie."""


@lru_cache(maxsize=len(LANGUAGES))
def translator(language: str) -> Callable[[str], str]:
    """Return the function that says an English sentence in a language.

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

    def translate(sentence: str) -> str:
        return catalogue.gettext(sentence) if sentence else ""

    return translate


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
