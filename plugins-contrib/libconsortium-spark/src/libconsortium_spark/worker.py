"""Runs a step's Python function on Spark's workers and brings back what it raised."""

from __future__ import annotations

import base64
import pickle
import re
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
from pyspark import cloudpickle

_pickled: Callable[[object], bytes] = cloudpickle.dumps
_MARKED = re.compile(r"libconsortium raised <([A-Za-z0-9+/=]+)>")


def in_worker(
    function: Callable[[Any], Any],
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the function as ``mapInArrow`` wants it: batches in, batches out.

    >>> batch = pa.record_batch({"nr": [1, 2]})
    >>> [one.num_rows for one in in_worker(lambda rows: rows)(iter([batch]))]
    [2]
    """

    def _over(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            try:
                made = function(batch)
            except Exception as error:
                raised = base64.b64encode(_pickled(error)).decode()
                told = f"libconsortium raised <{raised}>"
                raise RuntimeError(told) from error
            yield from made.to_batches() if isinstance(made, pa.Table) else (made,)

    return _over


def what_worker_raised(told: str) -> BaseException | None:
    """Return the exception that a step's function raised, out of what Spark says about it.

    >>> what_worker_raised("something else") is None
    True
    """
    found = _MARKED.search(told)
    if found is None:
        return None
    raised = pickle.loads(base64.b64decode(found[1]))  # noqa: S301 - written by our own worker
    return raised if isinstance(raised, BaseException) else None
