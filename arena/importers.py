"""Other people's logs as records, so that the referee can judge them.

llm-game-benchmark: the CSV files of moves that research-outcome/LLM-Game-Benchmark publishes (MIT),
`outputs/*_all_moves.csv`. One row is one attempt; rows and columns count from 1; player 1 plays X.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from arena.match import versions
from arena.record import FORFEITS, SCHEMA, Attempt, Ending, MatchRecord, Ply, Rules
from arena.run import CONFIG
from games.base import Game, GameError
from games.registry import parse_game
from games.status import status_after
from players.base import Problem

Row = Mapping[str, str]

LLM_GAME_BENCHMARK_GAMES = {
    "tic-tac-toe": "tictactoe",
    "connect-four": "connect4",
    "gomoku": "tictactoe(m=15,n=15,k=5)",
}
PROBLEMS = {
    "Already Taken": Problem.ILLEGAL,
    "Out of Bounds": Problem.UNPARSABLE,
    "Invalid Format": Problem.UNPARSABLE,
}
"""MoveOutcome of an attempt that was not accepted -> the problem it is here."""


class LogError(ValueError):
    """A log is not what its format says; the message names the file, the game and the reason."""


def import_llm_game_benchmark(path: Path) -> Iterator[MatchRecord]:
    """The matches of a moves file, in its order. LogError if a match can't be what the file says it is."""
    for key, rows in groupby(_rows(path), key=_match_key):
        match = list(rows)
        try:
            yield _Imported(match, key).record()
        except (GameError, KeyError, ValueError, TypeError) as error:  # TypeError: a row that is too short
            raise LogError(f"{path.name}, game {'/'.join(key)}: {error}") from error


FORMATS: Mapping[str, Callable[[Path], Iterator[MatchRecord]]] = {
    "llm-game-benchmark": import_llm_game_benchmark,
}


def write_import(folder: Path, path: Path, form: str, records: Sequence[MatchRecord]) -> None:
    """A config.json that says where the records of a folder come from; such a run can't be gone on with."""
    config = {
        "imported": {"format": form, "file": path.name, "sha256": _digest(path)},
        "games": sorted({record.game for record in records}),
        "players": sorted({name for record in records for name in record.players}),
        "matches": len(records),
        "versions": versions(),
        "schema": SCHEMA,
    }
    try:
        text = json.dumps(config, indent=2, ensure_ascii=False)
        (folder / CONFIG).write_text(text + "\n", encoding="utf-8", errors="replace")
    except OSError as error:
        raise LogError(f"can't write to {folder}: {error.strerror or error}") from error


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _rows(path: Path) -> Iterator[Row]:
    csv.field_size_limit(sys.maxsize)  # replies are long
    wanted = {"UUID", "GameNumber", "Player1", "Player2", "Result", "MovePlayer", "MoveRow", "MoveOutcome"}
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if lacking := wanted - set(reader.fieldnames or ()):
            raise LogError(
                f"{path.name} has no column {sorted(lacking)[0]!r}; is it an *_all_moves.csv file?"
            )
        yield from reader


def _match_key(row: Row) -> tuple[str, ...]:
    return (row["UUID"], row["GameNumber"], row["Player1"], row["Player2"], row["DateTime"])


class _Imported:
    """One match of a moves file, played over again."""

    def __init__(self, rows: list[Row], key: tuple[str, ...]) -> None:
        self.rows = rows
        self.key = key
        self.first = rows[0]
        kind = self.first["GameType"]
        if kind not in LLM_GAME_BENCHMARK_GAMES:
            raise LogError(f"unknown GameType {kind!r}; known: {', '.join(LLM_GAME_BENCHMARK_GAMES)}")
        self.game: Game[Any] = parse_game(LLM_GAME_BENCHMARK_GAMES[kind])
        self.by_column = kind == "connect-four"
        self.state = self.game.initial_state()
        self.plies: list[Ply] = []

    def record(self) -> MatchRecord:
        attempts: list[Attempt] = []
        for row in self.rows:
            attempts.append(self._attempt(row))
            if attempts[-1].problem is None:
                self._accept(attempts)
                attempts = []
        if attempts:
            self._note(None, attempts)
        first = self.first
        return MatchRecord(
            match_id=hashlib.sha256("/".join(self.key).encode()).hexdigest()[:16],
            pair_id="-".join(sorted((first["Player1"], first["Player2"]))) + "/" + first["GameNumber"],
            game=self.game.spec,
            players=(first["Player1"], first["Player2"]),
            configs=({"player": first["Player1"]}, {"player": first["Player2"]}),
            opening=(),
            seed=0,
            rules=Rules(attempts=0),
            plies=tuple(self.plies),
            final_state=self.game.format_state(self.state),
            started=first["DateTime"],
            source={
                "format": "llm-game-benchmark",
                "uuid": first["UUID"],
                "game_number": first["GameNumber"],
                "prompt": f"{first['PromptType']} {first['PromptVersion']}",
                "result": first["Result"],
            },
            **self._ending(),
        )

    @property
    def seat(self) -> int:
        seats = self.game.seats_to_move(self.state)
        if not seats:
            raise LogError("moves go on after the end of the game")
        return seats[0]

    def _attempt(self, row: Row) -> Attempt:
        if int(row["MovePlayer"]) != self.seat + 1:
            raise LogError(f"move {row['MoveNumber']} is player {row['MovePlayer']}'s out of turn")
        outcome = row["MoveOutcome"]
        if outcome != "Valid" and outcome not in PROBLEMS:
            raise LogError(f"unknown MoveOutcome {outcome!r}")
        problem = PROBLEMS.get(outcome)
        action = None if problem is Problem.UNPARSABLE else self._notation(row)
        return Attempt(row["Response"], action, problem, outcome if problem else "", None, 0.0)

    def _notation(self, row: Row) -> str:
        column = int(row["MoveCol"])
        if self.by_column:
            return str(column)
        columns = self.game.layout(self.state)[0].columns
        return str((int(row["MoveRow"]) - 1) * columns + column)

    def _accept(self, attempts: list[Attempt]) -> None:
        notation = attempts[-1].action or ""
        action = self.game.parse_action(self.state, notation)
        seat, before = self.seat, self.state
        self.state = self.game.transitions(before, {seat: action})[0].state
        self._note(notation, attempts, seat, before)

    def _note(
        self, notation: str | None, attempts: list[Attempt], seat: int | None = None, before: Any = None
    ) -> None:
        state = self.state if before is None else before
        acting = self.seat if seat is None else seat
        status = None
        if notation is not None:
            status = status_after(self.game, state, acting, self.game.parse_action(state, notation))
        self.plies.append(
            Ply(len(self.plies), acting, self.game.format_state(state), notation, tuple(attempts), status)
        )

    def _ending(self) -> dict[str, Any]:
        """How the match ended, by our rules, which must agree with what the file says."""
        said = self.first["Result"]
        outcome = self.game.outcome(self.state)
        if outcome is not None:
            ours = {1.0: "winner1st", -1.0: "winner2nd", 0.0: "draw"}[outcome.returns[0]]
            if said != ours:
                raise LogError(f"the file says {said!r}, the board says {ours!r}")
            return {"ending": Ending.COMPLETED, "returns": outcome.returns, "reason": outcome.reason}
        if said.startswith("disqualified"):
            culprit = 0 if said == "disqualified1st" else 1
            problem = self.plies[-1].attempts[-1].problem or Problem.ILLEGAL
            returns = (-1.0, 1.0) if culprit == 0 else (1.0, -1.0)
            reason = f"{said}: too many attempts that were not accepted"
            return {"ending": FORFEITS[problem], "returns": returns, "reason": reason, "culprit": culprit}
        if said == "networkerror":
            return {"ending": Ending.ERROR, "returns": None, "reason": "network error"}
        raise LogError(f"the file says {said!r}, but the board is still in play")
