"""Named figures of a library in a period, exact or only about right."""

from __future__ import annotations

import attrs

from libconsortium.core.directory.quantities import Quantity


@attrs.frozen(kw_only=True)
class Measure:
    """One figure of one library in one period.

    Args:
        library: Id of the library.
        name: What is counted, with its unit if the name does not say it: ``fte``,
            ``population``, ``holdings_titles``, ``counter.Unique_Item_Requests``.
        period: The period as the office writes it: ``2024``, ``2024-Q1``; empty for any time.
        value: The figure; approximate ones stay marked as such.
        source: Where this is written.

    >>> str(Measure(library="lib-a", name="copies", value=Quantity.parse("hơn 700")).value)
    '> 700'
    """

    library: str
    name: str
    period: str = ""
    value: Quantity
    source: str = ""
