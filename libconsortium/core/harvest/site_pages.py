"""Reads what the page of a library's site tells of its software and of an OAI-PMH endpoint."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit, urlunsplit

import attrs

_LONGEST = 2**19
_MOST_LINKS = 12
_MOST_RELATED = 3
_SHORT_NAME, _LONGEST_PUBLIC, _COUNTRY = 3, 3, 2
_LIBRARY = re.compile(
    "dspace|repositor|digital|dlib|elib|tailieu|thuvien|luanvan|luanan|opac|koha|catalog|vufind"
    "|eprints|omeka|ojs|journal|tapchi|khoahoc",
    re.IGNORECASE,
)
_OAI_LINK = re.compile(r"(?<![a-z])oai(?![a-z]{2})|verb=[A-Z]|OAIProvider", re.IGNORECASE)
_JOURNAL = re.compile(r"^(.*/index\.php/[^/?#]+)")
_JOURNAL_PART = re.compile(r"^(https?://[^?#]+?)/(?:about|issue|login|user|search|announcement)\b")
_REFRESH = re.compile(r"""url\s*=\s*['"]?([^'">]+)""", re.IGNORECASE)
_OJS = "Open Journal Systems"
_MARKS = (("ds-app", "DSpace 7"), ("ds-root", "DSpace 7"), ("koha_opac", "Koha"))


@attrs.frozen(kw_only=True)
class SitePage:
    """What the page of a site says.

    Args:
        title: Its title.
        generator: The software that it says made it.
        software: The software that its parts give away; empty if they do not.
        oai_links: Addresses in it that look like an OAI-PMH endpoint, without arguments.
        journals: Addresses of single journals in it, of sites that run OJS.
        related: Roots of other servers of the same institution in its links that look like a
            digital library, a catalogue or a journal.
        moves_to: Where it sends its reader at once; empty if nowhere.
    """

    title: str = ""
    generator: str = ""
    software: str = ""
    oai_links: tuple[str, ...] = ()
    journals: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    moves_to: str = ""


def read_site_page(text: str, url: str) -> SitePage:
    """Read the page of a site; whatever it is, what can be found is found.

    Args:
        text: The page.
        url: Its address, from which its links go out.

    >>> page = read_site_page(
    ...     '<meta name="generator" content="VuFind 9.1"><a href="/OAI/Server?verb=Identify">',
    ...     "https://lib.example.vn/",
    ... )
    >>> page.generator, page.oai_links
    ('VuFind 9.1', ('https://lib.example.vn/OAI/Server',))
    """
    reader = _Reader()
    try:
        reader.feed(text[:_LONGEST])
    except AssertionError:  # what Python's reader raises at declarations that are none
        reader.links.extend(re.findall(r'href="([^"]+)"', text[:_LONGEST]))
    links = [full for link in reader.links if (full := _joined(url, link))]
    oai = dict.fromkeys(without_question(link) for link in links if _is_oai(link))
    of_ojs = (_JOURNAL, _JOURNAL_PART) if reader.generator.startswith(_OJS) else (_JOURNAL,)
    matches = (pattern.match(link) for pattern in of_ojs for link in links)
    journals = dict.fromkeys(found[1] for found in matches if found)
    return SitePage(
        title=" ".join("".join(reader.title).split()),
        generator=reader.generator,
        software=reader.software,
        oai_links=tuple(oai)[:_MOST_LINKS],
        journals=tuple(journals)[:_MOST_LINKS],
        related=_related(url, links),
        moves_to=_joined(url, reader.refresh) if reader.refresh else "",
    )


def without_question(url: str) -> str:
    """Return an address without what follows its question mark.

    >>> without_question("https://a.example/oai?verb=Identify#top")
    'https://a.example/oai'
    """
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def _joined(url: str, link: str) -> str:
    """Return a link in full; empty if it is none that can be followed."""
    try:
        full = urljoin(url, link.strip())
        parts = urlsplit(full)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return full if is_web else ""


def _is_oai(link: str) -> bool:
    parts = urlsplit(link)
    return bool(_OAI_LINK.search(f"{parts.path}?{parts.query}"))


def _related(url: str, links: list[str]) -> tuple[str, ...]:
    """Return the roots of sister servers in links, those named like a digital library."""
    home = urlsplit(url)
    found: dict[str, None] = {}
    for link in links:
        parts = urlsplit(link)
        is_sister = parts.netloc != home.netloc and _domain(link) == _domain(url)
        if link and is_sister and _LIBRARY.search(f"{parts.netloc}/{parts.path}"):
            found[f"{parts.scheme}://{parts.netloc}/"] = None
    return tuple(found)[:_MOST_RELATED]


def _domain(url: str) -> str:
    """Return the part of a host's name that an institution owns, as far as it can be told.

    >>> _domain("https://opac.lib.example.edu.vn/"), _domain("https://lib.example.org/")
    ('example.edu.vn', 'example.org')
    """
    host = urlsplit(url).hostname or ""
    labels = host.split(".")
    if len(labels) < _SHORT_NAME or labels[-1].isdigit():
        return host
    is_public = len(labels[-2]) <= _LONGEST_PUBLIC and len(labels[-1]) == _COUNTRY
    return ".".join(labels[-3:] if is_public else labels[-2:])


class _Reader(HTMLParser):
    """Collects links, title and what gives the software away."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.title: list[str] = []
        self.generator = self.software = self.refresh = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        said = {name: value or "" for name, value in attrs}
        self._in_title = tag == "title" and not self.title
        if tag == "meta":
            self._read_meta(said)
        if link := said.get("href") or (said.get("src", "") if tag == "iframe" else ""):
            self.links.append(link)
        for mark, software in _MARKS:
            if mark in {tag, said.get("id"), *said.get("class", "").split()}:
                self.software = software

    def _read_meta(self, said: dict[str, str]) -> None:
        if said.get("name", "").lower() == "generator" and not self.generator:
            self.generator = " ".join(said.get("content", "").split())
        if said.get("http-equiv", "").lower() == "refresh":
            found = _REFRESH.search(said.get("content", ""))
            self.refresh = found[1].strip() if found else self.refresh

    def handle_endtag(self, tag: str) -> None:
        """See a title end."""
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        """Keep the title's text."""
        if self._in_title:
            self.title.append(data)
