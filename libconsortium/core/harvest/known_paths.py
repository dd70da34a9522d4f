"""Where library software answers OAI-PMH, and what gives the software away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit, urlunsplit

import attrs

from libconsortium.core.harvest.site_pages import SitePage, without_question
from libconsortium.core.messages import Message

KNOWN_PATHS = (
    ("DSpace 7", "server/oai/request"),
    ("DSpace 6", "oai/request"),
    ("Koha", "cgi-bin/koha/oai.pl"),
    ("OJS", "index.php/index/oai"),
    ("OJS", "index/oai"),
    ("VuFind", "OAI/Server"),
    ("VuFind", "vufind/OAI/Server"),
    ("EPrints", "cgi/oai2"),
    ("", "oai"),
    ("Omeka", "oai-pmh-repository/request"),
    ("Invenio", "oai2d"),
    ("Islandora", "oai2"),
    ("Greenstone 3", "greenstone3/oaiserver"),
    ("Greenstone", "cgi-bin/oaiserver.cgi"),
    ("Greenstone", "gsdl/cgi-bin/oaiserver.cgi"),
    ("Greenstone", "greenstone/cgi-bin/oaiserver.cgi"),
    ("Digital Commons", "do/oai/"),
    ("Samvera", "catalog/oai"),
    ("AtoM", ";oai"),
    ("MyCoRe", "servlets/OAIDataProvider"),
    ("CONTENTdm", "oai/oai.php"),
    ("DSpace 5", "dspace-oai/request"),
    ("DSpace 5", "xmlui/oai/request"),
    ("OAICat", "oaicat/OAIHandler"),
    ("Voyager", "cgi-bin/oai-pmh.cgi"),
    ("", "oai-pmh"),
    ("", "oai.php"),
    ("", "oai2.php"),
)
"""Software and the path under which it answers OAI-PMH, the usual ones first; no name where the
path tells nothing of the software.

Source: the documentation of each software, as of 2026.
"""

_GENERATORS = (
    ("Open Journal Systems", "OJS"),
    ("Open Monograph Press", "OMP"),
    ("DSpace", "DSpace"),
    ("Koha", "Koha"),
    ("VuFind", "VuFind"),
    ("EPrints", "EPrints"),
    ("Omeka S", "Omeka S"),
    ("Omeka", "Omeka"),
    ("Greenstone", "Greenstone"),
    ("Invenio", "Invenio"),
    ("Islandora", "Islandora"),
    ("Dataverse", "Dataverse"),
    ("Janeway", "Janeway"),
    ("Samvera", "Samvera"),
    ("Bepress", "Digital Commons"),
    ("OAICat", "OAICat"),
)
_USUAL = Message("a path that many use")
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_KOHA_PARTS = re.compile(r"(\d\d)\.(\d\d)(\d\d)\d*")


@attrs.frozen(kw_only=True)
class Candidate:
    """An address where an endpoint may be.

    Args:
        url: The address, without arguments.
        software: The software that answers there, if it is there; empty if any may.
        why: Why it is tried.
    """

    url: str
    software: str
    why: Message


def candidates(url: str, page: SitePage | None = None) -> tuple[Candidate, ...]:
    """Return where to look for the endpoint of a site, the likeliest first.

    Args:
        url: The site's address, or that of the endpoint itself.
        page: What the site's page says, or ``None`` if it was not seen.

    >>> [one.url for one in candidates("https://lib.example.vn/")][:2]
    ['https://lib.example.vn/', 'https://lib.example.vn/server/oai/request']
    """
    seen = SitePage() if page is None else page
    found: dict[str, Candidate] = {}
    for candidate in _all(url, seen):
        found.setdefault(candidate.url, candidate)
    return tuple(found.values())


def _all(url: str, page: SitePage) -> Iterator[Candidate]:
    itself = without_question(url)
    yield Candidate(url=itself, software=software_at(itself), why=Message("the address itself"))
    for link in page.oai_links:
        why = Message("a link in the site's page")
        yield Candidate(url=link, software=software_at(link), why=why)
    likely, _ = software_in(page.generator)
    likely = likely or page.software
    journals = page.journals if likely in {"", "OJS"} else ()
    for name, end in sorted(KNOWN_PATHS, key=lambda one: not _is_like(one[0], likely)):
        for start in _starts(itself):
            yield _known(urljoin(start, end) if not end.startswith(";") else start + end, name)
        if name == "OJS" and end == "index/oai":
            for journal in journals:
                yield _known(f"{journal}/oai", "OJS")


def software_at(url: str) -> str:
    """Return the software that the path of an endpoint points to; empty if it points to none.

    >>> software_at("https://a.example/server/oai/request")
    'DSpace 7'
    >>> software_at("https://a.example/index.php/tap-chi/oai")
    'OJS'
    """
    path = urlsplit(url).path
    if _JOURNAL_END.search(path):
        return "OJS"
    return next((name for name, end in KNOWN_PATHS if name and path.endswith("/" + end)), "")


_JOURNAL_END = re.compile(r"/index\.php/[^/]+/oai$")


def _is_like(name: str, likely: str) -> bool:
    return bool(likely) and name.partition(" ")[0] == likely.partition(" ")[0]


def _known(url: str, name: str) -> Candidate:
    why = Message("the path that {software} uses", software=name) if name else _USUAL
    return Candidate(url=url, software=name, why=why)


def _starts(url: str) -> tuple[str, ...]:
    """Return the folder of an address, and the root of its site."""
    parts = urlsplit(url)
    folder = parts.path.rpartition("/")[0] + "/"
    starts = (urlunsplit(parts._replace(path=path)) for path in (folder, "/"))
    return tuple(dict.fromkeys(starts))


def software_in(text: str) -> tuple[str, str]:
    """Return the library software that a text names, and its version; both may be empty.

    >>> software_in("Open Journal Systems 3.3.0.13"), software_in("Koha 22.1105000")
    (('OJS', '3.3.0.13'), ('Koha', '22.11.05'))
    """
    for mark, name in _GENERATORS:
        place = text.lower().find(mark.lower())
        if place >= 0:
            found = _VERSION.search(text, place + len(mark))
            version = found[0] if found else ""
            return name, _KOHA_PARTS.sub(r"\1.\2.\3", version) if name == "Koha" else version
    return "", ""
