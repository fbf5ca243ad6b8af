"""Records as flat tables: which columns there are, what each means, and the rows of one record.

The one list of columns makes the rows, the Parquet schema and the page that explains them (docs/export.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from arena.record import Attempt, MatchRecord, Ply
from arena.spending import answers, quantity_of
from games.values import parse_value

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a table."""

    name: str
    type: str
    """text, int, float or bool; any may be null where the meaning says so."""
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A flat table: its columns, and the rows that a record gives."""

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[MatchRecord], Iterator[Row]]


def _columns(text: str) -> tuple[Column, ...]:
    """Columns from lines of 'name type meaning'."""
    return tuple(Column(*line.split(maxsplit=2)) for line in text.strip().splitlines())


MATCH_COLUMNS = _columns("""
match_id           text   The match; the key of this table
pair_id            text   Shared by the two matches with the seats swapped: the unit of statistics
game               text   The game's spec
player_0           text   Who sits in seat 0, which moves first
player_1           text   Who sits in seat 1; null in a game of one seat
ending             text   Why it stopped: completed, a kind of forfeit, ply limit or error
returns_0          float  The return of seat 0; null where the match is not scored
returns_1          float  The return of seat 1; null where the match is not scored or there is one seat
culprit            int    The seat whose fault the ending is; null if nobody's
reason             text   The ending in words
lasting            bool   A fault of the world that the same configuration will meet again
plies              int    Turns taken, of each seat one by one
opening            text   Actions before the players started, separated by spaces
final_state        text   The last state, in notation
attempts_allowed   int    Replies a player may give for one turn
seconds_per_turn   float  Time for one reply; null for no limit
seed               int    The match's own seed
started            text   UTC, ISO 8601
seconds            float  Wall time of the match
config_0           text   JSON: the full configuration of seat 0's player
config_1           text   JSON: the full configuration of seat 1's player; null in a game of one seat
versions           text   JSON: what played it
source             text   JSON: for imported matches, where they come from
schema             int    Of the record
""")
PLY_COLUMNS = _columns("""
match_id      text   The match
ply           int    Counts from 0, each seat of a simultaneous turn for itself; with match_id the key
pair_id       text   The pair of the match
game          text   The game's spec
number        int    The turn; the same for seats that move at once
seat          int    Who was to move
player        text   Who sits there
state         text   The state before the action, in notation
action        text   The accepted action, in notation; null if none was
attempts      int    Replies given for this turn
first_ok      bool   The first reply was accepted
seconds       float  Time of all replies
claim_asked   bool   The player was asked to state the status of the board after its action
claim         text   The status that it stated; null if it stated none
status        text   The true status after the action; null where it was not the action's alone to decide
judged        bool   There is a verdict; what follows is null where there is none
best_payoff   float  The payoff under best play
best_plies    int    Plies to the end under best play (proof depth); null where values have none
played_payoff float  The payoff after the action that was played
played_plies  int    Plies to the end after it; null where values have none
regret        float  Best payoff minus played payoff
plies_lost    int    With the payoff kept: plies by which a win comes later or a loss sooner; else null
optimal       bool   No payoff was given away
blunder       bool   The result class fell
choice        bool   The legal actions differ in payoff; other turns say nothing of skill
legal_actions int    How many legal actions there were
best_actions  text   Every action that reaches the best value, separated by spaces
values        text   JSON: the value of every legal action, as payoff@plies
unjudged      text   Why an accepted action has no verdict; null where it has one
""")
ATTEMPT_COLUMNS = _columns("""
match_id          text   The match
ply               int    The ply of the match
attempt           int    Counts the replies of the turn from 0; with match_id and ply the key
game              text   The game's spec
seat              int    Who replied
player            text   Who sits there
text              text   The reply, word for word
action            text   The action read in it, also where it is illegal; null if none was
problem           text   truncated, empty, unparsable, illegal or timeout; null where it was accepted
why               text   The problem in words
claim             text   The status of the board that it states; null if none
seconds           float  Time of the reply
reasoning         text   What the provider shows of the model's thinking; null if nothing
finish_reason     text   As the provider said
model             text   As the provider said
answers           int    Answers of a model that the reply took; 0 for baselines
prompt_tokens     int    Over all answers, as the provider counted; null where not known of all
completion_tokens int    Over all answers, as the provider counted; null where not known of all
reasoning_tokens  int    Over all answers, as the provider counted; null where not known of all
dollars           float  Over all answers; null where not known of all
latency_s         float  Seconds of the request that succeeded; null where there was none
tries             int    Requests until one succeeded; null where there was none
note              text   How several answers became one reply; null where one was enough
completion        text   JSON: all that the completer reported, the request as sent too; null for baselines
""")


def _match_rows(record: MatchRecord) -> Iterator[Row]:
    two = len(record.players) > 1
    returns = record.returns or (None, None)
    yield {
        **{name: getattr(record, name) for name in ("match_id", "pair_id", "game", "reason", "culprit")},
        **{name: getattr(record, name) for name in ("lasting", "final_state", "seed", "started", "seconds")},
        "player_0": record.players[0],
        "player_1": record.players[1] if two else None,
        "ending": str(record.ending),
        "returns_0": returns[0],
        "returns_1": returns[1] if two else None,
        "plies": len(record.plies),
        "opening": " ".join(record.opening),
        "attempts_allowed": record.rules.attempts,
        "seconds_per_turn": record.rules.seconds_per_turn,
        "config_0": _json(record.configs[0]),
        "config_1": _json(record.configs[1]) if two else None,
        "versions": _json(record.versions),
        "source": _json(record.source),
        "schema": record.schema,
    }


def _ply_rows(record: MatchRecord) -> Iterator[Row]:
    for index, ply in enumerate(record.plies):
        style = record.configs[ply.seat].get("style") or {}
        yield {
            **{name: getattr(record, name) for name in ("match_id", "pair_id", "game")},
            **{name: getattr(ply, name) for name in ("number", "seat", "state", "action", "claim", "status")},
            "ply": index,
            "player": record.players[ply.seat],
            "attempts": len(ply.attempts),
            "first_ok": ply.attempts[0].problem is None,
            "seconds": sum(attempt.seconds for attempt in ply.attempts),
            "claim_asked": bool(style.get("status", False)),
            "judged": ply.verdict is not None,
            "unjudged": ply.unjudged or None,
            **_verdict_fields(ply),
        }


def _verdict_fields(ply: Ply) -> Row:
    verdict = ply.verdict
    if verdict is None:
        return {}
    best, played = parse_value(verdict.best), parse_value(verdict.played)
    kept = ("regret", "plies_lost", "optimal", "blunder", "choice")
    return {
        **{name: getattr(verdict, name) for name in kept},
        "best_payoff": best.payoff,
        "best_plies": best.plies,
        "played_payoff": played.payoff,
        "played_plies": played.plies,
        "legal_actions": len(verdict.values),
        "best_actions": " ".join(verdict.best_actions),
        "values": _json(verdict.values),
    }


def _attempt_rows(record: MatchRecord) -> Iterator[Row]:
    for index, ply in enumerate(record.plies):
        where = {
            "match_id": record.match_id,
            "game": record.game,
            "ply": index,
            "seat": ply.seat,
            "player": record.players[ply.seat],
        }
        for number, attempt in enumerate(ply.attempts):
            yield {**where, "attempt": number, **_attempt_fields(attempt)}


def _attempt_fields(attempt: Attempt) -> Row:
    facts = attempt.completion or {}
    amounts = ("prompt_tokens", "completion_tokens", "reasoning_tokens", "dollars")
    return {
        **{name: getattr(attempt, name) for name in ("text", "action", "why", "claim", "seconds")},
        **{name: _only(facts.get(name), str) for name in ("reasoning", "finish_reason", "model")},
        **{name: quantity_of([attempt], name) for name in amounts},
        "answers": len(answers(attempt)),
        "note": attempt.note or None,
        "problem": None if attempt.problem is None else str(attempt.problem),
        "latency_s": _only(facts.get("latency_s"), int, float),
        "tries": _only(facts.get("tries"), int),
        "completion": None if attempt.completion is None else _json(facts),
    }


def _only(value: Any, *kinds: type) -> Any:
    """A fact that somebody else reported, if it is of the kind that its column holds."""
    return value if isinstance(value, kinds) else None


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


TABLES = (
    Table("matches", "One row a match.", MATCH_COLUMNS, _match_rows),
    Table("plies", "One row for each turn of each seat, with its verdict.", PLY_COLUMNS, _ply_rows),
    Table("attempts", "One row for each reply, accepted or not.", ATTEMPT_COLUMNS, _attempt_rows),
)


def fields_page(table: Table) -> str:
    """The columns of a table in Markdown, as docs/export.md holds them."""
    lines = ["| field | type | meaning |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{c.name}` | {c.type} | {c.meaning} |" for c in table.columns)])
