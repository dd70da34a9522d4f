"""Makes one page of a response, or says precisely why it is none."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message as Headers

import attrs

from libconsortium import (
    Answer,
    HarvestPage,
    HarvestRequest,
    Message,
    PageRefusedError,
    Place,
    Problem,
    Quarantined,
    RawRecord,
    RequestRefusedError,
    Severity,
    TokenRefusedError,
)
from libconsortium.plugins.oai_pmh.client import StrictResponse
from libconsortium.plugins.oai_pmh.envelope import Envelope, Token, envelope_of, token_of
from libconsortium.plugins.oai_pmh.items import Items, items_of, repeated, without_damaged_names
from libconsortium.plugins.oai_pmh.plain import PlainPage
from libconsortium.plugins.oai_pmh.salvage import Salvaged, salvaged
from libconsortium.plugins.oai_pmh.wrong import (
    breaks_off,
    damaged_transfer,
    ended_oddly,
    no_namespace,
    repaired_page,
    unannounced_gzip,
)
from libconsortium.plugins.oai_pmh.wrong_records import lost_record, repaired_record

_REFUSALS = frozenset(
    {
        *("badArgument", "badResumptionToken", "cannotDisseminateFormat", "idDoesNotExist"),
        *("noMetadataFormats", "noRecordsMatch", "noSetHierarchy"),
    }
)  # badVerb is none: all verbs there are must be known, so it is a fault like any other
_UNKNOWN = "\ufffd"
_NOTHING_FOR_ONE = frozenset({"idDoesNotExist"})


def page_of(
    response: StrictResponse, request: HarvestRequest, number: int, *, may_be_cut: bool = False
) -> HarvestPage:
    """Read a response as one page, repaired where it has to be.

    Args:
        response: The server's response.
        request: What was asked for.
        number: Number of the page.
        may_be_cut: A page that breaks off is read as far as it goes; else it is refused.

    Raises:
        PageRefusedError: It is not a sound page.
        TokenRefusedError: The server no longer knows its resumption token.
        RequestRefusedError: The server cannot be asked like this.
    """
    plain = response.plain
    if plain is not None and plain.verb == response.params["verb"]:
        return _plain_page(response, plain, request, number)
    envelope, saved = open_answer(response)
    if saved is not None and saved.is_cut and not may_be_cut:
        raise PageRefusedError(
            "the page breaks off; ask the server's administrator for smaller pages, or more time"
            " for each"
        )
    asked, verb = response.params, response.params["verb"]
    problems = list(_wrong_with_answer(response, request, number))
    if envelope.is_without_namespace:
        problems.append(no_namespace(request, response.answer))
    bare = attrs.evolve(
        _evidence(response.answer, number),
        response_date=envelope.response_date,
        base_url=envelope.base_url,
    )
    body = envelope.body
    is_list = body is not None and body.tag.rpartition("}")[2] == verb
    items = items_of(body, request) if body is not None and is_list else Items()
    if envelope.errors and not items.records:
        _raise_unless_empty(envelope.errors, asked)
        if "resumptionToken" in asked:
            problems.append(ended_oddly(request, number))
        return attrs.evolve(bare, problems=tuple(problems))
    if body is None or not is_list:
        raise PageRefusedError("the answer has no {verb} element", verb=verb)
    if verb == "ListRecords" and items.bare:
        raise PageRefusedError("{count} headers stand in place of records", count=items.bare)
    _refuse_others(items.records, asked)
    if saved is not None:
        items = without_damaged_names(items)
    page = _with_list(bare, items, token_of(body) if verb != "GetRecord" else Token())
    if problems:  # all was read only after a repair of the page
        page = attrs.evolve(page, repaired=len(page.records))
    page = attrs.evolve(page, problems=(*problems, *page.problems))
    return page if saved is None else _with_salvage(page, saved, request, asked)


def _plain_page(
    response: StrictResponse, plain: PlainPage, request: HarvestRequest, number: int
) -> HarvestPage:
    source, prefix = request.source, request.prefix
    # Every call counts here: a list has a million records.
    records = tuple(
        [
            RawRecord(
                source=source,
                identifier=identifier,
                datestamp=datestamp,
                sets=sets,
                prefix=prefix,
                namespace=namespace,
                content=content,
                is_deleted=is_deleted,
            )
            for identifier, datestamp, sets, is_deleted, namespace, content, _, _ in plain.cuts
        ]
    )
    _refuse_others(records, response.params)
    problems = list(_wrong_with_answer(response, request, number))
    repaired = len(records) if problems else 0
    if len({one.identifier for one in records}) < len(records):
        problems += repeated(records)
    return attrs.evolve(
        _evidence(response.answer, number),
        response_date=plain.response_date,
        base_url=plain.base_url,
        content=response.answer.content,
        starts={one.identifier: one.start for one in plain.cuts if one.start >= 0},
        hashes={one.identifier: one.digest for one in plain.cuts if one.start >= 0},
        records=records,
        token=plain.token.text,
        cursor=plain.token.cursor,
        complete_list_size=plain.token.complete_list_size,
        has_token_element=plain.token.is_there,
        problems=tuple(problems),
        repaired=repaired,
    )


def _refuse_others(records: tuple[RawRecord, ...], asked: dict[str, str]) -> None:
    """Refuse another record than the one that was asked for singly."""
    if asked["verb"] == "GetRecord" and {one.identifier for one in records} - {asked["identifier"]}:
        raise PageRefusedError("the answer is another record than the one asked for")


def open_answer(response: StrictResponse) -> tuple[Envelope, Salvaged | None]:
    """Open a response strictly, and if that fails save what can be saved.

    Raises:
        PageRefusedError: It is no response of OAI-PMH, and nothing can be saved.
    """
    try:
        envelope = response.envelope
    except PageRefusedError as error:
        if not response.is_good:
            raise
        saved = salvaged(
            response.answer.content, response.params["verb"], _charset(response.answer)
        )
        if saved is None:
            raise
        try:
            return envelope_of(saved.root), saved
        except PageRefusedError:
            raise error from None
    return envelope, None


def _with_list(bare: HarvestPage, items: Items, token: Token) -> HarvestPage:
    return attrs.evolve(
        bare,
        records=items.records,
        token=token.text,
        cursor=token.cursor,
        complete_list_size=token.complete_list_size,
        has_token_element=token.is_there,
        problems=items.problems,
        quarantined=items.quarantined,
        repaired=items.repaired,
    )


def _with_salvage(
    page: HarvestPage, saved: Salvaged, request: HarvestRequest, asked: dict[str, str]
) -> HarvestPage:
    """Tell what had to be repaired and what is lost; only records kept count as repaired."""
    problems = list(page.problems)
    problems += [repaired_page(request, page.number, one) for one in saved.page_repairs]
    kept = {record.identifier for record in page.records}
    mended = [(name, repairs) for name, repairs in saved.record_repairs if name in kept]
    problems += [repaired_record(request, name, one) for name, all_ in mended for one in all_]
    problems += [lost_record(request, one) for one in saved.lost]
    token = page.token
    is_cut = saved.is_cut or _UNKNOWN in token  # a token that had to be repaired leads nowhere
    if is_cut:
        problems.append(breaks_off(request, page.number, len(page.records)))
        token = asked.get("resumptionToken", "")
    return attrs.evolve(
        page,
        token=token,
        problems=tuple(problems),
        quarantined=page.quarantined
        + tuple(
            Quarantined(
                source=request.source,
                identifier=one.identifier,
                reason=one.reason,
                content=one.content,
            )
            for one in saved.lost
        ),
        repaired=len(page.records) if saved.page_repairs else max(page.repaired, len(mended)),
        is_cut=is_cut,
    )


def _charset(answer: Answer) -> str:
    headers = Headers()
    kind = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
    headers["Content-Type"] = kind.replace("\r", " ").replace("\n", " ")
    return str(headers.get_content_charset() or "")


def _raise_unless_empty(errors: tuple[tuple[str, str], ...], asked: dict[str, str]) -> None:
    codes = {code for code, _ in errors}
    said = "; ".join(f"{code}: {text}".rstrip(": ") for code, text in errors)
    nothing = _NOTHING_FOR_ONE if asked["verb"] == "GetRecord" else {"noRecordsMatch"}
    if codes <= nothing:
        return
    if not codes & _REFUSALS:  # an error that no standard knows, which may pass
        raise PageRefusedError("the server answers with an error of its own ({said})", said=said)
    if "resumptionToken" in asked:
        raise TokenRefusedError(
            "the server no longer knows its resumption token ({said})", said=said
        )
    if asked["verb"] == "GetRecord":  # whatever it means, not that the record is gone
        raise PageRefusedError("the server does not give the record ({said})", said=said)
    if "cannotDisseminateFormat" in codes:
        raise RequestRefusedError(
            "the server does not give the format {prefix!r} ({said}); choose another prefix",
            prefix=asked.get("metadataPrefix", ""),
            said=said,
            code="cannotDisseminateFormat",
        )
    raise RequestRefusedError(
        "the server refuses the request ({said})", said=said, code=errors[0][0]
    )


def _evidence(answer: Answer, number: int) -> HarvestPage:
    return HarvestPage(
        number=number,
        url=answer.url,
        body=answer.body,
        encoding=answer.encoding,
        headers=answer.headers,
        received=answer.received,
    )


def of_page(response: StrictResponse, number: int, error: PageRefusedError) -> Message:
    """Say why an answer is no sound page, and how much of it came."""
    return Message(
        "page {number}: {reason} ({count} bytes came)",
        number=number,
        reason=error.message,
        count=len(response.answer.body),
    )


def refused_page(
    response: StrictResponse, request: HarvestRequest, number: int, error: PageRefusedError
) -> HarvestPage:
    """Keep a response that is not a sound page as evidence, with the token it was asked for."""
    problem = Problem(
        code="PAGE_REFUSED",
        where=Place(source=request.source),
        what=of_page(response, number, error),
        advice=Message(
            "the page is kept as it came; ask the server's administrator why {url} is answered so",
            url=response.answer.url,
        ),
        severity=Severity.ERROR,
    )
    token = response.params.get("resumptionToken", "")
    page = _evidence(response.answer, number)
    return attrs.evolve(page, token=token, problems=(problem,))


def _wrong_with_answer(
    response: StrictResponse, request: HarvestRequest, number: int
) -> Iterator[Problem]:
    if response.answer.is_unannounced:
        yield unannounced_gzip(request, response.answer)
    if response.answer.damage:
        yield damaged_transfer(request, number, response.answer)
    for repair in response.repairs:
        yield repaired_page(request, number, repair)
