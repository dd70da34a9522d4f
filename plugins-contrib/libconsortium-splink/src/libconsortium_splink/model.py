"""The model: what Splink learned once, and is then the same for every pair."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from libconsortium import MatchFields, MissingExtraError, SettingsError
from libconsortium_splink.columns import BLOCKS, ID, PAIR, arrow_of, comparisons

MODEL_VARIABLE = "LIBCONSORTIUM_SPLINK_MODEL"
"""The environment variable that names a model of one's own."""
_SEED = 1
_MOST_PAIRS = 1_000_000
_DECIMALS = 8
_LEAST = 10.0**-_DECIMALS  # nothing is impossible
_PRIOR = 0.05  # of the pairs that our keys bring together, so many are the same

Model = Mapping[str, Any]  # Any: Splink's settings, parsed JSON


def splink() -> Any:  # noqa: ANN401 - a module without types
    """Import Splink.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import splink as module
    except ImportError as error:
        raise MissingExtraError(
            "the match rule {rule!r} needs the package {package}; pip install {package}",
            rule="splink",
            package=error.name or "splink",
        ) from error
    return module


def model_text() -> str:
    """Return the model in use as text: one's own if the environment names it, or the usual one.

    Raises:
        SettingsError: The file named cannot be read.
    """
    own = os.environ.get(MODEL_VARIABLE)
    if own is None:
        return (files("libconsortium_splink") / "model.json").read_text("utf-8")
    try:
        return Path(own).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "{variable} names {path}, which cannot be read: {error}",
            variable=MODEL_VARIABLE,
            path=own,
            error=error,
        ) from error


def model_of(text: str) -> Model:
    """Read a model, and set it to compare the pairs it is given.

    Raises:
        SettingsError: The text is no model of Splink.
    """
    try:
        model = json.loads(text)
        return {
            **{
                name: model[name]
                for name in ("comparisons", "probability_two_random_records_match")
            },
            "sql_dialect": "duckdb",
            "link_type": "link_only",
            "unique_id_column_name": ID,
            "blocking_rules_to_generate_predictions": [f"l.{PAIR} = r.{PAIR}"],
            "retain_intermediate_calculation_columns": True,
            "retain_matching_columns": False,
        }
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise SettingsError(
            "this is no model of Splink: {error}; 'libconsortium splink-train' makes one",
            error=error,
        ) from error


def trained(records: Iterable[MatchFields]) -> str:
    """Return the model that Splink estimates from records nobody has labelled, as text.

    By expectation maximisation, from a fixed seed. The share of matches among candidates cannot be
    told from that; it is set.

    Args:
        records: Match fields; some thousands with enough duplicates among them.

    Raises:
        MissingExtraError: Splink is not installed.
    """
    module = splink()
    api = module.DuckDBAPI()
    settings = module.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=ID,
        comparisons=comparisons(),
        blocking_rules_to_generate_predictions=list(BLOCKS),
        probability_two_random_records_match=_PRIOR,
    )
    linker = module.Linker(api.register(arrow_of(records)), settings, log_level="ERROR")
    linker.training.estimate_u_using_random_sampling(max_pairs=_MOST_PAIRS, seed=_SEED)
    for block in BLOCKS:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block, fix_probability_two_random_records_match=False
        )
    model = linker.misc.save_model_to_json()
    kept = {
        "comparisons": _rounded(model["comparisons"]),
        "probability_two_random_records_match": _PRIOR,
    }
    return json.dumps(kept, indent=1, sort_keys=True) + "\n"


def _rounded(value: Any) -> Any:  # noqa: ANN401 - parsed JSON
    if isinstance(value, float):
        return max(round(value, _DECIMALS), _LEAST)
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value
