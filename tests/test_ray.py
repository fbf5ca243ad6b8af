"""A tournament on two workers of a Ray cluster, one of which dies: nothing is lost, nothing differs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from arena.match import MatchSpec
from arena.record import MatchRecord, to_line
from arena.record_stream import stream_file
from arena.run import RunConfig
from arena.runner import make_players, play_run

pytestmark = pytest.mark.ray
NAMES = ("random", "epsilon?epsilon=0.5", "scripted:1,2,3,4,5,6,7,8,9")
CONFIG = RunConfig(("tictactoe", "connect4(m=4,n=4)"), NAMES, "round-robin", rounds=42, seed=5, matches=500)


def timeless(record: MatchRecord) -> dict[str, Any]:
    """A record as data, without what a clock says."""
    data: dict[str, Any] = json.loads(to_line(record))
    for ply in data["plies"]:
        for attempt in ply["attempts"]:
            attempt["seconds"] = 0.0
    return {**data, "seconds": 0.0, "started": ""}


def play(folder: Path, tables: Any = None) -> dict[str, MatchRecord]:
    folder.mkdir()
    asyncio.run(play_run(folder, CONFIG.schedule(), make_players(NAMES), tables=tables, parallel=16))
    return {record.match_id: record for record in stream_file(folder).records()}


def test_a_worker_dies_and_nothing_is_lost(tmp_path: Path) -> None:
    import ray

    from arena.ray_tables import RayTables

    class Dying(RayTables):
        """Kills one of its workers in the middle."""

        count = 0

        async def play(self, spec: MatchSpec) -> MatchRecord:
            self.count += 1
            if self.count == 250:
                os.kill(ray.get(self.workers[0].process.remote()), signal.SIGKILL)
            return await super().play(spec)

    tables = Dying(NAMES, workers=2, parallel=16)
    remote = play(tmp_path / "ray", tables)
    local = play(tmp_path / "local")
    assert tables.count == 500
    assert sorted(remote) == sorted(local) == sorted(spec.match_id for spec in CONFIG.schedule())
    for match_id, record in local.items():
        assert timeless(remote[match_id]) == timeless(record)
