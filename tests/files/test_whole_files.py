"""A file is written whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from libconsortium import StoreError, whole_file, whole_text


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


def test_a_file_that_is_read_meanwhile_is_not_said_to_be_unwritable(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="other"), whole_file(tmp_path / "a.csv"):
        (tmp_path / "other").read_bytes()

    assert list(tmp_path.iterdir()) == []


def test_two_who_write_the_same_file_at_once_leave_one_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"

    with whole_file(file) as first, whole_file(file) as second:
        first.write(b"of the first")
        second.write(b"of the second")

    assert file.read_bytes() == b"of the first"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_cannot_be_made_is_an_error_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "folder").write_bytes(b"a file")

    with pytest.raises(StoreError, match="cannot write"), whole_file(tmp_path / "folder" / "a.csv"):
        pass


def test_a_file_that_is_replaced_keeps_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.touch(0o600)

    with whole_file(file) as out:
        out.write(b"again")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


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


def test_a_device_is_written_to_and_stays() -> None:
    with whole_text(Path("/dev/null")) as out:
        out.write("nowhere")

    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_the_standard_output_goes_on_where_it_is(tmp_path: Path) -> None:
    program = (
        "from libconsortium import whole_text\nfrom pathlib import Path\n"
        "print('before', flush=True)\n"
        "with whole_text(Path('/dev/stdout')) as out: out.write('một\\n')\n"
        "print('after')"
    )
    with (tmp_path / "all.txt").open("wb") as output:
        subprocess.run([sys.executable, "-c", program], stdout=output, check=True)

    assert (tmp_path / "all.txt").read_text("utf-8") == "before\nmột\nafter\n"


def test_what_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "a.csv").symlink_to(tmp_path / "real" / "a.csv")

    with whole_file(tmp_path / "a.csv") as out:
        out.write(b"through")

    assert (tmp_path / "a.csv").is_symlink()
    assert (tmp_path / "real" / "a.csv").read_bytes() == b"through"


def test_a_private_file_is_read_by_its_owner_only(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a.zip", private=True) as out:
        out.write(b"all")

    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0


def test_text_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def write() -> None:
        with whole_text(tmp_path / "a.csv") as out:
            out.write("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()

    assert list(tmp_path.iterdir()) == []


def test_a_database_is_not_replaced(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute("CREATE TABLE records (n)")
    before = (tmp_path / "a.db").read_bytes()

    with pytest.raises(StoreError, match="is a database"), whole_file(tmp_path / "a.db"):
        pass

    assert (tmp_path / "a.db").read_bytes() == before
