"""From a reply to an action: only the declared form is read, the last one wins, nothing is guessed.

The declared form is `Answer: ACTION`, and for the status of the board `Status: STATUS`. The marker stands
at the start of a line or of a sentence; case, markdown and full-width characters do not matter. It may read
`Final answer:` or `My answer:`. After it stands the action and nothing else in that sentence that could be
one; the game's noun may come first (`Answer: cell 5`). tests/data/replies.toml lists every accepted form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from games.base import Action, Game, NotationError
from games.status import statuses

_MARKUP = r"[\s*_`#>~|\"'({\[-]*"
_START = rf"(?:^{_MARKUP}|(?<=[.!?:;,])\s+{_MARKUP})"
_ANSWER = re.compile(rf"{_START}(?:(?:my|the)\s+)?(?:final\s+)?answer[*_`]*\s*:(?P<said>[^\n]*)", re.I | re.M)
_STATUS = re.compile(rf"{_START}(?:board\s+)?status[*_`]*\s*:(?P<said>[^\n]*)", re.I | re.M)
_BRACKETS = re.compile(r"\[(?P<said>[^\[\]\n]*)\]")
FORMS: Mapping[str, re.Pattern[str]] = {"line": _ANSWER, "brackets": _BRACKETS}
"""Answer forms by name: where a declared answer stands in a text."""

_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)|[\n(\[]")
_WRAPPING = "*_`~\"'“”‘’«»$<>[](){}\\"
_BOXED = re.compile(r"\\boxed\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read in a reply."""

    action: Action | None
    why: str = ""
    """Why there is no action."""
    claim: str | None = None
    """The stated status of the board after the move."""


def parse_reply(text: str, game: Game[Any], state: Any, form: str = "line") -> Parsed:
    """Read the declared answer and status in a reply. Legality is not looked at."""
    plain = unicodedata.normalize("NFKC", text)
    claim = _parse_status(plain, game)
    declared = _last(FORMS[form], plain)
    if declared is None:
        return Parsed(None, f"no declared answer ({_declared_form(form)}) in the reply", claim)
    try:
        return Parsed(_parse_action(declared, game, state), claim=claim)
    except NotationError as error:
        return Parsed(None, str(error), claim)


def _declared_form(form: str) -> str:
    return "a line 'Answer: ...'" if form == "line" else "an action in [brackets]"


def _last(pattern: re.Pattern[str], text: str) -> str | None:
    found = None
    for match in pattern.finditer(text):
        found = match["said"]
    return found


def _parse_action(said: str, game: Game[Any], state: Any) -> Action:
    sentence = _SENTENCE_END.split(_BOXED.sub(r"\1", said).strip(" \t" + _WRAPPING), maxsplit=1)[0]
    words = [word for word in re.split(r"[\s,/|&–—]+", sentence) if word.strip(_WRAPPING)]
    if words and words[0].casefold().strip(_WRAPPING) == game.action_noun:
        words = words[1:]
    if not words:
        raise NotationError(f"the answer {said.strip()!r} is empty")
    action = game.parse_action(state, _bare(words[0]))
    if any(_is_action(_bare(word), game, state) for word in words[1:]):
        raise NotationError(f"the answer {said.strip()!r} names more than one action")
    return action


def _bare(word: str) -> str:
    return word.strip(_WRAPPING).rstrip(".,:;!?").strip(_WRAPPING)


def _is_action(word: str, game: Game[Any], state: Any) -> bool:
    try:
        game.parse_action(state, word)
    except NotationError:
        return False
    return True


def _parse_status(text: str, game: Game[Any]) -> str | None:
    said = _last(_STATUS, text)
    if said is None:
        return None
    words = " ".join(re.findall(r"\w+", said)).casefold()
    return next((status for status in statuses(game) if status.casefold() == words), None)
