"""A person at the board: what a click means, what is seen, and what the record keeps."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from arena.cli.play import first_sight, seated
from arena.cli.sitting import Sitting, WindowHost, at_window
from arena.judging import judge_record
from arena.match import Event, MatchSpec, play_match
from arena.play.aim import areas_of, clicked, open_places
from arena.play.desk import Desk, WindowPlayer
from arena.play.ending import account, ending_words, moves_heading, moves_told, own_plies, result_words
from arena.play.opposite import Opposite
from arena.play.places import MORE, buttons_of, chip_areas, places_for
from arena.play.pointing import pointed
from arena.play.sight import Asked, Deed, Sight, advised, at_event, at_turn, chosen, pressed
from arena.play.table import changes, table
from arena.record import Ending, MatchRecord
from arena.record_stream import stream_file
from arena.replay.story import Story
from arena.run import match_config
from arena.runner import start_players
from arena.telling import ending_told
from arena.watch.telling import match_line
from games.base import Game, Seat
from games.registry import GAMES, parse_game
from games.solvers import Budget
from games.values import Value
from players.base import Player, PlayerError, Reply, Turn
from players.coach import ASKED, Coach
from players.human import HasLeft, HumanPlayer, ScriptedPlayer
from players.purse import Purse
from players.specs import make_player
from renderers.shapes import Shape, Words

SIZE = (1180, 760)
HIDDEN = [name for name in GAMES if parse_game(name).hidden]


def spec_of(game: str, seat: Seat = 0, against: str = "minimax") -> MatchSpec:
    parsed = parse_game(game)
    players = ("human",) if parsed.num_seats == 1 else (("human", against), (against, "human"))[seat]
    return MatchSpec(parsed.spec, players, 0)


def turns(game: str, seat: Seat = 0, seed: int = 1, most: int = 40) -> Iterator[tuple[Any, Turn]]:
    """The full states and turns of a seat in one match at random."""
    parsed, lot = parse_game(game), Random(seed)
    state = parsed.initial_state()
    for _ in range(most):
        if parsed.outcome(state) is not None:
            return
        legal = {s: parsed.legal_actions(state, s) for s in parsed.seats_to_move(state)}
        if seat in legal:
            yield state, Turn(parsed, parsed.observe(state, seat), seat, legal[seat], lot)
        followers = parsed.transitions(state, {s: lot.choice(actions) for s, actions in legal.items()})
        state = lot.choices([t.state for t in followers], [t.probability for t in followers])[0]


def sights(game: str, seat: Seat = 0, most: int = 40) -> Iterator[Sight]:
    """What a person sees at each of these turns."""
    sight = first_sight(spec_of(game, seat))
    for _, turn in turns(game, seat, most=most):
        sight = at_turn(sight, turn)
        yield sight


def shapes(sight: Sight, size: tuple[int, int] = SIZE) -> list[Shape]:
    """What is drawn; every line has room, so that no font is needed."""
    places = places_for(*size, over=sight.record is not None)
    return list(table(sight, places, lambda text, letter, width: (text,)))


def words(sight: Sight) -> str:
    return "\n".join(shape.text for shape in shapes(sight) if isinstance(shape, Words))


# Clicks ---------------------------------------------------------------------------------------------------


def by_clicks(sight: Sight, name: str) -> str | None:
    """Click as a person would who wants this action: its places, the last one again, then its chip."""
    places = places_for(*SIZE)
    boxes = dict(areas_of(sight.scene, places.board, places.margin))
    (choice,) = [choice for choice in sight.choices if choice.name == name]
    for label in choice.places:
        box = boxes[label]
        middle = (box.left + box.width / 2, box.top + box.height / 2)
        sight, asked = pointed(sight, places, middle)
        if asked is not None:
            return asked.name
    return by_chip(sight, name)


def by_chip(sight: Sight, name: str) -> str | None:
    """Turn the pages until the chip is there."""
    places = places_for(*SIZE)
    for _ in range(len(sight.legal) + 1):
        chips = dict(chip_areas(sight, places))
        box = chips.get(name) or chips.get(MORE)
        if box is None:
            return None
        sight, asked = pointed(sight, places, (box.left + 1, box.top + 1))
        if asked is not None:
            return asked.name
    return None


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("seat", [0, 1])
def test_every_legal_action_can_be_clicked_and_typed(game: str, seat: Seat) -> None:
    if seat >= parse_game(game).num_seats:
        return
    for sight in sights(game, seat, most=6):
        lot = Random(0)
        for name in lot.sample(sight.legal, min(len(sight.legal), 12)):
            assert by_clicks(sight, name) == name
            assert by_chip(sight, name) == name
            typed = replace(sight, typed=name)
            assert pressed(typed, "enter") == (typed, Asked(Deed.PLAY, name))


@pytest.mark.parametrize("game", GAMES)
def test_a_click_plays_nothing_that_is_not_legal(game: str) -> None:
    lot = Random(7)
    for sight in sights(game, most=3):
        for size in (SIZE, (480, 360), (700, 1100)):
            for _ in range(8):
                point = (lot.uniform(0, size[0]), lot.uniform(0, size[1]))
                after, asked = pointed(sight, places_for(*size), point)
                assert asked is None or asked.deed is not Deed.PLAY or asked.name in sight.legal
                assert shapes(replace(after, point=point), size)


def test_a_move_is_its_two_places_and_a_second_thought_costs_nothing() -> None:
    sight = next(sights("breakthrough"))
    pawn, other = (choice for choice in sight.choices if choice.name in ("a1a2", "b1c2"))
    begun, asked = chosen(sight, pawn.places[0])
    assert (begun.path, asked) == (("a1",), None)
    assert open_places(begun.choices, begun.path) == {"a2", "b2"}
    changed, asked = chosen(begun, other.places[0])
    assert (changed.path, asked) == (("b1",), None)
    assert chosen(changed, "c2")[1] == Asked(Deed.PLAY, "b1c2")
    assert chosen(changed, "b1")[0].path == ()


def test_several_actions_at_a_place_are_left_to_choose_from() -> None:
    sight = next(sights("nim"))
    begun, asked = chosen(sight, "B")
    assert asked is None
    assert begun.offered == ("B1", "B2", "B3", "B4")
    assert "choose beside the board" in begun.told
    kayles = next(sights("kayles")).choices
    assert clicked(kayles, ("1",), "2").name == "1-2"
    assert clicked(kayles, ("1",), "1").name == "1"


def test_what_is_typed_narrows_the_chips() -> None:
    sight = next(sights("mastermind"))
    for letter in "12":
        sight, _ = pressed(sight, letter)
    assert sight.offered == ("121", "122", "123", "124")
    refused, asked = pressed(sight, "enter")
    assert asked is None
    assert "'12' is no legal action" in refused.told
    assert pressed(sight, "backspace")[0].typed == "1"
    assert pressed(sight, "x")[0].offered == sight.legal, "what is no action hides none"
    assert pressed(sight, "escape")[0].typed == "", "what was begun is put back before one leaves"
    assert pressed(next(sights("mastermind")), "escape")[1] == Asked(Deed.LEAVE)


def test_arrows_play_where_actions_are_called_so() -> None:
    sight = next(sights("sokoban"))
    assert pressed(sight, sight.legal[0])[1] == Asked(Deed.PLAY, sight.legal[0])
    assert pressed(next(sights("tictactoe")), "left")[1] is None


def test_a_letter_that_begins_an_action_is_no_command() -> None:
    assert pressed(next(sights("tictactoe")), "c")[1] == Asked(Deed.COACH)
    kuhn = next(sights("kuhn"))
    assert pressed(kuhn, "c")[0].typed == "c"
    assert pressed(kuhn, "tab")[1] == Asked(Deed.COACH)
    assert next(b.text for b in buttons_of(kuhn, places_for(*SIZE))) == "coach (Tab)"


# What is seen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("game", GAMES)
def test_the_mouse_shows_where_an_action_would_go(game: str) -> None:
    for sight in sights(game, most=3):
        parsed: Game[Any] = sight.game
        for name in sight.legal[:6]:
            found = changes(parsed, sight.state, sight.seat, name)
            assert not (found and parsed.hidden)
    assert changes(parse_game("connect4"), parse_game("connect4").initial_state(), 0, "3") == {(0, 37): "X"}


@pytest.mark.parametrize("game", HIDDEN)
@pytest.mark.parametrize("seat", [0, 1])
def test_what_is_hidden_changes_nothing_that_is_seen(game: str, seat: Seat) -> None:
    """Deals that look the same to the seat look the same in the window, whoever is to move."""
    parsed = parse_game(game)
    if seat >= parsed.num_seats:
        return
    start = first_sight(spec_of(game, seat))
    seen: dict[str, list[Shape]] = {}
    twins = 0
    for number in range(60 if game != "mastermind" else 12):
        for state, turn in turns(game, seat, seed=number):
            key = parsed.format_state(turn.state)
            shown = shapes(at_turn(start, turn))
            twins += key in seen
            assert seen.setdefault(key, shown) == shown
            for mover in parsed.seats_to_move(state):
                event = Event(spec_of(game, seat), parsed, state, mover)
                told = at_event(start, event)
                assert told.state == start.state or told.state == parsed.observe(state, seat)
    assert twins


def test_what_the_other_replies_is_not_seen_before_the_turn_is_over() -> None:
    game = parse_game("rps")
    start = first_sight(spec_of("rps", 1))
    event = Event(spec_of("rps", 1), game, game.initial_state(), 0)
    asked = at_event(start, event)
    assert "thinks" in asked.waits_for
    assert at_event(asked, replace(event, reply=Reply(1, "paper"))) == asked


def test_the_coach_stands_in_the_cells_and_on_the_chips() -> None:
    sight = next(sights("tictactoe"))
    assert "D" not in words(sight).split()
    values = {name: Value(0, 9) for name in sight.legal} | {"5": Value(1, 3)}
    shown = words(advised(sight, values))
    assert "The coach: win in 3 with 5." in shown
    assert "5  W3" in shown


def test_text_of_others_shows_what_acts() -> None:
    sight = replace(next(sights("tictactoe")), players=("human", "evil\u202ename\x1b[31m"))
    assert "\u202e" not in words(sight)
    assert "\x1b" not in words(sight)


# Matches --------------------------------------------------------------------------------------------------


def match_at(desk: Desk, spec: MatchSpec, person: Callable[[], Any]) -> MatchRecord:
    """A match at the desk, beside somebody who does something again and again."""
    others = {name: Opposite(make_player(name), desk.left) for name in spec.players if name != "human"}
    players = [others.get(name) or WindowPlayer("human", desk) for name in spec.players]

    async def act() -> None:
        while True:
            person()
            await asyncio.sleep(0)

    async def play() -> MatchRecord:
        acting = asyncio.ensure_future(act())
        try:
            return await asyncio.wait_for(play_match(spec, players, desk.watch), 60)
        finally:
            acting.cancel()

    return asyncio.run(play())


def typist(desk: Desk, lot: Random) -> Callable[[], None]:
    """Types a legal action whenever it is asked for one."""

    def act() -> None:
        if desk.sight.to_move and not desk.sight.typed:
            for letter in lot.choice(desk.sight.legal):
                desk.key(letter)
            desk.key("enter")

    return act


@pytest.mark.parametrize(
    ("game", "seat"),
    [("tictactoe", 1), ("kuhn", 0), ("rps", 1), ("goofspiel", 0), ("pig(target=5)", 0), ("mastermind", 0)],
)
def test_a_match_at_the_desk(game: str, seat: Seat) -> None:
    spec = spec_of(game, seat, "random")
    desk = Desk(first_sight(spec), Coach())
    record = match_at(desk, spec, typist(desk, Random(3)))
    assert record.ending is Ending.COMPLETED
    assert all(not attempt.note for ply in record.plies for attempt in ply.attempts)
    assert record.configs[seat] == {"player": "human", "at": "window", "coach": False}
    desk.over(record, "results/run", judging=False)
    assert result_words(record, seat).split()[0] in words(desk.sight)
    assert "arena replay results/run" in words(desk.sight)


def test_the_record_says_where_the_coach_was_asked() -> None:
    spec = spec_of("tictactoe", 0, "random")
    desk = Desk(first_sight(spec), Coach())

    def person() -> None:
        sight = desk.sight
        if sight.to_move and not sight.history and sight.values is None:
            desk.key("c")
        elif sight.to_move:
            desk.key(sight.legal[0])
            desk.key("enter")

    record = match_at(desk, spec, person)
    notes = [ply.attempts[0].note for ply in record.plies if ply.seat == 0]
    assert notes[0] == ASKED
    assert not any(notes[1:])
    assert "coach asked: 1 time" in account(record, 0)
    assert "asked the coach" in "".join(told for told, _ in moves_told(record, 0))
    assert desk.sight.consulted == 1


def test_a_coach_who_does_not_know_says_so() -> None:
    spec = spec_of("chomp", 0, "random")
    desk = Desk(first_sight(spec), Coach(Budget(states=1, seconds=0.1)), always=True)
    told = set()

    def person() -> None:
        told.add(desk.sight.coach)
        if desk.sight.to_move and "does not know" in desk.sight.coach:
            desk.leave()

    record = match_at(desk, spec, person)
    assert any("the coach does not know: chomp is not solved" in text for text in told)
    assert record.ending is Ending.ERROR


@pytest.mark.parametrize("moves", [0, 1])
def test_who_leaves_has_not_lost(moves: int) -> None:
    spec = spec_of("tictactoe", 0, "random")
    desk = Desk(first_sight(spec), Coach())
    act = typist(desk, Random(1))

    def person() -> None:
        if sum(ply.seat == 0 for ply in desk.sight.history) >= moves and desk.sight.to_move:
            desk.key("escape")
        else:
            act()

    record = match_at(desk, spec, person)
    assert (record.ending, record.returns, record.reason) == (Ending.ERROR, None, "the human has left")
    assert len(record.plies) == 2 * moves
    assert result_words(record, 0) == "Not scored."


def test_one_may_leave_while_the_other_thinks() -> None:
    class Slow(ScriptedPlayer):
        async def choose(self, turn: Turn) -> Reply:
            await asyncio.sleep(60)
            return await super().choose(turn)

    async def play() -> MatchRecord:
        spec = spec_of("tictactoe", 1, "slow")
        desk = Desk(first_sight(spec), Coach())
        players = [Opposite(Slow("slow", ("1",)), desk.left), WindowPlayer("human", desk)]
        playing = asyncio.ensure_future(play_match(spec, players, desk.watch))
        while "slow (X) thinks" not in desk.sight.waits_for:
            await asyncio.sleep(0)
        assert "slow (X) thinks" in words(desk.sight)
        desk.leave()
        return await asyncio.wait_for(playing, 5)

    assert asyncio.run(play()).reason == "the human has left"


# The command ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("nogame",), "unknown game 'nogame'"),
        (("tictactoe", "--against", "nobody"), "unknown player 'nobody'"),
        (("tictactoe", "--against", "human"), "arena match human vs human"),
        (("tictactoe", "--seat", "third"), "there are: first, second, 1, 2, random"),
        (("sokoban", "--against", "minimax"), "a game of one seat"),
        (("tictactoe", "--window"), "play with --terminal"),
        (("tictactoe", "--terminal", "--out", "."), "holds a run already"),
    ],
)
def test_refusals_are_one_line(tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    (tmp_path / "config.json").write_text("{}")
    done = arena("play", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_seats() -> None:
    game, lot = parse_game("tictactoe"), Random(0)
    assert seated(game, None, "first", lot) == ("human", "minimax")
    assert seated(game, "random", "2", lot) == ("random", "human")
    assert {seated(game, None, "random", lot)[0] for _ in range(20)} == {"human", "minimax"}
    assert seated(parse_game("sokoban"), None, "first", lot) == ("human",)
    with pytest.raises(PlayerError, match="no seat '3'"):
        seated(game, None, "3", lot)


def arena(*words: str, cwd: Path, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    env = {name: value for name, value in os.environ.items() if name not in hidden} | more
    env["PYTHONPATH"] = str(Path(__file__).parent.parent)
    code = "import sys; sys.argv[0] = 'arena'; from arena.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *words],
        cwd=cwd, input=stdin, capture_output=True, text=True, timeout=120, env=env,
    )  # fmt: skip


def test_without_a_display_one_plays_in_the_terminal(tmp_path: Path) -> None:
    """Commands, a slip that costs nothing, a move that costs everything, and another match."""
    typed = "?\nboard\ncoach\nnine\n9\n9\nquit\n"
    words = ("play", "tictactoe(m=3,n=3,k=3)", "--against", "scripted:1,2,3", "--coach", "--out", "run")
    done = arena(*words, "--seat", "second", cwd=tmp_path, stdin=typed)
    assert done.returncode == 0, done.stderr
    for told in (
        "No window: there is no display. You play in the terminal.",
        "you are O against scripted:1,2,3",
        "commands: ? (this help), coach",
        "* 5  draw",
        "Not accepted: not an action: 'nine'",
        "The coach on your 9: optimal" if "* 9" in done.stderr else "better: 5",
        "Not accepted: 9 is not a legal action here",
        "X played 2.",
    ):
        assert told in done.stderr, told
    assert "Not scored. The human has left." in done.stdout
    (record,) = stream_file(tmp_path / "run").records()
    assert record.configs[1]["at"] == "terminal"
    assert [ply.attempts[0].note for ply in record.plies] == ["", ASKED, ""]


def test_the_seats_are_swapped_in_the_next_match(tmp_path: Path) -> None:
    words = ("play", "rps", "--against", "random", "--terminal", "--seed", "1", "--out", "run")
    done = arena(*words, cwd=tmp_path, stdin="rock\n\npaper\nq\n")
    assert done.returncode == 0, done.stderr
    assert "Again, with the seats swapped?" in done.stderr
    records = list(stream_file(tmp_path / "run").records())
    assert [record.players for record in records] == [("human", "random"), ("random", "human")]
    assert records[0].pair_id == records[1].pair_id
    assert json.loads((tmp_path / "run/config.json").read_text())["matches"] == 2
    assert "match 2" in arena("show", "run", cwd=tmp_path).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_no_board_beside_a_person_shows_the_other_s_card(tmp_path: Path) -> None:
    """`arena match` shows boards with everything on them, but not on the terminal of somebody who plays."""
    import pty

    ours, theirs = pty.openpty()
    code = "import sys; sys.argv[0] = 'arena'; from arena.cli import main; main()"
    words = [sys.executable, "-c", code, "match", "human", "vs", "random", "--game", "kuhn", "--games", "1"]
    env = dict(os.environ) | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen(words, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs, env=env):
        os.close(theirs)
        shown = b""
        while b"Your move" not in shown:
            shown += os.read(ours, 4096)
        time.sleep(0.5)  # a live view would have drawn itself by now
        os.write(ours, b"quit\n")
        with contextlib.suppress(OSError):  # the end of a terminal
            while more := os.read(ours, 4096):
                shown += more
    os.close(ours)
    before = shown.partition(b"not scored: the human has left")[0].decode()
    assert "?" in before
    assert sum(f"|   {card}    |" in before for card in "JQK") == 1, before


WINDOW = """
import asyncio, os, sys
os.environ["SDL_VIDEODRIVER"] = "dummy"
import pygame
import arena.play.pump as pump_module
from arena.play.places import places_for, chip_areas, buttons_of

plain, number = pump_module.pass_on, [0]

async def person(desk, size):
    '''Clicks the first chip of every turn, plays a second match, and closes the window.'''
    ends = 0
    while ends < 2:
        await asyncio.sleep(0.01)
        sight = desk.sight
        places = places_for(*size, over=sight.record is not None)
        if sight.to_move:
            box = chip_areas(sight, places)[0][1]
            click(box)
            while (desk.sight.legal, desk.sight.history) == (sight.legal, sight.history):
                await asyncio.sleep(0.01)
        elif sight.record is not None and not sight.judging:
            ends += 1
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_RETURN, unicode="\\r"))
            while desk.sight.record is not None:
                await asyncio.sleep(0.01)
                if ends == 2:
                    break
    pygame.event.post(pygame.event.Event(pygame.QUIT))

def click(box):
    pos = (box.left + 2, box.top + 2)
    pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=pos, rel=(0, 0), buttons=(0, 0, 0)))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=pos, button=1))

inner = pump_module.pump

async def pump(screen, desk):
    acting = asyncio.ensure_future(person(desk, screen.size))
    try:
        await inner(screen, desk)
    finally:
        acting.cancel()

pump_module.pump = pump
sys.argv = ["arena", *sys.argv[1:]]
from arena.cli import main
main()
"""


def test_two_matches_in_the_window(tmp_path: Path) -> None:
    """The whole command on a display that shows nothing: clicks, Enter for another match, closing."""
    words = ("play", "tictactoe", "--against", "random", "--window", "--out", "run", "--theme", "dark")
    env = dict(os.environ) | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WINDOW, *words],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, env=env,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    records = list(stream_file(tmp_path / "run").records())
    first, second, *rest = records
    assert [r.players for r in (first, second)] == [("human", "random"), ("random", "human")]
    assert {r.ending for r in (first, second)} == {Ending.COMPLETED}
    assert all(ply.verdict for record in (first, second) for ply in record.plies)
    assert all(record.ending is Ending.ERROR for record in rest)
    assert done.stdout.count("Record: run") >= 2


# Getting ready --------------------------------------------------------------------------------------------


def sitting_at(folder: Path, desk: Desk, player: Player, instead: Player | None = None) -> Sitting:
    """A person and somebody else, at tic-tac-toe."""

    def one(other: Player) -> Sitting:
        config = match_config("tictactoe", ("human", other.name), 1, 0)
        seats = {other.name: Opposite(other, desk.left), "human": WindowPlayer("human", desk)}
        return Sitting(config, folder, seats, Purse())

    return replace(one(player), instead=one(instead) if instead else None)


class Unable(ScriptedPlayer):
    """Can't play anything; finds out after a while."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__("unable", ())
        self._seconds = seconds

    async def start(self, game: Game[Any]) -> None:
        await asyncio.sleep(self._seconds)
        raise PlayerError("unable can't play this")


def at_a_window(sitting: Sitting, desk: Desk, person: Callable[[], None]) -> None:
    """The sitting at a window of which only the desk is there."""

    async def look(screen: object, desk: Desk) -> None:
        while True:
            person()
            await asyncio.sleep(0.01)

    host = WindowHost(desk, sitting.folder, first_sight)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("arena.play.pump.pump", look)
        asyncio.run(asyncio.wait_for(at_window(sitting, host, desk, None), 20))  # type: ignore[arg-type]


def test_who_cannot_play_is_replaced_and_that_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(first_sight(spec_of("tictactoe", 0, "unable")), Coach())
    seen: set[str] = set()

    def person() -> None:
        if desk.sight.to_move:
            seen.update(words(desk.sight).splitlines())
            desk.leave()

    at_a_window(sitting_at(tmp_path, desk, Unable(), make_player("greedy")), desk, person)
    told = "unable can't play this. greedy plays instead; --against names another player."
    assert told in seen
    assert told in capsys.readouterr().err
    (record,) = stream_file(tmp_path).records()
    assert record.players == ("human", "greedy")


def test_why_nothing_can_be_played_stands_in_the_window_until_a_key(tmp_path: Path) -> None:
    desk = Desk(first_sight(spec_of("tictactoe", 0, "unable")), Coach())
    seen: list[str] = []

    def person() -> None:
        if desk.sight.failed:
            seen.append(words(desk.sight))
            desk.key("x")

    with pytest.raises(PlayerError, match="unable can't play"):
        at_a_window(sitting_at(tmp_path, desk, Unable()), desk, person)
    assert "unable can't play this" in seen[0]
    assert "Any key closes the window." in seen[0]


def test_who_leaves_while_others_get_ready_leaves_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(first_sight(spec_of("tictactoe", 0, "unable")), Coach(), always=True)
    began = time.monotonic()
    at_a_window(sitting_at(tmp_path, desk, Unable(60)), desk, lambda: desk.key("escape"))
    assert time.monotonic() - began < 1
    assert "You left before the match began: nothing of it is recorded." in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


# Displays -------------------------------------------------------------------------------------------------

GONE = {"DISPLAY": ":5555", "XDG_RUNTIME_DIR": ""}
"""A display whose server has ended, as an old shell names it."""


def test_a_display_that_is_gone_is_none(tmp_path: Path) -> None:
    done = arena("play", "tictactoe", "--out", "run", cwd=tmp_path, stdin="quit\n", **GONE)
    assert done.returncode == 0, done.stderr
    told, *_ = done.stderr.splitlines()
    assert told == "No window: there is no display to open a window on. You play in the terminal."


@pytest.mark.parametrize("words", [("play", "tictactoe"), ("watch", "run"), ("replay", "run/run")])
def test_a_window_on_a_display_that_is_gone_is_refused_in_a_line(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    arena("play", "tictactoe", "--terminal", "--out", "run/run", cwd=tmp_path, stdin="quit\n")
    asked = () if words[0] == "replay" else ("--window",)
    done = arena(*words, *asked, cwd=tmp_path, **GONE)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "there is no display to open a window on" in done.stderr


def test_the_coach_speaks_before_the_question_in_the_terminal(tmp_path: Path) -> None:
    words = ("play", "tictactoe", "--against", "random", "--terminal", "--coach", "--out", "run")
    done = arena(*words, cwd=tmp_path, stdin="5\nquit\n")
    board, coach, question = (done.stderr.index(text) for text in ("| 7 |", "The coach, * is", "Your move"))
    assert board < coach < question
    (record,) = stream_file(tmp_path / "run").records()
    assert record.plies[0].attempts[0].note == ASKED


def test_a_coach_who_does_not_know_is_not_noted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    human = HumanPlayer("human", coach=True)
    monkeypatch.setattr(human, "_advice", Coach(Budget(states=1, seconds=0.1)))
    _, turn = next(turns("chomp"))
    monkeypatch.setattr(
        "sys.stdin", io.StringIO(f"coach\n{turn.game.format_action(turn.state, turn.legal_actions[0])}\n")
    )
    reply = asyncio.run(human.choose(turn))
    assert reply.note == ""
    assert "the coach does not know" in capsys.readouterr().err


def test_who_pipes_the_input_plays_in_the_terminal(tmp_path: Path) -> None:
    """On a display that can be had: what is piped would not be heard at a window."""
    pytest.importorskip("pygame")
    done = arena("play", "tictactoe", "--out", "run", cwd=tmp_path, stdin="quit\n", SDL_VIDEODRIVER="dummy")
    assert done.returncode == 0, done.stderr
    assert "No window: the input is no terminal. You play in the terminal." in done.stderr


def test_the_order_of_the_moves_is_told() -> None:
    spec = spec_of("tictactoe", 0, "greedy")
    lost = ("2", "1", "4", "6", "8", "3", "5", "7", "9")
    players = [ScriptedPlayer("human", lost), make_player("greedy")]
    judged = judge_record(asyncio.run(play_match(spec, players)))
    plies = own_plies(judged, 0)
    assert any(ply.verdict and ply.verdict.regret for ply in plies)
    numbers = [told.split(":")[0] for told, _ in moves_told(judged, 0)]
    in_order = numbers == [f"ply {ply.number + 1}" for ply in plies]
    assert moves_heading(judged, 0) == ("" if in_order else "Your moves, the dearest first:")


def test_who_has_left_made_no_error() -> None:
    spec = spec_of("tictactoe", 0, "random")
    desk = Desk(first_sight(spec), Coach())
    record = match_at(desk, spec, lambda: desk.key("escape"))
    assert ending_told(record) == Story(record).ending == "not scored: the human has left"
    assert match_line(record, 1).count("not scored: the human has left") == 1
    assert ending_words(record) == "The human has left."
    assert ending_told(replace(record, reason="down")) == "error: down"


def test_who_goes_while_players_get_ready_is_no_player_who_cannot_play() -> None:
    async def start() -> None:
        left = asyncio.Event()
        left.set()
        slow = Opposite(Unable(60), left)
        await start_players(match_config("tictactoe", ("human", "unable"), 1), {"unable": slow})

    with pytest.raises(HasLeft):
        asyncio.run(start())
