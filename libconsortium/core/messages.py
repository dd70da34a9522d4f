"""A sentence for people, kept apart from its values so that it can be said in another language."""

from __future__ import annotations

from collections.abc import Callable

import attrs


@attrs.frozen(init=False)
class Message:
    """One sentence: an English template with named places, and the values that fill them.

    Args:
        template: English text; a value stands as ``{name}`` (``str.format`` syntax).
        values: One value per name in the template.

    >>> said = Message("no {kind} called {name!r}", kind="cost model", name="equl")
    >>> str(said)
    "no cost model called 'equl'"
    >>> said.translated({"no {kind} called {name!r}": "không có {kind} tên {name!r}"}.get)
    "không có cost model tên 'equl'"
    """

    template: str
    values: tuple[tuple[str, object], ...] = ()

    def __init__(self, template: str, /, **values: object) -> None:
        """Keep the template and its values apart."""
        self.__attrs_init__(template, tuple(sorted(values.items())))

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self._filled(self.template)

    def translated(self, translate: Callable[[str], str | None]) -> str:
        """Return the sentence in another language.

        Args:
            translate: Gives the template in that language (a gettext function); ``None`` or an
                empty text means it is not known there, and English is used.

        A value that is a message itself is translated too.
        """
        return self._filled(translate(self.template) or self.template, translate)

    def _filled(self, template: str, translate: Callable[[str], str | None] | None = None) -> str:
        values = {
            name: value.translated(translate) if translate and isinstance(value, Message) else value
            for name, value in self.values
        }
        return template.format(**values) if values else template
