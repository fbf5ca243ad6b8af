"""Random replies against the parser, by a generator that knows what each of them declares.

    python benchmarks/parser_fuzz.py [--count 200000] [--seed 0]

A reply is made of pieces: chatter, noise, declared answers (legal or not) and broken ones. What was declared
last is what has to be read: over every answer form, every naming and games of every kind. Exit code 1 after
any exception, any action accepted that was not declared, or any declared legal answer refused.

With --hostile N, so many texts that repeat a piece are read, each once more at four times the length: exit
code 1 where the time grows much faster than the text.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from games.base import Action
from games.registry import parse_game
from players.base import Turn
from players.completers.base import Completion
from players.forms import FORMS
from players.llm import read_completion
from players.naming import Names, names_of, takes
from players.parser import parse_reply
from players.prompts import PromptStyle, style_of
from players.prompts.examples import random_turns

GAMES = (
    "tictactoe", "tictactoe(wild)", "tictactoe(m=6,n=7,k=4,gravity)", "tictactoe(m=4,n=4,k=4)", "connect4",
    "hex", "notakto", "orderchaos", "chomp", "nim", "grundy", "othello", "breakthrough", "chessending",
    "dotsandboxes", "kalah", "kuhn", "leduc", "goofspiel", "rps", "pig", "liarsdice", "mastermind",
    "sliding", "sokoban",
)  # fmt: skip
CHATTER = (
    "I think 3 or 5 is good.", "Row 2, column 1", "1", "-4", "3–5", "opponent's answer: 3", "```", "---",
    "> quote", "| 1 | 2 |", "The answer is 7", "I answer: 5", "X", "O has won", "５", "Move 9!",
    "4 in a row?", "a1, b2", "", "Hmm, answer: 6", "A good move is b2", "{'answer': '2'}", '{"note": "3"}',
    "{1, 2}", '{"thought": "never closed', '{"a": {"b": "c"}}', "fold or call?", "Status: in play", "（2）",
    "\u200b", "\ud800",
)  # fmt: skip
NOISE = "0123456789 .,:;!?-–—/(){}<>*_`~|\"'$\\"
MARKERS = (
    "Answer:", "answer :", "**Answer:**", "Final Answer:", "- My answer:", "> answer:", "Ａnswer：",
    "`Answer`:", "## The final answer:", "Done. Answer:", "1. Answer:", "\u200bAnswer:", "|Answer:",
)  # fmt: skip
WRAPPINGS = ("{}", "**{}**", "`{}`", "({})", '"{}"', "<{}>", "\\boxed{{{}}}", "${}$", "_{}_", "“{}”")
SENTENCES = ("", ".", "!", ". Then 3.", "; 3 is taken", " (row 2)", ".\n", " (not {})")
"""What may follow in the next sentence or in parentheses."""
CLAUSES = (" because it is best", ", the centre", " — so be it")
BROKEN = (
    "", "ACTION", "-1", "3 or 5", "1.5", "007", "99999", "five", "X or O", "٣", "~~3~~", "1/2",
    "nothing at all", "{}?", "~~{}~~", "not {}", "{} or {other}", "\ud800", "0",
)  # fmt: skip
"""Texts that name no action; {} is one, {other} is another one."""


@dataclass(frozen=True)
class Case:
    """A reply, how it was asked for, and what it declares."""

    turn: Turn
    style: PromptStyle
    text: str
    declared: Action | None
    """What the last declared answer names, legal or not; None where it names nothing or there is none."""


@dataclass(frozen=True)
class _Asked:
    """How one kind of case is asked for: a game, a form, a naming."""

    turns: tuple[Turn, ...]
    style: PromptStyle
    names: Names
    every: tuple[str, ...]
    """Notations of every action that was met."""


@lru_cache(maxsize=1)
def _kinds() -> tuple[_Asked, ...]:
    kinds = []
    for spec in GAMES:
        game, rng = parse_game(spec), Random(spec)
        turns = tuple(turn for _ in range(6) for turn in random_turns(game, rng))
        every = dict.fromkeys(game.format_action(t.state, a) for t in turns for a in t.legal_actions)
        for naming in takes(game):
            kinds += [
                _Asked(
                    turns, style_of("plain", form=form, naming=naming), names_of(game, naming), tuple(every)
                )
                for form in FORMS
            ]
    return tuple(kinds)


def cases(count: int, seed: int) -> Iterator[Case]:
    """So many random replies, the same for the same seed."""
    rng, kinds = Random(seed), _kinds()
    for _ in range(count):
        yield _case(rng, rng.choice(kinds))


def _case(rng: Random, asked: _Asked) -> Case:
    turn = rng.choice(asked.turns)
    pieces: list[str] = []
    declared: Action | None = None
    for _ in range(rng.randrange(6)):
        kind = rng.choice(("chatter", "noise", "answer", "answer", "illegal", "broken"))
        if kind in ("chatter", "noise"):
            pieces.append(_chatter(rng, kind, asked.style.form))
            continue
        named = _named(rng, asked, turn, legal=kind != "illegal")
        declared = None if kind == "broken" or named is None else _action(asked, turn, named)
        said = _broken(rng, asked, turn) if declared is None else named or ""
        pieces.append(_declaration(rng, asked, said, whole=declared is not None))
    return Case(turn, asked.style, rng.choice(("\n", "\r\n", "\n\n")).join(pieces), declared)


def _chatter(rng: Random, kind: str, form: str) -> str:
    text = rng.choice(CHATTER) if kind == "chatter" else "".join(rng.choices(NOISE, k=rng.randrange(30)))
    return text.translate({ord("["): None, ord("]"): None}) if form == "brackets" else text


def _action(asked: _Asked, turn: Turn, name: str) -> Action:
    return asked.names.action(turn.state, name)


def _named(rng: Random, asked: _Asked, turn: Turn, *, legal: bool) -> str | None:
    """The name of a legal action, or of one that is none here; None where every action is legal."""
    told = [asked.names.of(turn.state, action) for action in turn.legal_actions]
    if legal:
        return rng.choice(told)
    others = [
        name for name in map(asked.names.name, asked.every) if name not in told and _exists(asked, turn, name)
    ]
    return rng.choice(others) if others else None


def _exists(asked: _Asked, turn: Turn, name: str) -> bool:
    """Whether the text names an action in this state at all."""
    try:
        return _action(asked, turn, name) is not None
    except ValueError:
        return False


def _broken(rng: Random, asked: _Asked, turn: Turn) -> str:
    """A text that names nothing, or two things."""
    told = [asked.names.of(turn.state, action) for action in turn.legal_actions]
    one, other = (rng.sample(told, 2)) if len(told) > 1 else (told[0], "5")
    said = rng.choice([text for text in BROKEN if len(told) > 1 or "{other}" not in text])
    filled = said.format(one, other=other)
    return "nothing" if _exists(asked, turn, filled) else filled


# Declarations in each form ----------------------------------------------------------------------------------


def _declaration(rng: Random, asked: _Asked, said: str, *, whole: bool) -> str:
    """A declared answer that says this; a whole one may be dressed in any way that leaves its meaning."""
    if asked.style.form == "json":
        return _json(rng, _dressed(rng, asked, said, "json") if whole else said, whole=whole)
    if asked.style.form == "brackets":
        inner = _dressed(rng, asked, said, "brackets") if whole else said
        before, after = (
            rng.choice(("", "I play ", "- ")),
            rng.choice(("", ".", " because it is best", " (3)")),
        )
        return f"{before}[{inner}]{after}"
    return f"{rng.choice(MARKERS)} {_dressed(rng, asked, said, 'line') if whole else said}"


def _dressed(rng: Random, asked: _Asked, name: str, form: str) -> str:
    """The name with its noun, in a wrapping, spelled out, with words behind it."""
    noun = rng.choice(("", f"{asked.names.game.action_noun} "))
    wrapping = rng.choice(WRAPPINGS)
    spelled = (
        _spelled(rng, name)
        if asked.names.naming == "row-column" and wrapping in ("{}", "({})", "**{}**")
        else name
    )
    tails: Iterable[str] = SENTENCES
    if not (asked.names.naming == "letters" and name.isalpha()):  # the letter of a column stands alone
        tails = (*SENTENCES, *CLAUSES)
    tail = rng.choice([tail for tail in tails if form == "line" or "\n" not in tail])
    return noun + wrapping.format(spelled) + tail.format(name)


def _spelled(rng: Random, name: str) -> str:
    row, _, column = name.partition(",")
    if not row.isdigit():
        return name
    return rng.choice(("{},{}", "{}, {}", "row {}, column {}", "Row {} and column {}")).format(row, column)


def _json(rng: Random, said: str, *, whole: bool) -> str:
    value = (
        int(said)
        if said.isdecimal() and said.isascii() and str(int(said)) == said and rng.random() < 0.5
        else said
    )
    fields: dict[str, object] = {"answer": value}
    for _ in range(rng.randrange(3)):
        key, more = (
            rng.choice(("status", "note", "score", "all")),
            rng.choice(("in play", {"a": [1]}, 3, None, "{")),
        )
        fields = {key: more, **fields} if rng.random() < 0.5 else {**fields, key: more}
    text = json.dumps(fields, indent=rng.choice((None, 2)), ensure_ascii=rng.random() < 0.5)
    if not whole and rng.random() < 0.5:
        text = rng.choice((text[:-1] + ",}", '{"answer": ' + "b2}", '{"answer": null}', '{"answer": ["1"]}'))
    frame = rng.choice(("{}", "```json\n{}\n```", "I say {} then.", "[{}]", '{{"result": {}}}'))
    return frame.format(text)


# Hostile texts ----------------------------------------------------------------------------------------------

PIECES = (
    *"{}[]\"\\:,a5.()<>*_|-\t;\n“", '"answer"', '"answer":', '{"a":', '{"a":[', '{"a":[\\"', '"}', '\\"',
    "Answer:", "answer", "\\boxed{", "row 2 column 3", "2,",
)  # fmt: skip
KNOWN = ('{"a":[\\"', '{"answer":{"a":', '"', "\\", '{"answer":["', '\\"answer":', "<think>", "| ", "[")
"""Pieces whose repetition is hard on one reader or another."""


def hostile(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Answer forms and pieces to repeat: the known ones, then random ones."""
    rng = Random(seed)
    pieces = [*KNOWN, *("".join(rng.choices(PIECES, k=rng.randint(1, 7))) for _ in range(count))]
    for number, piece in enumerate(pieces[:count]):
        yield from [(form, piece) for form in FORMS if number < len(KNOWN) or rng.random() < 0.5]


def growth(form: str, piece: str, length: int = 6_000) -> float:
    """How many times as long it takes to read four times the text, at most ten milliseconds aside."""
    game = parse_game("tictactoe")

    def seconds(length: int) -> float:
        text = '{"answer": "' + piece * (length // len(piece)) + '{"answer": 5}'
        began = time.process_time()
        parse_reply(text, game, game.initial_state(), form)
        return time.process_time() - began

    short, long = (min(seconds(size) for _ in range(2)) for size in (length, 4 * length))
    return long / max(short, 0.01)


# The count --------------------------------------------------------------------------------------------------


def verdict(case: Case) -> str:
    """What became of a reply: what was right of it, or which of the three faults it shows."""
    try:
        read = read_completion(Completion(case.text), case.turn, case.style).action
    except Exception as error:
        return f"exception: {type(error).__name__}"
    legal = case.turn.legal_actions
    if read == case.declared:
        return (
            "nothing declared, nothing read"
            if read is None
            else f"{'' if read in legal else 'il'}legal, read"
        )
    if read in legal:
        return "accepted what was not declared"
    return "refused a declared legal answer" if case.declared in legal else "misread an illegal answer"


RIGHT = ("legal, read", "illegal, read", "nothing declared, nothing read")


def main() -> int:
    """Count, print, and show the first replies that were misread."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--count", type=int, default=200_000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--hostile", type=int, default=0)
    given = options.parse_args()
    if given.hostile:
        return _print_hostile(given.hostile, given.seed)
    counts: Counter[str] = Counter()
    seconds = 0.0
    for case in cases(given.count, given.seed):
        began = time.process_time()
        found = verdict(case)
        seconds += time.process_time() - began
        counts[found] += 1
        if found not in RIGHT and counts[found] <= 5:
            style = case.style
            print(
                f"{found}: {case.turn.game.spec} {style.form} {style.naming} {case.declared}: {case.text!r}"
            )
    for found, number in counts.most_common():
        print(f"{number:9,} {number / given.count:8.3%}  {found}")
    each = 1e6 * seconds / given.count
    print(f"{given.count:9,} replies of {len(_kinds())} kinds, {each:.0f} microseconds each")
    return int(any(found not in RIGHT for found in counts))


def _print_hostile(count: int, seed: int) -> int:
    found = max((growth(form, piece, 50_000), form, piece) for form, piece in hostile(count, seed))
    print(f"four times the text takes at most {found[0]:.1f} times as long: {found[1]} {found[2]!r}")
    return int(found[0] > 9)


if __name__ == "__main__":
    raise SystemExit(main())
