import pickle
from datetime import UTC, datetime

import pytest

from libconsortium import (
    ConsortiumError,
    CycleError,
    FileRefusedError,
    HarvestDeferredError,
    InfeasibleError,
    Message,
    MissingExtraError,
    PluginError,
    SplitError,
    UnknownIdError,
)


def test_an_error_says_its_message_with_the_values() -> None:
    assert str(CycleError("a cycle: {path}", path="A ⊃ A")) == "a cycle: A ⊃ A"


def test_an_error_keeps_its_values_apart_for_other_languages() -> None:
    error = SplitError("{missing} missing", missing=5)

    assert error.message.translated({"{missing} missing": "thiếu {missing}"}.get) == "thiếu 5"


def test_an_error_travels_between_processes_with_its_class_and_message() -> None:
    error = UnknownIdError("nothing has the id {id!r}", id="x")

    come_back = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the line above

    assert type(come_back) is UnknownIdError
    assert come_back.message == error.message


def test_a_deferred_harvest_knows_from_when_it_can_go_on() -> None:
    until = datetime(2026, 1, 1, tzinfo=UTC)

    assert HarvestDeferredError("come back at {until}", until=until).until == until


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (InfeasibleError, SplitError),
        (MissingExtraError, PluginError),
        (PluginError, ConsortiumError),
    ],
)
def test_one_catch_is_enough(narrow: type[ConsortiumError], wide: type[ConsortiumError]) -> None:
    with pytest.raises(wide, match="broken"):
        raise narrow("broken")


def test_a_refused_file_travels_between_processes_with_its_advice() -> None:
    refused = FileRefusedError("OLD", Message("it is old"), Message("ask for a new one"))

    again = pickle.loads(pickle.dumps(refused))  # noqa: S301 - made here

    assert (again.code, str(again)) == ("OLD", "it is old; ask for a new one")
