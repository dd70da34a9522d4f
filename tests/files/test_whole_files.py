"""A file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from libconsortium import StoreError, whole_file


def test_what_fails_half_way_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("before")

    def write() -> None:
        with whole_file(file) as out:
            out.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()

    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()

    with (
        pytest.raises(StoreError, match=r"cannot write .*a\.csv: "),
        whole_file(tmp_path / "a.csv"),
    ):
        pass

    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_given_what_is_written_and_stays(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    listener = Thread(target=lambda: heard.append(pipe.read_bytes()))
    listener.start()

    with whole_file(pipe) as out:
        out.write(b"as it comes")

    listener.join()
    assert (heard, pipe.is_fifo()) == ([b"as it comes"], True)
