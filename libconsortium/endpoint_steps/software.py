"""Which software an endpoint runs on, and how we know."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

import attrs

from libconsortium.core.errors import HarvestError
from libconsortium.core.harvest.known_paths import software_in
from libconsortium.core.messages import Message
from libconsortium.endpoint_steps.finding import Finding
from libconsortium.http.session import GuardedSession

log = logging.getLogger(__name__)

_NOTHING = Message("nothing says so")
_DSPACE_END = "/oai/request"
_TELLING_HEADERS = ("x-generator", "x-powered-by", "server")
_OF_DSPACE = ("http://www.lyncode.com/xoai", "http://www.dspace.org/xmlns/dspace/dim")


@attrs.frozen(kw_only=True)
class Software:
    """The software of an endpoint.

    Args:
        name: Its name; empty if unknown.
        version: Its version; empty if it does not say.
        evidence: How we know.
    """

    name: str = ""
    version: str = ""
    evidence: Message = _NOTHING


def software_of(
    finding: Finding, formats: tuple[tuple[str, str], ...] = (), version: str = ""
) -> Software:
    """Return the software behind what was found.

    Args:
        finding: What looking for the endpoint brought.
        formats: Prefix and namespace of the endpoint's formats.
        version: What DSpace's own interface says of its version, like ``DSpace 7.6``.

    >>> software_of(Finding(url="https://lib.example.vn/")).name
    ''
    """
    for text, evidence in _texts(finding, version):
        name, number = software_in(text)
        if name and name != "OAICat":  # a part that several make their endpoint of
            return Software(name=name, version=number, evidence=evidence)
    if any(namespace in _OF_DSPACE for _, namespace in formats):
        return Software(name="DSpace", evidence=Message("its formats are those of DSpace"))
    if finding.page.software:
        name = finding.page.software
        return Software(name=name, evidence=Message("the parts of the site's page"))
    candidate = finding.candidate
    if candidate is not None and candidate.software:
        return Software(name=candidate.software, evidence=Message("the endpoint's path alone"))
    return Software()


def _texts(finding: Finding, version: str) -> Iterator[tuple[str, Message]]:
    identity = finding.identity
    yield version, Message("the software's own interface says so")
    if identity is not None:
        yield identity.toolkit, Message("the endpoint says so")
    yield finding.page.generator, Message("the site's page says so")
    headers = dict(identity.headers if identity else ())
    headers |= dict(finding.answer.headers if finding.answer else ())
    told = {name.lower(): value for name, value in headers.items()}
    for name in _TELLING_HEADERS:
        yield told.get(name, ""), Message("the server's header {name} says so", name=name)


def dspace_version(session: GuardedSession, url: str) -> str:
    """Ask DSpace 7 and later for its version; empty if it does not say.

    Args:
        session: The session to ask with.
        url: The endpoint's address.

    Source: DSpace REST contract, root endpoint, ``dspaceVersion``.

    >>> from libconsortium.http import HttpRules, open_session
    >>> dspace_version(open_session(HttpRules()), "https://a.example/oai")
    ''
    """
    base = url.removesuffix(_DSPACE_END)
    if not url.endswith(_DSPACE_END) or not urlsplit(base).path:  # DSpace 6 has it at the root
        return ""
    try:
        answer = session.fetch(f"{base}/api")
        said = json.loads(answer.content)["dspaceVersion"]
    except (HarvestError, ValueError, KeyError, TypeError) as error:
        log.info("%s: no version: %s", url, error)
        return ""
    return str(said)
