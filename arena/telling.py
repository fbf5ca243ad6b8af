"""What a ply was worth and what was said of it, in words: the same on terminals, in reports and replays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from arena.record import Attempt, Ending, MatchRecord, Ply
from arena.referee import Verdict, parsed_values
from games.values import Result, Value, parse_value
from players.base import LEFT
from renderers.scene import Tone

MARKS: Mapping[Tone, str] = {
    Tone.OPTIMAL: "ok",
    Tone.WEAKER: "~",
    Tone.REGRET: "?",
    Tone.BLUNDER: "??",
    Tone.ILLEGAL: "#",
    Tone.PLAYED: "-",
}
"""What stands for a turn where there is no room for words; in letters that every font has."""


def has_left(record: MatchRecord) -> bool:
    """Whether a person went, which is an ERROR of nobody's making."""
    return record.ending is Ending.ERROR and record.reason.startswith(LEFT)


def ending_told(record: MatchRecord) -> str:
    """How a match ended and why: 'completed: X has won', or 'not scored: the human has left'."""
    return f"{'not scored' if has_left(record) else record.ending.value}: {record.reason}"


def tone_of(ply: Ply) -> Tone:
    """What the accepted action was; ILLEGAL where there was none."""
    if ply.action is None:
        return Tone.ILLEGAL
    verdict = ply.verdict
    if verdict is None:
        return Tone.PLAYED
    if verdict.blunder:
        return Tone.BLUNDER
    if verdict.regret:
        return Tone.REGRET
    return Tone.WEAKER if verdict.plies_lost else Tone.OPTIMAL


def verdict_words(ply: Ply) -> str:
    """The verdict in a line; why there is none; '' where nothing was done."""
    verdict = ply.verdict
    if verdict is None:
        return f"not judged: {ply.unjudged}" if ply.unjudged else ""
    best, played = (value_words(parse_value(text)) for text in (verdict.best, verdict.played))
    if verdict.regret:
        word = "BLUNDER" if verdict.blunder else "regret"
        return f"{word}: {best} -> {played} (regret {verdict.regret:.3g})"
    if verdict.plies_lost:
        return f"{plies_lost_words(verdict)}: {best} -> {played}"
    return f"optimal: {played}"


def plies_lost_words(verdict: Verdict) -> str:
    """What was lost where the result is kept: 'win 2 plies later', 'loss 1 ply sooner'."""
    result = parse_value(verdict.played).result
    plies = "1 ply" if verdict.plies_lost == 1 else f"{verdict.plies_lost} plies"
    return f"{result} {plies} {'sooner' if result is Result.LOSS else 'later'}"


def notes_of(ply: Ply) -> Mapping[str, str]:
    """The value of every action, in short; nothing without a verdict."""
    values = parsed_values(ply.verdict) if ply.verdict else {}
    return {name: short_value(value) for name, value in values.items()}


def short_value(value: Value) -> str:
    """A value in a cell: W3 (win in 3), D, L2, or a score such as +8, in three digits."""
    if value.plies is None:
        return f"{value.payoff:+.3g}"
    return "D" if value.payoff == 0 else f"{value.result[0].upper()}{value.plies}"


def value_words(value: Value) -> str:
    """A value in a sentence: 'win in 3', or a score in three digits, which tell what was lost."""
    return str(value) if value.plies is not None else f"{value.payoff:+.3g}"


def claim_words(ply: Ply) -> str:
    """What the player said of the board beside the truth; '' where nothing was claimed."""
    if ply.claim is None or ply.status is None:
        return ""
    return f"claims: {ply.claim}; " + ("right" if is_claim_right(ply) else f"WRONG, it is: {ply.status}")


def is_claim_right(ply: Ply) -> bool:
    """Whether nothing false was claimed."""
    return ply.claim is None or ply.status is None or ply.claim == ply.status


def reasoning_of(attempt: Attempt) -> str:
    """What the model thought before its reply; '' where none is known."""
    return str((attempt.completion or {}).get("reasoning") or "")


def prompt_of(attempt: Attempt) -> str:
    """Every message that was sent for the attempt, below its role; '' for players that are asked nothing."""
    request = (attempt.completion or {}).get("request") or {}
    messages = request.get("messages") or request.get("input") or ()
    parts = [request["instructions"]] if isinstance(request.get("instructions"), str) else []
    return "\n\n".join(
        [*parts, *(f"[{m.get('role', '')}]\n{_content(m)}" for m in messages if isinstance(m, dict))]
    )


def _content(message: dict[str, Any]) -> str:
    content = message.get("content", "")
    return content if isinstance(content, str) else "\n".join(_parts(content))


def _parts(content: Any) -> Iterator[str]:
    """The texts of a message of several parts; a picture by a word."""
    for part in content if isinstance(content, list) else ():
        if isinstance(part, dict):
            yield str(part["text"]) if "text" in part else "(a picture)"
