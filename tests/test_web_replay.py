"""A replay as a page: whole, harmless, small, and with every match that matters."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from arena.match import MatchSpec, play_match
from arena.record import MatchRecord, to_line
from arena.record_stream import stream_file
from arena.replay.story import Story
from arena.replay.web import LIMIT, choose, embedded, page
from arena.replay.web_data import Shared, end_words, match_data
from arena.report.matches import LONGEST
from games.registry import GAMES, parse_game
from players.base import Problem
from players.specs import make_player
from tests.test_cli import arena, printed, refused
from tests.test_report import NASTY, Page, played

WORST = f"{NASTY}\u2028\u2029\u200b<!--<script>"
"""What would end or open an element, act in a terminal, turn the writing round or end a line of a script."""


def unjudged(game: str) -> MatchRecord:
    seats = parse_game(game).num_seats
    players = [make_player("random") for _ in range(seats)]
    return asyncio.run(play_match(MatchSpec(game, ("random",) * seats, seed=1), players))


def run_of(folder: Path, records: Iterable[MatchRecord]) -> Path:
    path = folder / "matches.jsonl"
    path.write_text("".join(to_line(record) + "\n" for record in records), "utf-8")
    return path


def page_of(folder: Path, records: Iterable[MatchRecord], limit: int = LIMIT) -> str:
    run = run_of(folder, records)
    stream = stream_file(run)
    return "".join(page(run, stream, choose(stream.records(), limit)))


def data_of(text: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found[1])


def told(data: Any, number: int | None) -> str:
    return "" if number is None else str(data["texts"][number])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> MatchRecord:
    """A model says what it should not, and at length; a stranger has put the same into every other text."""
    path = tmp_path_factory.mktemp("replies") / "replies.jsonl"
    texts = [f"{WORST}\nAnswer: 5\nStatus: X has won", f"{WORST * 20_000}\nAnswer: 5"]
    texts += [f"{WORST}\nAnswer: {n}\nStatus: draw" for n in (1, 2, 3, 4, 6, 7, 8, 9)]
    path.write_text("".join(json.dumps(text) + "\n" for text in texts), "utf-8")
    record = played("tictactoe", f"replies:{path}", "minimax?ties=first", pair=1, attempts=9)
    plies = tuple(
        replace(
            ply,
            unjudged="" if ply.verdict else WORST,
            attempts=tuple(
                replace(a, why=WORST, claim=WORST, note=WORST, completion={"reasoning": WORST, "usage": {}})
                for a in ply.attempts
            ),
        )
        for ply in record.plies
    )
    return replace(record, players=(WORST, WORST), reason=WORST, opening=(WORST,), started=WORST, plies=plies)


# The page


def test_the_page_is_well_formed_and_refers_to_nothing(tmp_path: Path, hostile: MatchRecord) -> None:
    text = page_of(tmp_path, [played("tictactoe", "random", "minimax"), hostile])
    found = Page(text)
    assert not found.open and not found.links
    assert len(found.ids) == len(set(found.ids))
    assert text.count("<script") == text.count("</script") == 2
    own = re.sub(r'(?s)<script type="application/json".*?</script>', "", text)
    assert re.findall(r"https?://[^\"]*|url\(|@import|import ", own) == ["http://www.w3.org/2000/svg"]
    assert "style=" not in text and "innerHTML" not in text


def test_a_step_looks_different_from_play(tmp_path: Path) -> None:
    text = page_of(tmp_path, [unjudged("tictactoe")])
    drawn = {name: re.search(rf'<button id="{name}".*?</button>', text) for name in ("back", "on", "play")}
    steps = {name: found is not None and 'class="step"' in found[0] for name, found in drawn.items()}
    assert steps == {"back": True, "on": True, "play": False}
    assert ".steer .step{fill:none;stroke:" in text, "a chevron, where play is a filled triangle"


def test_the_policy_allows_one_script_and_one_style_sheet_by_hash(tmp_path: Path) -> None:
    text = page_of(tmp_path, [unjudged("tictactoe")])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy and "unsafe" not in policy[1] and policy[1].startswith("default-src 'none'; ")
    for kind, element in (("script-src", "script"), ("style-src", "style")):
        inside = re.search(rf"<{element}>(.*?)</{element}>", text, re.S)
        assert inside
        digest = b64encode(sha256(inside[1].encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy[1]


def test_what_was_said_can_neither_act_nor_leave_its_element(tmp_path: Path, hostile: MatchRecord) -> None:
    text = page_of(tmp_path, [hostile])
    assert "<script>alert" not in text and "<img" not in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202e]", text)
    said = " ".join(data_of(text)["texts"])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202e]", said), "nor when it is read"
    assert "<script>alert(1)</script>" in said and "‹U+202E›" in said and "␛[31m" in said


def test_text_that_could_end_the_data_or_is_no_letter_is_escaped() -> None:
    assert embedded("</script>&\u2028\ud83d") == '"\\u003c/script\\u003e\\u0026\\u2028\\ud83d"'
    assert json.loads(embedded("<\u2029")) == "<\u2029"


def test_a_long_text_is_cut_with_a_sentence(tmp_path: Path, hostile: MatchRecord) -> None:
    text = page_of(tmp_path, [hostile])
    longest = max(data_of(text)["texts"], key=len)
    assert longest.endswith("characters; the whole is in the record)")
    assert len(longest) < 12 * LONGEST, "what acts is longer by its name"


# What it tells


def test_a_ply_is_told_with_value_verdict_claim_and_attempts(tmp_path: Path) -> None:
    replies = tmp_path / "replies.jsonl"
    lines = [
        "Answer: 1\nStatus: X has won",
        "Answer: 1",
        "Answer: 2\nStatus: in play",
        "Answer: 3",
        "Answer: 4",
    ]
    replies.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    data = data_of(page_of(tmp_path, [played("tictactoe", f"replies:{replies}", "minimax?ties=first")]))
    (match,) = data["matches"]
    start, first, _, third, *_ = match["steps"]
    assert "plies" not in start and told(data, start["value"][1]) == "draw"
    (ply,) = first["plies"]
    assert first["events"] == ["wrong claim"]
    assert [told(data, n) for n in ply["claim"][:2]] == ["X has won", "in play"] and not ply["claim"][2]
    (ply,) = third["plies"]
    assert third["events"] == ["illegal"]
    assert told(data, ply["attempts"][0]["problem"]) == "illegal"
    assert told(data, ply["verdict"]).startswith(("optimal", "BLUNDER"))
    kinds = [told(data, value).split()[0] for _, value, _ in ply["values"]]
    assert len(kinds) == 7 and kinds == sorted(kinds, key=["win", "draw", "loss"].index), "the best first"


def test_both_plies_of_a_turn_are_one_step(tmp_path: Path) -> None:
    data = data_of(page_of(tmp_path, [played("goofspiel", "random", "minimax")]))
    assert [len(step.get("plies", ())) for step in data["matches"][0]["steps"]] == [0, 2, 2, 2]


def test_hidden_games_have_a_board_for_each_pair_of_eyes(tmp_path: Path) -> None:
    data = data_of(page_of(tmp_path, [played("kuhn", "random", "minimax"), unjudged("tictactoe")]))
    kuhn, plain = data["matches"]
    assert kuhn["hidden"] and not plain["hidden"]
    assert set(plain["steps"][0]["boards"]) == {"all"}
    boards = {view: data["boards"][numbers[1]] for view, numbers in kuhn["steps"][0]["boards"].items()}
    shown = {view: [data["shapes"][n][2] for n in board[3]] for view, board in boards.items()}
    assert "?" not in shown["all"] and shown["0"].count("?") == shown["1"].count("?") == 1


@pytest.mark.parametrize("name", GAMES)
def test_every_game_of_the_shelf_makes_a_page(tmp_path: Path, name: str) -> None:
    """Also where what was tried is no action at all."""
    record = unjudged(name)
    first, *others = record.plies
    tried = replace(first.attempts[0], action=WORST, problem=Problem.ILLEGAL)
    spoilt = replace(first, attempts=(tried, *first.attempts))
    text = page_of(tmp_path, [replace(record, plies=(spoilt, *others))])
    assert not Page(text).open
    data = data_of(text)
    for step in data["matches"][0]["steps"]:
        for numbers in step["boards"].values():
            assert all(data["boards"][number][3] for number in numbers), "nothing is drawn"


def test_the_end_is_told_of_whom_it_is_good_for() -> None:
    plain, points, alone = (parse_game(name) for name in ("tictactoe", "kalah", "sliding"))
    assert [end_words(plain, payoff) for payoff in (1, 0, -1)] == ["X has won", "draw", "O has won"]
    assert end_words(points, -8) == f"-8 for {points.seat_names[0]}"
    assert end_words(alone, -1) == f"-1 for {alone.seat_names[0]}"


def test_a_blunder_s_answer_is_told_once_in_its_step() -> None:
    shared, record = Shared(), played("tictactoe", "scripted:1,2,3", "scripted:4,7,8")
    story, steps = Story(record), match_data(record, 1, shared)["steps"]
    texts = list(shared.texts.numbers)
    told_ = [texts[step["answer"]] if "answer" in step else "" for step in steps]
    assert told_ == [story.answer(number) for number in range(len(steps))] and any(told_)


# Size and limits


def test_a_match_is_small_and_what_matches_share_stands_once(tmp_path: Path) -> None:
    run = Path(__file__).parent.parent / "results/reference/embedded"
    stream = stream_file(run)
    records = list(stream.records())
    sizes = {n: len(page_of(tmp_path, records[:n]).encode()) for n in (1, len(records))}
    assert sizes[1] < 100_000, "with prompts and all"
    assert sizes[len(records)] < 700_000
    texts = data_of(page_of(tmp_path, records[:9]))["texts"]
    assert len(texts) == len(set(texts))


def test_with_too_many_matches_those_with_something_to_see_come_first(tmp_path: Path) -> None:
    dull = [replace(played("tictactoe", "minimax", "minimax", pair=n), match_id=f"dull{n}") for n in range(3)]
    lively = [replace(played("tictactoe", "random", "minimax", pair=n), match_id=f"new{n}") for n in range(9)]
    lively = [record for record in lively if any(p.verdict and p.verdict.blunder for p in record.plies)][:2]
    text = page_of(tmp_path, [*dull, *lively], limit=3)
    assert [match["number"] for match in data_of(text)["matches"]] == [1, 4, 5]
    assert "3 of 5 matches are on this page" in text and "--match NUMBER" in text


def test_a_match_without_verdicts_and_one_that_broke_off_are_shown() -> None:
    record = unjudged("tictactoe")
    (start,) = match_data(replace(record, returns=None, plies=()), 1, Shared())["steps"]
    assert set(start) == {"boards"}, "a fault of the world before anything was played"
    data = match_data(replace(record, returns=None, plies=record.plies[:1]), 1, Shared())
    assert len(data["steps"]) == 2
    assert "value" not in data["steps"][1] and "values" not in data["steps"][1]["plies"][0]


# The command


def test_the_command_writes_a_page_and_says_so(tmp_path: Path) -> None:
    run_of(tmp_path, [unjudged("tictactoe"), unjudged("nim")])
    assert (
        printed("replay", ".", "--web", "new/all.html", cwd=tmp_path) == "2 matches written to new/all.html\n"
    )
    assert printed("replay", ".", "--web", "one.html", "--match", "2", cwd=tmp_path).startswith("1 match ")
    text = (tmp_path / "one.html").read_text("utf-8")
    assert [match["number"] for match in data_of(text)["matches"]] == [2]
    assert f"<title>match 2 of {tmp_path.name}: replay</title>" in text


def test_what_cannot_be_shown_is_refused_in_a_line(tmp_path: Path) -> None:
    run_of(tmp_path, [unjudged("tictactoe")])
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/matches.jsonl").touch()
    (tmp_path / "folder.html").mkdir()
    words: dict[tuple[str, ...], str] = {
        (".", "--web", "a.html", "--match", "2"): "there is no match 2 in ., which has 1 (arena show .",
        ("empty", "--web", "a.html"): "no matches in empty (arena show empty",
        ("nowhere", "--web", "a.html"): "no records at nowhere",
        (".", "--web", "matches.jsonl"): "a page ends in .html",
        (".", "--web", "folder.html"): "can't write a page to folder.html",
        (".", "--web", "matches.jsonl/a.html"): "can't write a page to matches.jsonl/a.html",
        (".",): "--web PAGE.html",  # what can be had without a display
    }
    for given, says in words.items():
        told_ = refused("replay", *given, cwd=tmp_path)
        assert says in told_ and told_.count("\n") == 1, told_


def test_lines_that_are_no_records_are_named_and_passed_over(tmp_path: Path) -> None:
    good = to_line(unjudged("tictactoe"))
    unknown = good.replace('"game":"tictactoe"', '"game":"ludo"').replace('"match_id":"', '"match_id":"x')
    (tmp_path / "matches.jsonl").write_text(f"{unknown}\n{good[:200]}\n{good}\n", "utf-8")
    done = arena("replay", ".", "--web", "a.html", cwd=tmp_path)
    assert done.returncode == 0 and "ludo" in done.stderr
    assert len(data_of((tmp_path / "a.html").read_text("utf-8"))["matches"]) == 1
