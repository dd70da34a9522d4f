"""What becomes of a site by its answer, and since when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from libconsortium.core.harvest.links import LinkCheck, LinkState, Site, judged

SITE = Site(url="https://a.example/")
MONDAY, TUESDAY = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answered", "status", "state"),
    [
        ("https://a.example/", 200, "ok"),
        ("https://A.example/vi/", 200, "ok"),
        ("https://b.example/", 200, "moved"),
        ("https://b.example/", 404, "dead"),
        ("https://a.example/", 503, "dead"),
        ("https://a.example/", 403, "ok"),
    ],
)
def test_an_answer_decides(answered: str, status: int, state: str) -> None:
    assert judged(SITE.url, answered, status)[0].value == state


def test_a_state_that_changes_begins_today() -> None:
    alive = LinkCheck(site=SITE, state=LinkState.OK, checked=MONDAY, since=MONDAY)
    dead = LinkCheck(site=SITE, state=LinkState.DEAD, checked=TUESDAY)

    assert dead.after(alive).since == TUESDAY
    assert dead.after(None).since == TUESDAY
