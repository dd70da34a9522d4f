"""Amounts in words, in any language that a plugin gives."""

from __future__ import annotations

from collections.abc import Mapping

from libconsortium.contributions import Language
from libconsortium.core.money import Money
from libconsortium.registry import Registry


def amount_in_words(
    amount: Money, language: str, registry: Registry, *, choices: Mapping[str, str] | None = None
) -> str:
    """Write an amount in words, as vouchers want it.

    Args:
        amount: The amount.
        language: ``vi``, ``en`` or another language of a plugin.
        registry: Where the language is found.
        choices: Other spellings than the language's usual ones, by name.

    Raises:
        UnknownNameError: No plugin gives the language.
        SettingsError: The language has no such spelling.

    >>> amount_in_words(Money(101_250_000, "VND"), "vi", Registry())
    'Một trăm lẻ một triệu hai trăm năm mươi nghìn đồng'
    """
    return registry.find(Language, language).in_words(amount, choices or {})
