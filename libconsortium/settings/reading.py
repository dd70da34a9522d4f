"""Reads ``consortium.toml``, and knows what its paths and addresses start from."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import attrs

from libconsortium.core.catalogue.sharing_policies import Audience, SharingPolicy, policy_towards
from libconsortium.core.errors import SettingsError, UnknownNameError
from libconsortium.core.harvest.sources import HarvestSource, without_secret
from libconsortium.files.toml_file import LineOf, read_toml
from libconsortium.files.toml_records import structured
from libconsortium.settings.tables import BillSettings, SettingsFile

FILE_NAME = "consortium.toml"
"""Name of the settings file in a consortium's folder."""
_SQLITE = "sqlite:///"
_OVER_THE_WEB = "oai-pmh"  # the harvester


@attrs.frozen(kw_only=True)
class Settings:
    """The settings of a consortium and the folder they belong to.

    Args:
        folder: The folder; relative paths in the file start there.
        file: What the file holds.
    """

    folder: Path
    file: SettingsFile

    @property
    def store_address(self) -> str:
        """Address of the store, with the path of an SQLite file made absolute.

        >>> from libconsortium.settings import AboutSettings
        >>> about = AboutSettings(name="Demo")
        >>> settings = Settings(folder=Path("/srv/demo"), file=SettingsFile(consortium=about))
        >>> settings.store_address
        'sqlite:////srv/demo/consortium.db'
        """
        address = self.file.consortium.store
        if not address.startswith(_SQLITE):
            return address
        return f"{_SQLITE}{(self.folder / address.removeprefix(_SQLITE)).absolute()}"

    @property
    def catalogue_path(self) -> Path:
        """The folder of the catalogue's own files: beside the store, or beside the settings.

        >>> from libconsortium.settings import AboutSettings
        >>> about = AboutSettings(name="Demo", store="sqlite:///data/demo.db")
        >>> settings = Settings(folder=Path("/srv"), file=SettingsFile(consortium=about))
        >>> settings.catalogue_path.as_posix()
        '/srv/data/demo.catalogue'
        """
        address = self.store_address
        if not address.startswith(_SQLITE):
            return self.folder / "consortium.catalogue"
        file = Path(address.removeprefix(_SQLITE).partition("?")[0])
        return file.with_suffix(".catalogue")

    def sources(self, names: Iterable[str] = ()) -> tuple[HarvestSource, ...]:
        """Return the sources, all or those named; a path is taken from the settings' folder.

        Args:
            names: Names of sources; all if there are none.

        Raises:
            SettingsError: There is no source at all.
            UnknownNameError: There is none of that name; the message names those there are.
        """
        known = {source.name: self._placed(source) for source in self.file.sources}
        asked = tuple(dict.fromkeys(names))
        for name in asked:
            if name not in known:
                raise UnknownNameError(
                    "consortium.toml has no source called {name!r}; there are: {known}",
                    name=name,
                    known=", ".join(known) or "-",
                )
        if not known:
            raise SettingsError("consortium.toml names no source; add a table [[sources]]")
        return tuple(known[name] for name in asked) or tuple(known.values())

    def _placed(self, source: HarvestSource) -> HarvestSource:
        if "://" in source.url:
            return source
        return attrs.evolve(source, url=str(self.path(source.url).absolute()))

    def members_of_sources(self) -> dict[str, str]:
        """Return the library that each source belongs to."""
        return {source.name: source.member for source in self.file.sources}

    def sharing_policies(self, audience: Audience = Audience.OTHERS) -> dict[str, SharingPolicy]:
        """Return what an audience may see of the records of each source."""
        return {
            source: policy_towards(audience, source, member, self.file.catalogue.sharing)
            for source, member in self.members_of_sources().items()
        }

    def bill(self, subscription: str, year: int) -> BillSettings:
        """Return the bill of a subscription and year.

        Raises:
            UnknownNameError: There is none; the message names those there are.
        """
        known = {f"{bill.subscription} {bill.year}": bill for bill in self.file.bills}
        wanted = f"{subscription} {year}"
        if wanted not in known:
            near = get_close_matches(wanted, known, n=1)
            raise UnknownNameError(
                "consortium.toml has no bill for {wanted!r}; there are: {known}",
                wanted=wanted,
                known=", ".join(near or sorted(known)) or "-",
            )
        return known[wanted]

    def path(self, relative: str) -> Path:
        """Return a path of the settings, from their folder."""
        return self.folder / relative


def read_settings(path: str | Path) -> Settings:
    r"""Read a settings file.

    Args:
        path: The file, or the folder it lies in.

    Raises:
        SettingsError: It is missing, no TOML, or something in it is wrong; the message names file,
            line and field.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / FILE_NAME).write_text('[consortium]\nname = "Demo"')
    ...     read_settings(folder).file.consortium.name
    'Demo'
    """
    file = Path(path) / FILE_NAME if Path(path).is_dir() else Path(path)
    if not file.exists():
        raise SettingsError(
            "{path} does not exist; 'libconsortium init FOLDER' makes one, -C FOLDER says where it"
            " is",
            path=file,
        )
    data, line_of = read_toml(file)
    held = structured(data, SettingsFile, file, line_of)
    _check_sources(file, held, line_of)
    _check_catalogue(file, held, line_of)
    return Settings(folder=file.parent, file=held)


def _check_sources(path: Path, held: SettingsFile, line_of: LineOf) -> None:
    """Refuse two sources of one name, and one without name, library or sound address."""
    names = [source.name for source in held.sources]
    for index, source in enumerate(held.sources):
        for key in ("name", "member", "url"):
            if not getattr(source, key).strip():
                raise SettingsError(
                    "{path}:{line}: sources[{index}].{key}: it is empty",
                    path=path,
                    line=line_of(("sources", index, key)),
                    index=index,
                    key=key,
                )
        if source.harvester == _OVER_THE_WEB and not _is_of_the_web(source.url):
            raise SettingsError(
                "{path}:{line}: sources[{index}].url: {url!r} is not the address of a server; it"
                ' begins with https:// or http:// (for files say harvester = "files")',
                path=path,
                line=line_of(("sources", index, "url")),
                index=index,
                url=without_secret(source.url),
            )
        if source.name in names[:index]:
            raise SettingsError(
                "{path}:{line}: two sources are called {name!r}",
                path=path,
                line=line_of(("sources", index, "name")),
                name=source.name,
            )


def _is_of_the_web(url: str) -> bool:
    return url.strip().lower().startswith(("https://", "http://"))


def _check_catalogue(path: Path, held: SettingsFile, line_of: LineOf) -> None:
    """Refuse names that are no library's and no source's: a slip there would show too much."""
    members = {source.member for source in held.sources}
    known = members | {source.name for source in held.sources}
    named = [
        *((("catalogue", "sharing", name), name, known) for name in held.catalogue.sharing),
        *((("catalogue", "priority"), name, members) for name in held.catalogue.priority),
    ]
    for steps, name, names in named:
        if name not in names:
            raise SettingsError(
                "{path}:{line}: no source belongs to {name!r}; there are: {known}",
                path=path,
                line=line_of(steps),
                name=name,
                known=", ".join(sorted(names)) or "-",
            )
