"""arena show, arena judge, arena import: work on records."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.output import Json, console, print_json, print_json_line, progress_console, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arena.record import MatchRecord
    from arena.record_file import BadLine, RecordFile

Run = Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, or a file of records.")]


def show(
    run: Run,
    match: Annotated[int | None, typer.Option(min=1, help="Only this match, counted from 1.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Do not shorten what models said.")] = False,
    json: Json = False,
) -> None:
    """Show matches as boards with exact values.

    Each ply shows the value of every cell for the seat to move (W3: win in 3 plies, D: draw, L2: loss in 2),
    the action in brackets, what it gave away, and what the model said and claimed.

    \b
    Example:
      arena show results/RUN --match 2
    """
    from arena.cli.boards import match_view
    from arena.record import to_line
    from arena.record_file import read_file
    from arena.run import RunError

    file = read_file(run)
    warn(file.bad)
    records = file.records
    if match is not None and match > len(records):
        raise RunError(f"{run} has {len(records)} matches; there is no match {match}")
    chosen = list(enumerate(records, 1))[slice(match - 1, match) if match else slice(None)]
    for number, record in chosen:
        if json:
            print_json_line(to_line(record))
            continue
        for part in match_view(record, number, full=full):
            console().print(part)
    if file.bad and not records:
        raise typer.Exit(1)


def judge(
    run: Run,
    effort: Annotated[
        int, typer.Option(min=1, help="Times the usual budget that one question may cost.")
    ] = 1,
    json: Json = False,
) -> None:
    """Judge stored matches again and sum up.

    The verdicts are written into the records. A record that can't have come from its game, and a line that
    is no record, stay as they were and are named; the exit status is then 1. A torn line, which a crash
    left, is only named. An action that was beyond the solver's budget may be judged with more --effort.

    \b
    Example:
      arena judge results/RUN
    """
    from arena.cli.tables import stats_data, stats_tables
    from arena.metrics import results
    from arena.record import TORN
    from arena.record_file import read_file, rewrite
    from arena.run import exclusive

    if not run.exists():
        read_file(run)  # says so
    with exclusive(run):
        file = read_file(run)
        warn(file.bad)
        fresh, refused = _judged(file, effort)
        rewrite(file, fresh)
    judged = list(fresh.values())
    if json:
        print_json({"run": str(run), "refused": refused, **stats_data(judged)})
    else:
        summary = ", ".join(f"{n} {what}" for what, n in results(judged).most_common())
        console().print(f"{len(judged)} matches: {summary}", markup=False)
        for table in stats_tables(judged):
            console().print(table)
        tell_unjudged(judged)
    if refused or any(line.why != TORN for line in file.bad):
        raise typer.Exit(1)


def import_log(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The log to read.")],
    out: Annotated[Path, typer.Option(help="The folder of the run to make.")],
    format: Annotated[str, typer.Option(help="llm-game-benchmark")] = "llm-game-benchmark",  # noqa: A002
    json: Json = False,
) -> None:
    """Turn other people's logs into records.

    The records are ready for `arena judge` and `arena show`.

    \b
    Example:
      arena import tic-tac-toe_list_all_moves.csv --format llm-game-benchmark --out results/published
    """
    from arena.importers import FORMATS, LogError, write_import
    from arena.metrics import results
    from arena.run import MATCHES, RunError, replace_records

    if format not in FORMATS:
        raise LogError(f"unknown format {format!r}; there are: {', '.join(FORMATS)}")
    try:
        records = list(FORMATS[format](file))
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(f"can't read {file}: {error}") from error
    if (out / MATCHES).exists():
        raise RunError(f"{out} holds records already; choose another --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"can't write a run to {out}: {error.strerror or error}") from error
    replace_records(out, records)
    write_import(out, file, format, records)
    counts = results(records)
    if json:
        print_json({"run": str(out), "matches": len(records), "results": dict(counts)})
        return
    summary = ", ".join(f"{n} {what}" for what, n in counts.most_common())
    console().print(f"{len(records)} matches imported to {out}: {summary}", markup=False, soft_wrap=True)
    console().print(f"Judge them with: arena judge {out}", markup=False, soft_wrap=True)


def _judged(file: RecordFile, effort: int) -> tuple[dict[int, MatchRecord], int]:
    """The judged records by line number, and how many were refused."""
    from arena.judging import judge_record
    from arena.record import RecordError
    from games.registry import parse_game
    from games.solvers import DEFAULT_BUDGET, solver_for

    solver = lru_cache(lambda game: solver_for(parse_game(game), DEFAULT_BUDGET.times(effort)))
    fresh: dict[int, MatchRecord] = {}
    refused, waiting = 0, progress_console().status("")
    for line in file.counting.values():
        if line.record is None:
            continue
        waiting.update(f"judging match {len(fresh) + refused + 1} of {len(file.counting)} ...")
        waiting.start()
        try:
            fresh[line.number] = judge_record(line.record, solver(line.record.game))
        except RecordError as error:
            say(f"line {line.number} is left as it was and not counted: {error}")
            refused += 1
        finally:
            waiting.stop()
    return fresh, refused


def tell_unjudged(records: Sequence[MatchRecord]) -> None:
    """Say how many actions have no verdict, and why, so that no table hides it."""
    reasons = [ply.unjudged for record in records for ply in record.plies if ply.unjudged]
    if reasons:
        more = "`arena judge RUN --effort 10` spends more on it"
        say(f"{len(reasons)} actions are not judged and not in the table of skill; {more}. {reasons[0]}")


def warn(bad: Sequence[BadLine]) -> None:
    """Name the lines that are passed over, those with one reason together."""
    reasons: dict[str, list[int]] = {}
    for line in bad:
        reasons.setdefault(line.why, []).append(line.number)
    for why, (first, *more) in reasons.items():
        others = f" and {len(more)} more are" if more else " is"
        say(f"line {first}{others} passed over: {why}")
