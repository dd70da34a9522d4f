"""What a report of a consortium is made of, gathered from what is kept."""

from __future__ import annotations

from libconsortium.catalogue_steps.build import overlap
from libconsortium.consortium.consortium import Consortium
from libconsortium.contributions import Snapshot
from libconsortium.core.catalogue.sharing_policies import Audience
from libconsortium.core.catalogue.union import UnionCatalogue
from libconsortium.core.messages import Message
from libconsortium.core.sharing.splits import Split

_COUNTED = (
    Message("Records"),
    Message("Publications they describe"),
    Message("Publications described by several records"),
    Message("Holdings: one library has one publication"),
)


def snapshot_of(
    consortium: Consortium,
    kind: str,
    done: Split | None = None,
    *,
    language: str = "",
    audience: Audience = Audience.OTHERS,
) -> Snapshot:
    """Gather what a report is made of; the same facts give the same snapshot.

    Args:
        consortium: Whose.
        kind: ``split``, ``overlap``, or ``summary`` for both with the harvests.
        done: The split to report; needed unless the kind is ``overlap``.
        language: Language of the report; the consortium's own if empty.
        audience: Whose eyes it is for; decides what is counted of the members' holdings.

    Raises:
        CatalogueError: There is no union catalogue yet, and the kind needs it.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     done = office.split("csdl-vi-du-2025", 2025)
    ...     sorted(snapshot_of(office, "split", done).data)
    ['levels', 'names', 'split']
    """
    about = consortium.settings.file.consortium
    language = language or about.language
    data: dict[str, object] = {"names": _names(consortium, language)}
    if done is not None:
        data["split"] = done
        if done.shares:
            data["levels"] = consortium.by_federation(done)
    if kind == "overlap" or (kind == "summary" and consortium.catalogue.is_built):
        catalogue = consortium.catalogue.seen_by(audience)
        data["overlap"] = overlap(catalogue, consortium.registry)
        data["catalogue"] = _counts(catalogue)
    if kind == "summary":
        data["harvests"] = _harvests(consortium)
    return Snapshot(kind=kind, title=about.name, language=language, data=data)


def _names(consortium: Consortium, language: str) -> dict[str, str]:
    directory, today = consortium.directory(), consortium.clock().date()
    return {
        one: directory.name_of(one, on=today, language=language)
        for one in (*directory.federations, *directory.libraries)
    }


def _harvests(consortium: Consortium) -> list[dict[str, object]]:
    store = consortium.store
    return [
        {
            "source": run.request.source,
            "status": run.status.value,
            "records": run.counts.records,
            "problems": len(store.problems(f"harvest:{run.request.source}")),
            "reason": run.reason,
        }
        for source in consortium.settings.file.sources
        if (run := store.last_run(source.name)) is not None
    ]


def _counts(catalogue: UnionCatalogue) -> dict[str, int]:
    numbers = (
        sum(len(found.records) for found in catalogue.clusters),
        len(catalogue.clusters),
        sum(len(found.records) > 1 for found in catalogue.clusters),
        len(catalogue.holdings),
    )
    return {what.template: count for what, count in zip(_COUNTED, numbers, strict=True)}
