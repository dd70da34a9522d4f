"""Makes one page of a response, or says precisely why it is none."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from libconsortium import (
    Answer,
    HarvestError,
    HarvestPage,
    HarvestRequest,
    Message,
    PageRefusedError,
    Place,
    Problem,
    Severity,
    TokenRefusedError,
)
from libconsortium.plugins.oai_pmh.client import StrictResponse
from libconsortium.plugins.oai_pmh.envelope import Token, token_of
from libconsortium.plugins.oai_pmh.items import items_of


def page_of(response: StrictResponse, request: HarvestRequest, number: int) -> HarvestPage:
    """Read a response as one page.

    Args:
        response: The server's response.
        request: What was asked for.
        number: Number of the page.

    Raises:
        PageRefusedError: It is not a sound page.
        TokenRefusedError: The server no longer knows its resumption token.
        HarvestError: The server refuses the request.
    """
    envelope, asked = response.envelope, response.params
    problems = list(_wrong_with_answer(response, request))
    bare = attrs.evolve(_evidence(response.answer, number), response_date=envelope.response_date)
    if envelope.errors:
        _raise_unless_empty(envelope.errors, asked)
        if "resumptionToken" in asked:
            problems.append(_ended_oddly(request, number))
        return attrs.evolve(bare, problems=tuple(problems))
    if envelope.body is None or envelope.body.tag.rpartition("}")[2] != asked["verb"]:
        raise PageRefusedError("the answer has no {verb} element", verb=asked["verb"])
    items = items_of(envelope.body, request)
    token = token_of(envelope.body) if asked["verb"] != "GetRecord" else Token()
    return attrs.evolve(
        bare,
        records=items.records,
        token=token.text,
        cursor=token.cursor,
        complete_list_size=token.complete_list_size,
        problems=(*problems, *items.problems),
    )


def _raise_unless_empty(errors: tuple[tuple[str, str], ...], asked: dict[str, str]) -> None:
    codes = {code for code, _ in errors}
    said = "; ".join(f"{code}: {text}".rstrip(": ") for code, text in errors)
    nothing = "idDoesNotExist" if asked["verb"] == "GetRecord" else "noRecordsMatch"
    if codes == {nothing}:
        return
    if "badResumptionToken" in codes and "resumptionToken" in asked:
        raise TokenRefusedError(
            "the server no longer knows its resumption token ({said})", said=said
        )
    if "cannotDisseminateFormat" in codes:
        raise HarvestError(
            "the server does not give the format {prefix!r} ({said}); choose another prefix",
            prefix=asked.get("metadataPrefix", ""),
            said=said,
        )
    raise HarvestError("the server refuses the request ({said})", said=said)


def _evidence(answer: Answer, number: int) -> HarvestPage:
    return HarvestPage(
        number=number,
        url=answer.url,
        body=answer.body,
        encoding=answer.encoding,
        headers=answer.headers,
        received=answer.received,
    )


def refused_page(
    response: StrictResponse, request: HarvestRequest, number: int, error: PageRefusedError
) -> HarvestPage:
    """Keep a response that is not a sound page as evidence, with the token it was asked for."""
    problem = Problem(
        code="PAGE_REFUSED",
        where=Place(source=request.source),
        what=Message("page {number}: {reason}", number=number, reason=error.message),
        advice=Message("the page is kept as it came; ask the server's administrator"),
        severity=Severity.ERROR,
    )
    token = response.params.get("resumptionToken", "")
    page = _evidence(response.answer, number)
    return attrs.evolve(page, token=token, problems=(problem,))


def _wrong_with_answer(response: StrictResponse, request: HarvestRequest) -> Iterator[Problem]:
    place = Place(source=request.source)
    if response.answer.is_unannounced:
        yield Problem(
            code="UNANNOUNCED_GZIP",
            where=place,
            what=Message("the page is packed though no header says so; it was unpacked"),
            severity=Severity.INFO,
        )
    if response.envelope.is_without_namespace:
        yield Problem(
            code="NO_NAMESPACE",
            where=place,
            what=Message("the page lacks the OAI-PMH namespace; it was read all the same"),
            severity=Severity.INFO,
        )


def _ended_oddly(request: HarvestRequest, number: int) -> Problem:
    return Problem(
        code="EMPTY_LAST_PAGE",
        where=Place(source=request.source),
        what=Message("page {number}: the server gave a token that leads to nothing", number=number),
        advice=Message("the list is compared with the server's identifiers"),
        severity=Severity.INFO,
    )
