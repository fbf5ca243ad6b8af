"""From a reply to an action: only the declared form is read, the last one wins, nothing is guessed.

The declared form is `Answer: ACTION`, and for the status of the board `Status: STATUS`. The marker stands
at the start of a line, a table cell or a sentence (one that follows `.`, `!`, `?` or `;`) and may read
`Final answer:`, `My answer:` or `The answer:`; case, markdown, invisible and full-width characters do not
matter. Behind it, on the same line, stands the action, plain or wrapped (**5**, [5], <5>, "5", \\boxed{5});
the game's noun may come before it (`Answer: cell 5`) and a remark in parentheses after it. The rest of its
sentence may explain, but names no other action and no other number. A question (`3?`) is no answer.
tests/data/replies.toml shows every accepted form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from games.base import Action, Game, NotationError
from games.status import statuses

LONGEST_ANSWER = 500
"""Characters; the sentence of an answer that is longer names no action."""

_MARKS = r"(?:[^\w\n]|_)"
"""Anything but words: spaces, markdown, bullets, quotes, arrows."""
_START = rf"(?:^{_MARKS}*+|[.!?;|](?:[^\w\n.!?;|]|_)++)"
_ANSWER = re.compile(rf"{_START}(?:(?:my|the) )?(?:final )?answer[*_`]* ?:", re.I | re.M)
_STATUS = re.compile(rf"{_START}(?:board )?status[*_`]* ?:", re.I | re.M)
_BRACKETS = re.compile(r"\[([^\[\]\n]*)\]")

_SENTENCE_END = re.compile(r"[.!;](?=[*_`\"'”’)\]}]*(?:\s|$))")
_WRAPPING = "*_`|\"'“”‘’«»$[](){}\\"
_WRAPPED = re.compile(r"\\boxed\{([^{}]*)\}|<([^<>]*)>")
_REMARK = re.compile(r"^([^\s(]+) ?\([^()]*\)?")
_NUMBER = re.compile(r"[-−–]?[^\W\d_]?\d+")
_INVISIBLE = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


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
    plain = _plain(text)
    claim = _parse_status(plain, game)
    declared = FORMS[form](plain)
    if declared is None:
        return Parsed(None, f"no declared answer ({_declared_form(form)}) in the reply", claim)
    try:
        return Parsed(_parse_action(declared.strip(), game, state), claim=claim)
    except NotationError as error:
        return Parsed(None, str(error), claim)


def _declared_form(form: str) -> str:
    return "a line 'Answer: ...'" if form == "line" else "an action in [brackets]"


def _plain(text: str) -> str:
    """The text with plain line ends, single spaces, narrow characters and nothing invisible.

    Not NFKC, which would turn a footnote (5²) into another number (52).
    """
    lines = _INVISIBLE.sub("", text).translate(_FULL_WIDTH).splitlines()
    return re.sub(r"[^\S\n]+", " ", "\n".join(lines))


# Where a declared answer stands -----------------------------------------------------------------------------


def _last_line(marker: re.Pattern[str], text: str) -> str | None:
    """What stands behind the last marker on its line; two markers may share a line."""
    end = max((found.end() for found in marker.finditer(text)), default=None)
    return None if end is None else text[end:].partition("\n")[0]


def _last_answer(text: str) -> str | None:
    return _last_line(_ANSWER, text)


def _last_brackets(text: str) -> str | None:
    said: list[str] = _BRACKETS.findall(text)
    return said[-1] if said else None


FORMS: Mapping[str, Callable[[str], str | None]] = {"line": _last_answer, "brackets": _last_brackets}
"""Answer forms by name: each finds the last declared answer of a text."""


# What it says -----------------------------------------------------------------------------------------------


def _parse_action(said: str, game: Game[Any], state: Any) -> Action:
    words = _words(_without_noun(_first_sentence(said), game.action_noun))
    if not words:
        raise NotationError(f"the answer {said[:50]!r} is empty")
    action = game.parse_action(state, words[0])
    if any(_NUMBER.fullmatch(word) or _is_action(word, game, state) for word in words[1:]):
        raise NotationError(f"the answer {said!r} names more than one action")
    return action


def _first_sentence(said: str) -> str:
    sentence = _SENTENCE_END.split(said, maxsplit=1)[0]
    if len(sentence) > LONGEST_ANSWER:
        raise NotationError(f"the answer '{said[:50]} ...' is longer than {LONGEST_ANSWER} characters")
    return _WRAPPED.sub(r"\1\2", sentence)


def _without_noun(sentence: str, noun: str) -> str:
    word, _, rest = sentence.lstrip(" " + _WRAPPING).partition(" ")
    return rest if _bare(word).casefold() == noun else sentence


def _words(sentence: str) -> list[str]:
    """The words without what wraps them and without a remark in parentheses behind the first one."""
    told = _REMARK.sub(r"\1 ", sentence.lstrip(" " + _WRAPPING))
    return [bare for word in told.replace("—", " — ").split() if (bare := _bare(word))]


def _bare(word: str) -> str:
    return word.strip(_WRAPPING).rstrip(".,:!").strip(_WRAPPING)


def _is_action(word: str, game: Game[Any], state: Any) -> bool:
    try:
        game.parse_action(state, word)
    except NotationError:
        return False
    return True


def _parse_status(text: str, game: Game[Any]) -> str | None:
    said = _last_line(_STATUS, text)
    if said is None:
        return None
    sentence = _SENTENCE_END.split(said, maxsplit=1)[0].partition("(")[0]
    words = " ".join(re.findall(r"[^\W_]+", sentence)).casefold()
    return next((status for status in statuses(game) if status.casefold() == words), None)
