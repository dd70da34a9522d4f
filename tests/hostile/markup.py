"""Servers whose documents are no XML: bad characters, open elements, notices, two documents."""

from __future__ import annotations

import re

from tests.hostile.faults import POISON, anywhere, in_the_middle, is_list, lists, mended, poisoned
from tests.hostile.scenarios import QUARANTINE, scenario
from tests.oai_server import error

scenario(
    "33 control characters",
    poisoned(lambda old: old.replace(b"ch\xc3\xad", b"ch\x0b\x01i")),
    repaired=1,
)
scenario("33 NUL bytes", poisoned(lambda old: old.replace(b"ch\xc3\xad", b"ch\x00i")), repaired=1)
scenario(
    "33 bad UTF-8", poisoned(lambda old: old.replace(b"ch\xc3\xad", b"ch\xc3\x28\xff")), repaired=1
)
scenario(
    "33 Windows-1252 in a page of UTF-8",
    poisoned(lambda old: old.decode().encode("cp1252", "ignore")),
    repaired=1,
)
scenario(
    "33 half a surrogate pair",
    poisoned(lambda old: old.replace(b"ch\xc3\xad", b"\xed\xa0\xb5 &#xD835;")),
    repaired=1,
)
scenario(
    "33 a bare ampersand", poisoned(lambda old: old.replace(b"ch\xc3\xad", b"A & B &T")), repaired=1
)
scenario(
    "33 characters named as in HTML",
    poisoned(lambda old: old.replace(b"ch\xc3\xad", b"&eacute;&nbsp;")),
    repaired=1,
)
scenario(
    "33 an attribute twice",
    poisoned(lambda old: old.replace(b"<dc:title>", b'<dc:title a="1" a="2">')),
    ends=QUARANTINE,
    lost=(POISON,),
)
scenario(
    "33 an element that is not closed",
    poisoned(lambda old: old.replace(b"</dc:title>", b"")),
    ends=QUARANTINE,
    lost=(POISON,),
)
scenario(
    "33 an element that is not closed, in lists only",
    lambda asked, count, reply: (
        poisoned(lambda old: old.replace(b"</dc:title>", b""))(asked, count, reply)
        if is_list(asked)
        else reply
    ),
)
NOTICE = b"<br />\n<b>Notice</b>: Undefined index: a in <b>/srv/oai.php</b> on line <b>3</b><br>\n"
scenario("34 a PHP notice before the document", mended(anywhere, lambda body: NOTICE + body))
scenario("34 a PHP notice after the document", mended(anywhere, lambda body: body + NOTICE))
scenario(
    "34 a PHP notice between two records",
    mended(is_list, lambda body: body.replace(b"</record>", b"</record>" + NOTICE, 1)),
)
scenario("34 blank lines before the document", mended(anywhere, lambda body: b"\n\n  " + body))
scenario("34 two documents glued together", mended(is_list, lambda body: error("badVerb") + body))
scenario(
    "34 two documents glued together, the list first",
    mended(is_list, lambda body: body + error("badVerb")),
)
scenario(
    "elements of one page are written in capitals",
    mended(
        in_the_middle,
        lambda body: body.replace(b"<record>", b"<Record>").replace(b"</record>", b"</Record>"),
    ),
    repaired=10,
)
scenario(
    "the elements around the records have other letters, and no number is told",
    mended(
        anywhere,
        lambda body: (
            body.replace(b"resumptionToken", b"resumptiontoken")
            .replace(b"ListRecords>", b"LISTRECORDS>")
            .replace(b"OAI-PMH", b"oai-pmh")
        ),
    ),
    announces=-1,
)
scenario(
    "XML 1.1 with characters that only XML 1.1 has",
    mended(
        anywhere,
        lambda body: body.replace(b'version="1.0"', b'version="1.1"').replace(
            b"ch\xc3\xad", b"ch&#1;i"
        ),
    ),
)
scenario(
    "the responseDate is missing",
    mended(anywhere, lambda body: re.sub(rb"<responseDate>.*?</responseDate>", b"", body)),
)
scenario(
    "NUL bytes behind the document",
    mended(anywhere, lambda body: body + b"\0" * 100_000),
)
scenario(
    "an error stands beside the list",
    mended(
        in_the_middle,
        lambda body: body.replace(
            b"<ListRecords>", b'<error code="badArgument">x</error><ListRecords>'
        ),
    ),
)
scenario(
    "34 every record begins with an XML declaration",
    mended(
        anywhere,
        lambda body: body.replace(b"<metadata>", b'<metadata><?xml version="1.0"?>\n'),
    ),
    repaired=98,
)
scenario(
    "34 a proxy writes its script behind every list",
    mended(
        lists,
        lambda body: body.replace(b"</OAI-PMH>", b"<script>if (a<b && c) {}</script></OAI-PMH>"),
    ),
    repaired=100,
)
scenario(
    "33 a bare < before a digit and the end of CDATA in a text",
    poisoned(lambda old: old.replace(b"</dc:title>", b" p < 0.05 a[b[0]]> c</dc:title>")),
    repaired=1,
)
