"""How a member belongs to a federation: the paths of memberships that lead down to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import attrs

from libconsortium.core.directory.federations import MemberClass, Membership
from libconsortium.core.errors import CycleError

Path = tuple[Membership, ...]
"""The memberships from a federation down to one of its members, the direct one first."""


@attrs.frozen(kw_only=True)
class Belonging:
    """A member of a federation, and every way in which it belongs to it.

    Args:
        member: Id of the library; among direct members it may be a federation.
        paths: Every path that leads to it, sorted.
    """

    member: str
    paths: tuple[Path, ...]

    @property
    def routes(self) -> tuple[str, ...]:
        """The paths in words: ``vla ⊃ nala ⊃ lib-a``."""
        return tuple(
            " ⊃ ".join([path[0].federation, *(step.member for step in path)]) for path in self.paths
        )

    @property
    def is_official(self) -> bool:
        """Whether it is an official member on every step of at least one path."""
        return any(
            all(step.member_class is MemberClass.OFFICIAL for step in path) for path in self.paths
        )


def belongings(paths: Iterable[Path]) -> tuple[Belonging, ...]:
    """Gather paths by the member they lead to, sorted by its id.

    >>> belongings([(Membership(member="lib-a", federation="st"),)])[0].routes
    ('st ⊃ lib-a',)
    """
    found: dict[str, list[Path]] = {}
    for path in paths:
        found.setdefault(path[-1].member, []).append(path)
    return tuple(Belonging(member=member, paths=tuple(found[member])) for member in sorted(found))


def paths_down(
    federation: str,
    members_of: Callable[[str], Iterable[Membership]],
    is_federation: Callable[[str], bool],
) -> Iterator[Path]:
    """Yield every path from a federation down to a member that is no federation itself.

    Args:
        federation: Id of the federation to begin at.
        members_of: Gives the direct memberships of a federation.
        is_federation: Whether an id is that of a federation.

    Raises:
        CycleError: A federation would contain itself; the message names the path.

    >>> inside = {"vla": [Membership(member="nala", federation="vla")]}
    >>> list(paths_down("vla", lambda one: inside.get(one, ()), {"vla", "nala"}.__contains__))
    []
    """
    waiting: list[Path] = [()]
    while waiting:
        path = waiting.pop()
        member = path[-1].member if path else federation
        _refuse_cycle(path)
        if not path or is_federation(member):
            waiting += [(*path, membership) for membership in members_of(member)][::-1]
        else:
            yield path


def _refuse_cycle(path: Path) -> None:
    passed = [step.federation for step in path]
    member = path[-1].member if path else ""
    if member in passed:
        raise CycleError(
            "a federation would contain itself: {path}; end one of these memberships",
            path=" ⊃ ".join([*passed[passed.index(member) :], member]),
        )
