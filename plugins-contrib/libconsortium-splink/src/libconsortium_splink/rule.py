"""The match rule ``splink``: our keys, our guards, and between them Splink's weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from libconsortium import Evidence, MatchFields, MatchRule, Registry
from libconsortium_splink.columns import ID, arrow_of
from libconsortium_splink.model import model_of, model_text, splink

NAME = "splink"
_WEIGHT = "mw_"
_MARKS = "marks-of-both"
_DECIMALS = 4

Pair = tuple[MatchFields, MatchFields]


def splink_rule() -> MatchRule:
    """Return the rule.

    >>> splink_rule().name
    'splink'
    """
    return MatchRule(
        name=NAME,
        summary="Splink's weights (Fellegi and Sunter) between our keys and our guards",
        keys=keys,
        compare=compare,
        compare_many=compare_many,
    )


def keys(fields: MatchFields) -> tuple[str, ...]:
    """Return the keys of the usual rule.

    >>> keys(MatchFields(record="a", title="giai tich", year=2019))
    ('title giaitich', 'title-year giaitich 2019')
    """
    return _usual().keys(fields)


def compare(left: MatchFields, right: MatchFields) -> Evidence:
    """Compare two records.

    Raises:
        MissingExtraError: Splink is not installed.
        SettingsError: There is no model, or it is none of Splink.
    """
    return compare_many([(left, right)])[0]


def compare_many(pairs: Sequence[Pair]) -> list[Evidence]:
    """Compare many pairs at once; each is scored for itself, whatever stands beside it.

    Raises:
        MissingExtraError: Splink is not installed.
        SettingsError: There is no model, or it is none of Splink.
    """
    vetoes = [_veto(left, right) for left, right in pairs]
    free = [_in_order(pair) for pair, veto in zip(pairs, vetoes, strict=True) if not veto]
    scored = _scored(free)
    return [Evidence(rule=NAME, score=0.0, veto=veto) if veto else next(scored) for veto in vetoes]


def _in_order(pair: Pair) -> Pair:
    # Splink's score does not depend on who is left; the last digits of a sum might.
    left, right = pair
    return pair if left.record <= right.record else (right, left)


def _veto(left: MatchFields, right: MatchFields) -> str:
    """Return what our guards object to; words that only diacritics tell apart are a guard here.

    Splink sees the folded texts alone, and an unaccented key must never merge by itself.
    """
    found = _usual().compare(left, right)
    return found.veto or (_MARKS if _MARKS in found.reasons else "")


def _scored(pairs: Sequence[Pair]) -> Iterator[Evidence]:
    if not pairs:
        return
    module = splink()
    api = module.DuckDBAPI()
    sides = [arrow_of(one[side] for one in pairs) for side in (0, 1)]
    inputs = [
        api.register(side, dataset_display_name=name)
        for side, name in zip(sides, ("ours", "theirs"), strict=True)
    ]
    linker = module.Linker(inputs, dict(_model(model_text())), log_level="ERROR")
    found = linker.inference.predict().as_pyarrow_table().sort_by(f"{ID}_l").to_pylist()
    for row in found:
        reasons = [f"splink {row['match_weight']:+.2f}"]
        weights = {
            name.removeprefix(_WEIGHT): value
            for name, value in row.items()
            if name.startswith(_WEIGHT) and not name.startswith(f"{_WEIGHT}tf_")
        }
        reasons += [f"{name} {value:+.2f}" for name, value in weights.items() if value]
        score = round(row["match_probability"], _DECIMALS)
        yield Evidence(rule=NAME, score=score, reasons=tuple(reasons))


@cache
def _usual() -> MatchRule:
    return Registry().find(MatchRule, "bibliographic")


@cache
def _model(text: str) -> Any:  # noqa: ANN401 - Splink's settings
    return model_of(text)
