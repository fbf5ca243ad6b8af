"""What works with a model: one small real call for each capability, and what came of it.

A capability works, is ignored (the server took the request and did not do it), refused (with the server's
words), or is not known. Servers say nothing of what they ignore: every answer is held against its request.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, TypeAlias

from games.base import Game
from games.k_in_a_row import KInARow
from players.base import PlayerError, Reply, Turn
from players.completers.base import Completion, Guide, Message, Picture, ProviderError, Request, TurnTimeout
from players.compute.sampling import mean_logprob
from players.guides import obeys
from players.llm import CUT_OFF, LLMPlayer

WORKS, IGNORED, REFUSED, NOT_KNOWN = "works", "ignored", "refused", "not known"

FEW_TOKENS = 1024
"""The limit on all calls but the first: enough for a model that thinks before it says one word."""

WORDS = ("amber", "violet", "teal")
_REGEX = "(amber|violet|teal)"
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"word": {"type": "string", "enum": list(WORDS)}},
    "required": ["word"],
    "additionalProperties": False,
}
_QUESTION = "Name an animal in one word."
"""Nothing that would be answered by one of the words of the guide without it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one capability."""

    capability: str
    verdict: str
    """works, ignored, refused or not known."""
    detail: str


Outcome: TypeAlias = Completion | Finding
"""What came back, or why nothing did."""


async def examine(player: LLMPlayer, *, quick: bool = False, seconds: float = 120.0) -> list[Finding]:
    """Start the model, ask it, and close it again; with quick, by one call only. Faults become findings."""
    game = KInARow()
    try:
        await player.start(game)
        return await _examined(player, _start_of(game), quick, seconds)
    except (PlayerError, ProviderError) as error:  # not ready: nothing was asked
        return [Finding("text", NOT_KNOWN, str(error))]
    finally:
        await player.close()


async def _examined(player: LLMPlayer, turn: Turn, quick: bool, seconds: float) -> list[Finding]:
    said = await _ask(player, player.request(turn), "text", seconds)
    if isinstance(said, Finding):
        return [said]
    found = [_text(player.read(said, turn), said, turn), _latency(said), _usage(said), _reasoning(said)]
    if quick or found[0].verdict != WORKS:
        return found
    plain, logprobs = await _logprobs(player, seconds)
    guided = await _structured(player, seconds)
    pictured = await _picture(player, turn, plain, seconds)
    return [*found, logprobs, guided, pictured]


async def _ask(player: LLMPlayer, request: Request, capability: str, seconds: float) -> Outcome:
    """The answer to one request, or what stood in its way.

    A fault that may pass is a refusal once text has worked: llama.cpp, for one, refuses pictures with 500.
    """
    try:
        return await player.completer.complete(request, seconds)
    except TurnTimeout:
        return Finding(capability, NOT_KNOWN, f"no answer within {seconds:g} s")
    except ProviderError as error:
        refused = error.fatal or capability != "text"
        return Finding(capability, REFUSED if refused else NOT_KNOWN, str(error))
    except PlayerError as error:  # it is not known how this server is told such a thing
        return Finding(capability, NOT_KNOWN, str(error))


def _start_of(game: Game[Any]) -> Turn:
    state = game.initial_state()
    return Turn(game, state, 0, game.legal_actions(state, 0), Random(0))


# One answer, looked at from all sides -----------------------------------------------------------------------


def _text(reply: Reply, said: Completion, turn: Turn) -> Finding:
    if not said.text.strip():
        return Finding("text", NOT_KNOWN, _nothing(said))
    if reply.action is None:
        read = f"not read: {reply.why}"
    else:
        legal = "legal" if reply.action in turn.legal_actions else "not legal"
        read = f"read as {turn.game.format_action(turn.state, reply.action)}, {legal}"
    end = said.text.strip().splitlines()[-1][:60]
    return Finding("text", WORKS, f"ends with {end!r}; {read}; finish reason {said.finish_reason}")


def _nothing(said: Completion) -> str:
    """An answer from which nothing follows, in words; '' if it is whole."""
    if said.text.strip() and said.finish_reason != CUT_OFF:
        return ""
    return f"the answer is empty or cut off (finish reason {said.finish_reason})"


def _latency(said: Completion) -> Finding:
    first = said.first_token_s
    told = "the answer did not stream" if first is None else f"first text after {first:.2f} s"
    tries = f"; {said.tries} tries" if said.tries > 1 else ""
    return Finding("latency", WORKS, f"{said.latency_s:.2f} s; {told}{tries}")


def _usage(said: Completion) -> Finding:
    counts = {
        "read": said.usage.prompt_tokens,
        "written": said.usage.completion_tokens,
        "of them reasoning": said.usage.reasoning_tokens,
        "dollars": said.usage.dollars,
    }
    told = ", ".join(f"{name} {count:g}" for name, count in counts.items() if count is not None)
    both = said.usage.prompt_tokens is not None and said.usage.completion_tokens is not None
    return Finding("usage", WORKS if both else IGNORED, told or "the answer tells no token counts")


def _reasoning(said: Completion) -> Finding:
    if said.reasoning:
        return Finding("reasoning", WORKS, f"{len(said.reasoning)} characters beside the answer")
    counted = said.usage.reasoning_tokens
    told = f"{counted} tokens counted, none shown" if counted else "none in this answer"
    return Finding("reasoning", NOT_KNOWN, f"{told}; a model may not reason, or not show it")


# One call each ----------------------------------------------------------------------------------------------


def _plain(player: LLMPlayer, text: str, *pictures: Picture) -> Request:
    limit = player.sampling.max_tokens or FEW_TOKENS
    return Request((Message("user", text, pictures),), replace(player.sampling, max_tokens=limit))


async def _logprobs(player: LLMPlayer, seconds: float) -> tuple[Completion | None, Finding]:
    """Also gives the answer, for its count of prompt tokens."""
    capability = "log-probabilities"
    request = _plain(player, _QUESTION)
    asked = replace(request, sampling=replace(request.sampling, top_logprobs=2))
    said = await _ask(player, asked, capability, seconds)
    if isinstance(said, Finding):
        return None, said
    mean = mean_logprob(said)
    if mean is None:
        nothing = _nothing(said)
        return said, Finding(capability, NOT_KNOWN if nothing else IGNORED, nothing or "the answer has none")
    others = max(len(token.others) for token in said.tokens)
    detail = f"{len(said.tokens)} tokens, mean {mean:.2f}; up to {others} others for each, 2 asked for"
    return said, Finding(capability, WORKS, detail)


async def _structured(player: LLMPlayer, seconds: float) -> Finding:
    """Whether an answer keeps to a guide that allows three words, none of which is asked for."""
    capability = "structured output"
    schema = player.completer.config.get("guidance") == "json_schema"
    guide = Guide("regex", schema=_SCHEMA) if schema else Guide("regex", regex=_REGEX)
    said = await _ask(player, replace(_plain(player, _QUESTION), guide=guide), capability, seconds)
    if isinstance(said, Finding):
        return said
    form = "JSON schema" if schema else "regular expression"
    if nothing := _nothing(said):
        return Finding(capability, NOT_KNOWN, nothing)
    kept = obeys(guide, said.text)
    told = "keeps to" if kept else "does not keep to"
    return Finding(capability, WORKS if kept else IGNORED, f"{said.text.strip()[:60]!r} {told} the {form}")


async def _picture(player: LLMPlayer, turn: Turn, plain: Completion | None, seconds: float) -> Finding:
    """Whether a picture is taken, and whether the prompt counts more tokens than the same words alone."""
    capability = "picture"
    png = await asyncio.to_thread(_board, turn)
    said = await _ask(player, _plain(player, _QUESTION, Picture(png)), capability, seconds)
    if isinstance(said, Finding):
        return said
    alone, counted = plain.usage.prompt_tokens if plain else None, said.usage.prompt_tokens
    if alone is None or counted is None:
        return Finding(capability, NOT_KNOWN, "taken; without token counts nobody can tell if it was seen")
    if counted <= alone:
        return Finding(capability, IGNORED, f"taken, but the prompt counts no token more: {counted}")
    return Finding(capability, WORKS, f"taken; {counted - alone} tokens more than the words alone")


def _board(turn: Turn) -> bytes:
    """A small real board: servers refuse pictures of a few pixels."""
    from renderers.picture import picture
    from renderers.scene import scene_of

    file = io.BytesIO()
    picture(scene_of(turn.game, turn.state), size=128).save(file, format="PNG")
    return file.getvalue()
