"""From a reply to an action: only the declared form is read, the last one wins, nothing is guessed.

The declared form is `Answer: ACTION`, and for the status of the board `Status: STATUS`. The marker stands
at the start of a line, a table cell or a sentence (one that follows `.`, `!`, `?` or `;`) and may read
`Final answer:`, `My answer:` or `The answer:`; case, markdown, invisible and full-width characters do not
matter. Behind it, on the same line, stands the action, plain or wrapped (**5**, [5], <5>, <b>5</b>, #5, "5",
\\boxed{5}); the game's noun may come before it (`Answer: cell 5`) and a remark in parentheses after it. The
rest of its sentence may explain, but names no other action and no other number. A question (`3?`) is no
answer.

The other declared forms are `[ACTION]`, and a JSON object with the key "answer" (a text or a number) and
perhaps "status", whatever stands around it. Actions are named as the prompt names them (players/naming.py).
tests/data/replies.toml shows every accepted form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from games.base import Action, Game, NotationError
from games.status import claimable
from players.forms import form_in_words
from players.json_answers import last_answer_object
from players.naming import Names, names_of

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
_TAGGED = re.compile(r"<(b|i|em|strong|code)>([^<>]*)</\1>", re.I)
_SPECIAL = re.compile(r"<\|[a-z]\w*\|>", re.I)
"""Tokens of a chat template that a server let through; what follows them is not the answer's."""
_NUMBER_SIGN = re.compile(r"(?<![\w#])#(?=\w)")
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


def parse_reply(
    text: str, game: Game[Any], state: Any, form: str = "line", naming: str = "notation"
) -> Parsed:
    """Read the declared answer and status in a reply. Legality is not looked at."""
    declared = READERS[form](_plain(text))
    claim = _status(declared.status, game)
    if declared.answer is None:
        return Parsed(None, f"no declared answer ({form_in_words(form)}) in the reply", claim)
    try:
        return Parsed(_parse_action(declared.answer.strip(), names_of(game, naming), state), claim=claim)
    except NotationError as error:
        return Parsed(None, str(error), claim)


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


@dataclass(frozen=True, slots=True)
class _Declared:
    """The texts that a reply declares as its answer and its status; None where it declares none."""

    answer: str | None
    status: str | None


def _read_line(text: str) -> _Declared:
    return _Declared(_last_line(_ANSWER, text), _last_line(_STATUS, text))


def _read_brackets(text: str) -> _Declared:
    said: list[str] = _BRACKETS.findall(text)
    return _Declared(said[-1] if said else None, _last_line(_STATUS, text))


def _read_json(text: str) -> _Declared:
    said = last_answer_object(text) or {}
    answer, status = (said.get(key) for key in ("answer", "status"))
    return _Declared(answer if isinstance(answer, str) else None, status if isinstance(status, str) else None)


READERS: Mapping[str, Callable[[str], _Declared]] = {
    "line": _read_line,
    "brackets": _read_brackets,
    "json": _read_json,
}
"""Answer forms by name (players.forms.FORMS): each finds the last declaration of a text."""


# What it says -----------------------------------------------------------------------------------------------


def _parse_action(said: str, names: Names, state: Any) -> Action:
    words = _words(_without_noun(names.tidy(_first_sentence(said)), names.game.action_noun))
    if not words:
        raise NotationError(f"the answer {said[:50]!r} is empty")
    action = names.action(state, words[0])
    if words[1:] and names.naming == "letters" and words[0].isalpha():
        raise NotationError(f"the answer {said!r} says more than a letter, which may be a word as well")
    if any(_NUMBER.fullmatch(word) or _is_action(word, names, state) for word in words[1:]):
        raise NotationError(f"the answer {said!r} names more than one action")
    return action


def _first_sentence(said: str) -> str:
    sentence = _SENTENCE_END.split(_SPECIAL.split(said, maxsplit=1)[0], maxsplit=1)[0]
    if len(sentence) > LONGEST_ANSWER:
        raise NotationError(f"the answer '{said[:50]} ...' is longer than {LONGEST_ANSWER} characters")
    return _WRAPPED.sub(r"\1\2", _NUMBER_SIGN.sub("", _TAGGED.sub(r"\2", sentence)))


def _without_noun(sentence: str, noun: str) -> str:
    word, _, rest = sentence.lstrip(" " + _WRAPPING).partition(" ")
    return rest if _bare(word).casefold() == noun else sentence


def _words(sentence: str) -> list[str]:
    """The words without what wraps them and without a remark in parentheses behind the first one."""
    told = _REMARK.sub(r"\1 ", sentence.lstrip(" " + _WRAPPING))
    return [bare for word in told.replace("—", " — ").split() if (bare := _bare(word))]


def _bare(word: str) -> str:
    return word.strip(_WRAPPING).rstrip(".,:!").strip(_WRAPPING)


def _is_action(word: str, names: Names, state: Any) -> bool:
    try:
        names.action(state, word)
    except NotationError:
        return False
    return True


def _status(said: str | None, game: Game[Any]) -> str | None:
    if said is None:
        return None
    sentence = _SENTENCE_END.split(said, maxsplit=1)[0].partition("(")[0]
    words = " ".join(re.findall(r"[^\W_]+", sentence)).casefold()
    return next((status for status in claimable(game) if status.casefold() == words), None)
