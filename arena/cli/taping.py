"""--record, --replay and --cache: what stands between the players of a run and their servers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from arena.runner import Patience
    from players.completers.transport import Transport, Wrap
    from players.purse import Limits, Purse


class CacheUse(StrEnum):
    """Which requests are answered from the cache."""

    OFF = "off"
    ZERO = "zero"
    ALL = "all"


Record = Annotated[
    Path | None,
    typer.Option(help="Record every request and answer in this file, for example RUN/cassette.jsonl."),
]
Replay = Annotated[
    Path | None, typer.Option(help="Answer from this recording: no key, no model and no network is needed.")
]
Cache = Annotated[
    CacheUse,
    typer.Option(
        help="Keep answers and give them again to the same request: zero, where the temperature is 0; all, "
        "at any temperature, each turn of each match with an answer of its own."
    ),
]


def purses(limits: Limits, replay: Path | None) -> tuple[Purse, Purse]:
    """The purse of the run and that of its players: another one where they are replayed, and cost nothing."""
    from players.purse import Purse

    if replay is not None:
        return Purse(), Purse()
    purse = Purse(limits)
    return purse, purse


def patience_for(usual: Patience, replay: Path | None) -> Patience:
    """What a run does about faults: a recorded one is met once, and nothing is waited for."""
    from arena.runner import Patience

    return usual if replay is None else Patience(endless=True)


def wrapping(record: Path | None, replay: Path | None, cache: CacheUse, *, resumed: bool) -> Wrap:
    """What is put around the transport of each player; PlayerError where options contradict each other."""
    from players.base import PlayerError

    if replay is not None and (record is not None or cache is not CacheUse.OFF):
        other = "--record" if record is not None else "--cache"
        raise PlayerError(f"--replay asks nobody, so there is nothing to keep; leave {other} out")
    if replay is not None:
        return _replaying(replay)
    return _keeping(record, cache, resumed)


def _replaying(path: Path) -> Wrap:
    from players.completers.cassette import Cassette
    from players.completers.taped import ReplayingTransport

    cassette = Cassette(path)

    def wrap(transport: Transport, player: str, server: str) -> Transport:
        return ReplayingTransport(cassette, transport.kind, player, server)

    return wrap


def _keeping(record: Path | None, cache: CacheUse, resumed: bool) -> Wrap:
    """What the cache answers is recorded too, so that a recording is always whole."""
    from players.completers.answer_cache import AnswerCache, CachingTransport
    from players.completers.cassette import Recorder
    from players.completers.taped import RecordingTransport

    recorder = None if record is None else Recorder(record, goes_on=resumed)
    answers = None if cache is CacheUse.OFF else AnswerCache(everything=cache is CacheUse.ALL)

    def wrap(transport: Transport, player: str, server: str) -> Transport:
        if answers is not None:
            transport = CachingTransport(transport, server, answers)
        return transport if recorder is None else RecordingTransport(transport, player, server, recorder)

    return wrap
