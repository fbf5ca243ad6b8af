"""Records one by one: the same that the whole file holds, whatever is wrong with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from arena.importers import import_llm_game_benchmark
from arena.record import MatchRecord, RecordError, from_line, to_line
from arena.record_file import BadLine, read_file
from arena.record_stream import stream_file
from arena.run import RunError
from tests.test_cli import LOG


@pytest.fixture(scope="module")
def some() -> list[MatchRecord]:
    return list(import_llm_game_benchmark(LOG))[:6]


def written(path: Path, *lines: str | bytes) -> Path:
    path.write_bytes(b"".join(line if isinstance(line, bytes) else line.encode() + b"\n" for line in lines))
    return path


def read(path: Path) -> tuple[list[MatchRecord], list[BadLine]]:
    bad: list[BadLine] = []
    return list(stream_file(path).records(bad.append)), sorted(bad, key=lambda line: line.number)


def test_the_last_record_of_a_match_counts_and_stands_where_the_match_first_did(
    tmp_path: Path, some: list[MatchRecord]
) -> None:
    later = replace(some[0], reason="played again")
    path = written(tmp_path / "file", *map(to_line, [*some, later]))
    records, bad = read(path)
    assert records == read_file(path).records == [later, *some[1:]]
    assert bad == []
    assert stream_file(path).find(later.match_id) == later


def test_bad_lines_are_told_as_the_whole_file_tells_them(tmp_path: Path, some: list[MatchRecord]) -> None:
    lines = [to_line(record) for record in some]
    edited = json.dumps({**json.loads(lines[2]), "final_state": "nowhere"})
    spaced = json.dumps(json.loads(lines[3]))
    path = written(
        tmp_path / "file", *lines[:3], lines[1][:200], edited, "", "garbage", "[1]", spaced, b"\xff\n", b'{"a'
    )
    records, bad = read(path)
    whole = read_file(path)
    assert records == whole.records == some[:4], "a bad later line does not take the place of a good one"
    assert bad == whole.bad
    assert [line.number for line in bad] == [4, 5, 7, 8, 10]


def test_a_line_that_names_two_matches_counts_for_none(tmp_path: Path, some: list[MatchRecord]) -> None:
    line = to_line(some[0])
    records, bad = read(written(tmp_path / "file", line[:-1] + ',"match_id":"other"}'))
    assert records == []
    assert "names another match" in bad[0].why


def test_what_is_appended_meanwhile_is_not_seen(tmp_path: Path, some: list[MatchRecord]) -> None:
    path = written(tmp_path / "file", to_line(some[0]))
    stream = stream_file(path)
    with path.open("a") as file:
        file.write(to_line(some[1]) + "\n")
    assert [record.match_id for record in stream.records()] == [some[0].match_id]
    with pytest.raises(RecordError, match="no record of match"):
        stream.find(some[1].match_id)


def test_no_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no records at"):
        stream_file(tmp_path)


def test_half_a_letter_in_a_reply_loses_no_match(some: list[MatchRecord]) -> None:
    """JSON may hold half of an emoji, UTF-8 may not."""
    ply = some[0].plies[0]
    odd = replace(ply, attempts=(replace(ply.attempts[0], text="well \ud83d ä"),))
    line = to_line(replace(some[0], plies=(odd, *some[0].plies[1:])))
    assert from_line(line).plies[0].attempts[0].text == "well ? ä"
    assert from_line(line).plies[1:] == some[0].plies[1:]
