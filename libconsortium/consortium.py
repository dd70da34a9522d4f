"""A consortium: its settings, its store and its plugins, and the steps of the work in one direction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, Self

from libconsortium.core.directory import Directory
from libconsortium.core.errors import SettingsError, UnknownNameError
from libconsortium.core.problems import Problem
from libconsortium.core.records import BibRecord
from libconsortium.registry import Registry
from libconsortium.settings import Settings, read_settings

if TYPE_CHECKING:
    from libconsortium.store import Store


def now() -> datetime:
    """Return the present moment (UTC); the only clock the steps of the work are given."""
    return datetime.now(UTC)


class Consortium:
    """Settings, store and plugins of one federation, and what can be done with them.

    Args:
        settings: What ``consortium.toml`` says.
        registry: The plugins.
        clock: Says what moment it is; tests give their own.
    """

    def __init__(
        self,
        settings: Settings,
        registry: Registry | None = None,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Keep the parts; the store is opened when it is first used."""
        self.settings = settings
        self.registry = registry or Registry()
        self.clock = clock

    @classmethod
    def open(cls, folder: Path | str, *, without: Iterable[str] = ()) -> Consortium:
        """Open the consortium of a folder.

        Args:
            folder: The folder with ``consortium.toml``.
            without: Names of plugins to leave out.

        Raises:
            SettingsError: The file is missing or wrong; the message names file, line and field.
        """
        return cls(read_settings(Path(folder) / "consortium.toml"), Registry(without=without))

    def __enter__(self) -> Self:
        """Return the consortium."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    @cached_property
    def store(self) -> Store:
        """The store, opened (and made or upgraded) when first used."""
        address = self.settings.store_address
        return self.registry.store_for(address.partition(":")[0].partition("+")[0]).open(address)

    def close(self) -> None:
        """Close the store if it was opened."""
        if "store" in self.__dict__:
            self.store.close()

    def directory(self) -> Directory:
        """Return every fact that is kept."""
        return self.store.directory()
