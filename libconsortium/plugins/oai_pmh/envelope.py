"""Reads the envelope of an OAI-PMH response: strictly, once, and without trusting it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs
from lxml import etree

from libconsortium import Message, PageRefusedError
from libconsortium.plugins.oai_pmh.repairs import PLAIN_CHARSETS, in_utf8

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
LIST_VERBS = ("ListRecords", "ListIdentifiers", "GetRecord", "ListSets", "ListMetadataFormats")
_OAI = f"{{{NAMESPACE}}}"
_HEAD_BYTES = 1024
_LONGEST_NUMBER = 18
_AROUND = {
    name.lower(): name
    for name in (*LIST_VERBS, "Identify", "OAI-PMH", "responseDate", "error", "resumptionToken")
}
_CONTAINERS = frozenset({"metadata", "about", "setdescription", "description"})


@attrs.frozen(kw_only=True)
class Envelope:
    """The outside of one response.

    Args:
        root: The document.
        response_date: ``responseDate`` as written, empty if missing.
        base_url: The text of ``request``: whose answer it is; empty if missing.
        errors: OAI errors at the top level: code and text.
        body: The element of the verb, or ``None``.
        is_without_namespace: The server forgot the namespace; it was read all the same.
    """

    root: etree._Element
    response_date: str
    base_url: str
    errors: tuple[tuple[str, str], ...]
    body: etree._Element | None
    is_without_namespace: bool


@attrs.frozen(kw_only=True)
class Token:
    """The resumption token element of a page.

    Args:
        text: The token, empty at the end of the list.
        cursor: Number of records before this page, or ``None``.
        complete_list_size: How many records the server says the list has, or ``None``.
        is_there: The page has the element, be it empty.
    """

    text: str = ""
    cursor: int | None = None
    complete_list_size: int | None = None
    is_there: bool = False


def parsed(content: bytes) -> etree._Element:
    """Parse a document strictly: no entities, no network, no repair.

    Texts may be long and trees deep: what makes that dangerous, entities and document types, is
    refused before the parser sees it.

    Raises:
        PageRefusedError: It is empty, not well-formed, or has a document type declaration.

    >>> parsed(b"<a>1</a>").text
    '1'
    """
    if not content.strip(b"\x00 \t\r\n"):
        raise PageRefusedError(
            "the answer is empty; ask the server's administrator what its log says of it"
        )
    content = _plain(content)
    if has_doctype(content):
        raise PageRefusedError((_HTML if is_html(content) else _DOCTYPE).template)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if is_html(content):
            raise PageRefusedError(_HTML.template) from error
        raise PageRefusedError(
            "the answer is not well-formed XML: {reason}; ask the server's administrator to mend"
            " the record that stands there",
            reason=str(error),
        ) from error
    if str(root.tag).lower().endswith("html"):
        raise PageRefusedError(_HTML.template)
    if root.getroottree().docinfo.internalDTD is not None:
        raise PageRefusedError(_DOCTYPE.template)
    return root


def has_doctype(content: bytes) -> bool:
    """Say whether a document type declaration stands before the first element.

    >>> has_doctype(b"<?xml version='1.0'?><!-- <a> --><!DOCTYPE a><a/>"), has_doctype(b"<a/>")
    (True, False)
    """
    found = _BEFORE_ROOT.match(content)
    return found is not None and content[found.end() : found.end() + 2] == b"<!"


_BEFORE_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)


def _plain(content: bytes) -> bytes:
    """Write a document in UTF-8 if its charset hides markup from who reads bytes."""
    found = _DECLARED_CHARSET.match(content)
    declared = found.group(1).decode("ascii", "replace").lower() if found else ""
    is_plain = found is not None or (content.lstrip()[:1] == b"<" and b"\0" not in content[:8])
    if is_plain and declared in {"", "utf-8"} | PLAIN_CHARSETS:
        return content
    return in_utf8(content).content


def is_mislabelled(content: bytes) -> bool:
    """Say whether a document is UTF-8 although its declaration says something else.

    >>> is_mislabelled('<?xml version="1.0" encoding="ISO-8859-1"?><a>ấ</a>'.encode())
    True
    """
    found = _DECLARED_CHARSET.match(content)
    if found is None or found.group(1).lower() in {b"utf-8", b"utf8"} or content.isascii():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_DECLARED_CHARSET = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_DOCTYPE = Message(
    "the answer has a document type declaration (DOCTYPE), which OAI-PMH does not use and attacks"
    " do; ask the server's administrator to leave it out"
)

_HTML = Message(
    "the answer is a web page, not OAI-PMH: a maintenance or login page, or a wrong address; ask"
    " the server's administrator for the address of its OAI-PMH"
)


def is_html(content: bytes) -> bool:
    """Say whether bytes look like a web page.

    >>> is_html(b"<!DOCTYPE html><p>Maintenance")
    True
    """
    head = content[:_HEAD_BYTES].lower()
    return b"<html" in head or b"<!doctype html" in head


def opened(content: bytes) -> Envelope:
    """Parse a response and find its parts.

    Raises:
        PageRefusedError: It is not an OAI-PMH response.
    """
    return envelope_of(parsed(content))


def envelope_of(root: etree._Element) -> Envelope:
    """Find the parts of a parsed response.

    Raises:
        PageRefusedError: It is not an OAI-PMH response.
    """
    _name_as_usual(root)
    theirs = etree.QName(root)
    is_bare = theirs.localname == "OAI-PMH" and root.tag != f"{_OAI}OAI-PMH"
    if is_bare:
        _put_into_namespace(root, theirs.namespace)
    if root.tag != f"{_OAI}OAI-PMH":
        raise PageRefusedError(
            "the answer is XML but not OAI-PMH: its root element is {tag!r}; ask the server's"
            " administrator for the address of its OAI-PMH",
            tag=str(root.tag),
        )
    bodies = [child for verb in LIST_VERBS for child in root.findall(_OAI + verb)]
    bodies += root.findall(f"{_OAI}Identify")
    _bring_together(root, bodies)
    return Envelope(
        root=root,
        response_date=(root.findtext(f"{_OAI}responseDate") or "").strip(),
        base_url=(root.findtext(f"{_OAI}request") or "").strip(),
        errors=tuple(
            (error.get("code", ""), (error.text or "").strip())
            for error in root.findall(f"{_OAI}error")
        ),
        body=bodies[0] if bodies else None,
        is_without_namespace=is_bare,
    )


def _name_as_usual(root: etree._Element) -> None:
    """Name what stands around the records as the standard does, where it has other letters."""
    around = [root, *root.iterchildren("*")]
    around += [one for child in root.iterchildren("*") for one in child.iterchildren("*")]
    for element in around:
        name = etree.QName(element)
        usual = _AROUND.get(name.localname.lower(), name.localname)
        if usual != name.localname:
            element.tag = etree.QName(name.namespace, usual).text


def _bring_together(root: etree._Element, bodies: list[etree._Element]) -> None:
    """Put what belongs to the list into it: a second part of it, a token that stands behind it."""
    for more in bodies[1:]:
        if more.tag == bodies[0].tag:
            bodies[0].extend(list(more))
    if bodies:
        bodies[0].extend(root.findall(f"{_OAI}resumptionToken"))


def token_of(body: etree._Element) -> Token:
    """Read the resumption token of a list; empty if there is none.

    >>> list_ = etree.fromstring(
    ...     '<L xmlns="http://www.openarchives.org/OAI/2.0/">'
    ...     '<resumptionToken cursor="0" completeListSize="7"> a+b </resumptionToken></L>'
    ... )
    >>> token_of(list_)
    Token(text='a+b', cursor=0, complete_list_size=7, is_there=True)
    """
    elements = body.findall("{*}resumptionToken")  # in no namespace it counts too
    if not elements:
        return Token()
    texts = [str(element.xpath("string()")).strip() for element in elements]  # no comments
    told, text = next(
        (pair for pair in zip(elements, texts, strict=True) if pair[1]), (elements[-1], "")
    )
    return Token(
        text=text,
        cursor=number_of(told.get("cursor")),
        complete_list_size=number_of(told.get("completeListSize")),
        is_there=True,
    )


def number_of(text: str | None) -> int | None:
    """Return the number that an attribute tells, or ``None``.

    >>> number_of(" 7 "), number_of("many")
    (7, None)
    """
    digits = (text or "").strip()
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER
    return int(digits) if is_number else None


def _put_into_namespace(root: etree._Element, theirs: str | None) -> None:
    """Name the elements of the envelope as the standard does; metadata stays as it is."""
    for element in list(envelope_elements(root)):
        name = etree.QName(element)
        if name.namespace == theirs:
            element.tag = _OAI + name.localname


def envelope_elements(root: etree._Element) -> Iterator[etree._Element]:
    """Give an element and those in it, except what stands in metadata and the like.

    >>> record = etree.fromstring("<record><header/><metadata><title/></metadata></record>")
    >>> [one.tag for one in envelope_elements(record)]
    ['record', 'header', 'metadata']
    """
    yield root
    for child in root.iterchildren("*"):
        if etree.QName(child).localname.lower() not in _CONTAINERS:
            yield from envelope_elements(child)
        else:
            yield child
