"""The letter to a server's administrator: what to mend, in words that can be sent as they are."""

from __future__ import annotations

from collections.abc import Iterable

from libconsortium.core.messages import Message
from libconsortium.core.problems import Problem

_ASKED = {
    "MISSING_INTERMEDIATE": Message(
        "Please install the whole certificate chain on the web server: the intermediate certificate"
        " is missing. Browsers fetch it by themselves, programs do not."
        " (nginx: ssl_certificate fullchain.pem; Apache: SSLCertificateFile with the chain.)"
    ),
    "CERTIFICATE_EXPIRED": Message(
        "Please renew the web server's certificate: it, or one in its chain, has expired."
    ),
    "CERTIFICATE_ENDS_SOON": Message(
        "Please renew the web server's certificate: it is about to expire."
    ),
    "CERTIFICATE_FOR_ANOTHER_NAME": Message(
        "Please add this server's name to its certificate: it is made out for another name."
    ),
    "SELF_SIGNED": Message(
        "Please install a certificate of a public authority (Let's Encrypt costs nothing): the"
        " present one is signed by the server itself."
    ),
    "UNKNOWN_AUTHORITY": Message(
        "Please install a certificate of a public authority, or send us the certificate of your"
        " own authority by a way that we can trust."
    ),
    "TLS_FAILED": Message("Please switch on TLS 1.2 or 1.3 on the web server."),
    "NO_ENDPOINT": Message(
        "Does your library software answer OAI-PMH? If so, please switch it on and tell us its"
        " address (the base URL); if it is open to some addresses only, please add ours."
    ),
    "ANOTHER_BASE_URL": Message(
        "Please correct the base URL that Identify tells (DSpace: oai.url and dspace.server.url):"
        " it is not the address at which the server answers."
    ),
    "NO_TOMBSTONES": Message(
        "Please let the server tell of deleted records (deletedRecord persistent), if the software"
        " can: without it we cannot see that a record is gone."
    ),
    "ODD_EARLIEST": Message("Please correct the earliestDatestamp that Identify tells."),
    "ODD_GRANULARITY": Message("Please correct the granularity that Identify tells."),
    "CLOCK_DIFFERS": Message("Please set the server's clock (NTP)."),
    "ANSWER_REPAIRED": Message(
        "Please look at the answer to ?verb=Identify with an XML reader: something (a notice of"
        " PHP, a blank line, a missing namespace) makes it unsound."
    ),
    "NOT_COMPRESSED": Message("Please switch on gzip for XML answers."),
    "NO_RECORDS": Message(
        "Please fill the index for OAI-PMH (DSpace: dspace oai import -c): the list is empty."
    ),
    "PAGE_FAILED": Message(
        "Please look at the server's log: a page of the list of records ends with an error."
    ),
    "EMPTY_WINDOW_FAILS": Message(
        "Please let the server answer noRecordsMatch when nothing has changed."
    ),
    "IGNORES_DATES": Message(
        "Please let the server honour from and until, so that we need not fetch everything."
    ),
    "SAME_TOKEN": Message(
        "Please update the software: its list repeats one resumptionToken without end."
    ),
    "SAME_PAGE": Message("Please update the software: its resumptionToken leads back."),
    "SHORT_TOKEN_LIFE": Message("Please let resumptionTokens live for an hour at least."),
    "RECORDS_UNREADABLE": Message(
        "Some records that are not deleted come without metadata; please complete or delete them."
    ),
    "HTML_IN_TEXT": Message("Some titles or abstracts hold HTML; please clean them."),
    "ENTITIES_IN_TEXT": Message(
        "Some texts hold entities (like &#7879;) instead of letters; please store them as UTF-8."
    ),
}


def admin_letter(url: str, problems: Iterable[Problem]) -> tuple[Message, ...]:
    """Return the paragraphs of a letter to the administrator; empty if there is nothing to ask.

    Args:
        url: The address that was looked at.
        problems: What was found.

    >>> from libconsortium.core.problems import Place
    >>> problem = Problem(code="SELF_SIGNED", where=Place(), what=Message("it is"))
    >>> letter = admin_letter("https://lib.example.vn/", [problem, problem])
    >>> len(letter), str(letter[1])[:22]
    (3, '1. Please install a ce')
    """
    codes = dict.fromkeys(problem.code for problem in problems)
    asked = [_ASKED[code] for code in codes if code in _ASKED]
    if not asked:
        return ()
    opening = Message(
        "Dear administrator, we wish to harvest the catalogue records of {url} by OAI-PMH for our"
        " consortium. Looking at the server we found:",
        url=url,
    )
    points = tuple(
        Message("{number}. {request}", number=number, request=request)
        for number, request in enumerate(asked, start=1)
    )
    return (opening, *points, Message("Thank you for your help."))
