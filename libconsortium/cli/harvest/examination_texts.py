"""What the doctor found, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from libconsortium import (
    LANGUAGES,
    EndpointFacts,
    Examination,
    HttpRules,
    Message,
    SampleQuality,
    Severity,
    TlsFacts,
    clock_difference,
    field_word,
    forecast,
    translator,
)
from libconsortium.cli.frame import N_, Terminal, as_table, problem_row

_MARKS = {Severity.INFO: "·", Severity.WARNING: "!", Severity.ERROR: "✗"}
_MOST_SETS = 10
_MOST_TRIED = 3


def source_lines(found: Examination, rules: HttpRules, saved: Path | None) -> str:
    """Return the lines of ``consortium.toml`` for what was found; empty if nothing was."""
    if found.facts is None or not found.choice.prefix:
        return ""
    url = found.facts.identity.url
    host = urlsplit(url).hostname or "source"
    values: dict[str, object] = {
        "name": host.replace(".", "-").replace(":", "-"),
        "member": "…",
        "url": url,
        "prefix": found.choice.prefix,
    }
    if rules.allowed_networks:
        values["allowed_networks"] = list(rules.allowed_networks)
    if saved or rules.ca_file:
        values["ca_file"] = str(saved or rules.ca_file)
    if rules.credentials:
        values["credentials"] = rules.credentials
    if rules.contact:
        values["contact"] = rules.contact
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())
    return "\n".join(["[[sources]]", *lines])


def tell(terminal: Terminal, found: Examination, rules: HttpRules, saved: Path | None) -> None:
    """Print what was found, the worst first, and what to do."""
    if found.facts is None:
        click.echo(terminal.said(N_("{url}: no endpoint found"), url=found.url))
        _tell_tried(terminal, found)
    else:
        for label, said in _about(terminal, found, found.facts):
            click.echo(f"{terminal.said(label)}: {said}")
        _tell_formats(terminal, found, found.facts)
        _tell_samples(terminal, found)
    if found.handshake is not None:
        click.echo(f"{terminal.said(N_('certificate'))}: {_chain(terminal, found.handshake.facts)}")
    _tell_findings(terminal, found)
    if lines := source_lines(found, rules, saved):
        _heading(terminal, N_("which format to choose"))
        click.echo(f"{found.choice.prefix}: {terminal.said(found.choice.reason)}")
        _heading(terminal, N_("for consortium.toml"))
        click.echo(lines)
    if found.letter:
        _heading(terminal, N_("a letter to the server's administrator"))
        click.echo("\n".join(terminal.said(paragraph) for paragraph in found.letter))
    if saved is not None:
        terminal.say(N_("the authorities with the missing certificate are in {path}"), path=saved)


def _tell_tried(terminal: Terminal, found: Examination) -> None:
    """List where it was looked for, by what was there."""
    groups: dict[str, list[str]] = {}
    for one in found.finding.tried:
        groups.setdefault(terminal.said(one.outcome), []).append(one.url)
    for outcome, urls in groups.items():
        rest = ", …" if len(urls) > _MOST_TRIED else ""
        click.echo(f"  {len(urls)} × {outcome}: {', '.join(urls[:_MOST_TRIED])}{rest}")


def _heading(terminal: Terminal, text: str) -> None:
    click.echo(f"\n# {terminal.said(text)}")


def _about(
    terminal: Terminal, found: Examination, facts: EndpointFacts
) -> Iterator[tuple[str, str]]:
    identity, said = facts.identity, facts.identity.said
    where = found.finding.candidate
    yield N_("endpoint"), f"{identity.url} ({terminal.said(where.why) if where else ''})"
    name = f"{found.software.name} {found.software.version}".strip() or "?"
    yield N_("software"), f"{name} ({terminal.said(found.software.evidence)})"
    yield N_("name"), said.name
    yield N_("administrator"), ", ".join(identity.admin_emails) or "?"
    yield N_("datestamps"), f"{said.granularity or '?'}; {said.earliest or '?'} …"
    yield N_("deletions"), said.deleted_records or "?"
    yield N_("clock"), _clock(terminal, found)
    yield N_("answers in"), terminal.said(N_("{seconds:.2f} seconds"), seconds=identity.seconds)
    yield N_("compression"), "gzip" if identity.is_packed else terminal.said(N_("none"))
    yield N_("sets"), _sets(terminal, facts)
    yield N_("records"), _forecast(terminal, facts)


def _clock(terminal: Terminal, found: Examination) -> str:
    difference = clock_difference(found.facts.identity) if found.facts else None
    if difference is None:
        return "?"
    seconds = round(difference.total_seconds())
    return terminal.said(N_("{seconds:+d} seconds against ours"), seconds=seconds)


def _sets(terminal: Terminal, facts: EndpointFacts) -> str:
    if not facts.sets:
        return terminal.said(N_("none"))
    names = [f"{spec} ({name})" if name else spec for spec, name in facts.sets[:_MOST_SETS]]
    more = "+" if facts.has_more_sets else ""
    rest = ", …" if len(facts.sets) > _MOST_SETS or facts.has_more_sets else ""
    return f"{len(facts.sets)}{more}: {', '.join(names)}{rest}"


def _forecast(terminal: Terminal, facts: EndpointFacts) -> str:
    ahead = forecast(facts.samples[0]) if facts.samples else None
    if ahead is None or ahead.records is None or ahead.minutes is None:
        return "?"
    return terminal.said(
        N_("{records}; {requests} requests, {minutes:.1f} minutes at this speed"),
        records=ahead.records,
        requests=ahead.requests,
        minutes=ahead.minutes,
    )


def _chain(terminal: Terminal, facts: TlsFacts) -> str:
    if not facts.chain:
        return facts.failure or facts.said or "?"
    first = facts.chain[0]
    verdict = N_("trusted") if facts.is_trusted else N_("not trusted")
    return terminal.said(
        N_("{verdict}; {names}, by {issuer}, until {day}; {count} sent; {protocol}"),
        verdict=Message(verdict),
        names=", ".join(first.names[:3]),
        issuer=first.issuer,
        day=f"{first.ends:%Y-%m-%d}",
        count=len(facts.chain),
        protocol=facts.protocol,
    )


def _tell_formats(terminal: Terminal, found: Examination, facts: EndpointFacts) -> None:
    click.echo("")
    headings = (N_("format"), N_("read here"), N_("namespace"))
    readable = {prefix for prefix, _ in found.ranked}
    as_table(
        [terminal.said(text) for text in headings],
        [
            (prefix, terminal.said(N_("yes") if prefix in readable else N_("no")), namespace)
            for prefix, namespace in facts.formats
        ],
    )


def _tell_samples(terminal: Terminal, found: Examination) -> None:
    shown = [quality for quality in found.qualities if quality.records]
    if not shown:
        return
    click.echo("")
    names = [name for name, _ in shown[0].present]
    headings = (N_("sample"), N_("records"), N_("deleted"), N_("unreadable"))
    as_table(
        [
            *(terminal.said(text) for text in headings),
            *(terminal.said(field_word(name)) for name in names),
        ],
        [
            (one.prefix, one.records, one.deleted, one.unreadable, *_shares(one, names))
            for one in shown
        ],
    )


def _shares(quality: SampleQuality, names: list[str]) -> list[str]:
    counts = dict(quality.present)
    whole = quality.readable
    return [f"{100 * counts[name] / whole:.0f}%" if whole else "–" for name in names]


def _tell_findings(terminal: Terminal, found: Examination) -> None:
    if not found.problems:
        return
    _heading(terminal, N_("findings"))
    for problem in found.problems:
        advice = f" → {terminal.said(problem.advice)}" if problem.advice.template else ""
        click.echo(f"{_MARKS[problem.severity]} {terminal.said(problem.what)}{advice}")


def examination_row(
    found: Examination, rules: HttpRules, saved: Path | None
) -> Mapping[str, object]:
    """Return what was found as a program reads it; the letter in every language."""
    return {
        "status": "OK" if found.is_harvestable else "ERROR",
        "url": found.url,
        "endpoint": _endpoint_row(found),
        "certificate": _certificate_row(found),
        "tried": [
            {"url": one.url, "why": str(one.why), "outcome": str(one.outcome)}
            for one in found.finding.tried
        ],
        "samples": [_quality_row(one) for one in found.qualities],
        "choice": {"prefix": found.choice.prefix, "reason": str(found.choice.reason)},
        "findings": [problem_row(problem) for problem in found.problems],
        "consortium_toml": source_lines(found, rules, saved),
        "letter": {
            language: "\n".join(one.translated(translator(language)) for one in found.letter)
            for language in LANGUAGES
        },
        "saved_ca": str(saved) if saved else None,
    }


def _endpoint_row(found: Examination) -> Mapping[str, Any] | None:
    facts, candidate = found.facts, found.finding.candidate
    if facts is None:
        return None
    identity, said = facts.identity, facts.identity.said
    difference = clock_difference(identity)
    ahead = forecast(facts.samples[0]) if facts.samples else None
    return {
        "url": identity.url,
        "why": str(candidate.why) if candidate else "",
        "software": found.software.name,
        "version": found.software.version,
        "evidence": str(found.software.evidence),
        "name": said.name,
        "base_url": said.url,
        "protocol": said.protocol,
        "admin_emails": identity.admin_emails,
        "granularity": said.granularity,
        "earliest": said.earliest,
        "deleted_records": said.deleted_records,
        "clock_seconds": None if difference is None else difference.total_seconds(),
        "seconds": round(identity.seconds, 3),
        "compression": "gzip" if identity.is_packed else "",
        "formats": [{"prefix": prefix, "namespace": name} for prefix, name in facts.formats],
        "sets": [{"spec": spec, "name": name} for spec, name in facts.sets],
        "has_more_sets": facts.has_more_sets,
        "records": ahead.records if ahead else None,
        "requests": ahead.requests if ahead else None,
        "minutes": ahead.minutes if ahead else None,
    }


def _certificate_row(found: Examination) -> Mapping[str, object] | None:
    if found.handshake is None:
        return None
    facts = found.handshake.facts
    return {
        "trusted": facts.is_trusted,
        "reason": facts.said or facts.failure,
        "protocol": facts.protocol,
        "chain": [
            {
                "subject": one.subject,
                "issuer": one.issuer,
                "names": one.names,
                "starts": one.starts.isoformat(),
                "ends": one.ends.isoformat(),
            }
            for one in facts.chain
        ],
        "missing": [one.subject for one in facts.mended_by],
    }


def _quality_row(quality: SampleQuality) -> Mapping[str, object]:
    return {
        "prefix": quality.prefix,
        "records": quality.records,
        "deleted": quality.deleted,
        "unreadable": quality.unreadable,
        "present": dict(quality.present),
        "values_per_record": round(quality.values_per_record, 2),
        "wrong": [
            {"code": code, "records": count, "examples": examples}
            for code, count, examples in quality.wrong
        ],
        "legacy_encoding": quality.legacy,
    }
