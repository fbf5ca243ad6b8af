"""arena show, arena judge, arena import: work on records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.output import Json, console, print_json, progress_console

if TYPE_CHECKING:
    from arena.record import MatchRecord
    from arena.run import BadLine

Run = Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, or a file of records.")]


def show(
    run: Run,
    match: Annotated[int | None, typer.Option(min=1, help="Only this match, counted from 1.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Do not shorten what models said.")] = False,
    json: Json = False,
) -> None:
    """Show matches as boards: the exact value of each cell, the move, the regret, what the model said.

    Example: arena show results/RUN --match 2
    """
    from arena.cli.boards import match_view
    from arena.record import to_line
    from arena.run import RunError, read_run

    records, bad = read_run(run)
    _warn(bad)
    if match is not None and match > len(records):
        raise RunError(f"{run} has {len(records)} matches; there is no match {match}")
    chosen = list(enumerate(records, 1))[slice(match - 1, match) if match else slice(None)]
    for number, record in chosen:
        if json:
            typer.echo(to_line(record))
            continue
        for part in match_view(record, number, full=full):
            console().print(part)


def judge(run: Run, json: Json = False) -> None:
    """Judge every move of stored matches again, write the verdicts into the records, and sum up.

    Example: arena judge results/RUN
    """
    from arena.cli.tables import stats_data, stats_tables
    from arena.judging import judge_record
    from arena.metrics import results
    from arena.record import RecordError
    from arena.run import read_run, replace_records

    records, bad = read_run(run)
    _warn(bad)
    judged: list[MatchRecord] = []
    refused = 0
    for record in records:
        try:
            judged.append(judge_record(record))
        except RecordError as error:
            progress_console().print(f"left as it was: {error}", style="yellow", markup=False)
            judged.append(record)
            refused += 1
    if not bad:
        replace_records(run, judged)
    if json:
        print_json({"run": str(run), "refused": refused, **stats_data(judged)})
    else:
        summary = ", ".join(f"{n} {what}" for what, n in results(judged).most_common())
        console().print(f"{len(judged)} matches: {summary}", markup=False)
        for table in stats_tables(judged):
            console().print(table)
    if bad or refused:
        raise typer.Exit(1)


def import_log(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The log to read.")],
    out: Annotated[Path, typer.Option(help="The folder of the run to make.")],
    format: Annotated[str, typer.Option(help="llm-game-benchmark")] = "llm-game-benchmark",  # noqa: A002
    json: Json = False,
) -> None:
    """Turn other people's logs into records, ready for `arena judge` and `arena show`.

    Example: arena import tic-tac-toe_list_all_moves.csv --format llm-game-benchmark --out results/published
    """
    from arena.importers import FORMATS, LogError
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
    counts = results(records)
    if json:
        print_json({"run": str(out), "matches": len(records), "results": dict(counts)})
        return
    summary = ", ".join(f"{n} {what}" for what, n in counts.most_common())
    console().print(f"{len(records)} matches imported to {out}: {summary}", markup=False, soft_wrap=True)
    console().print(f"Judge them with: arena judge {out}", markup=False, soft_wrap=True)


def _warn(bad: list[BadLine]) -> None:
    for line in bad:
        progress_console().print(
            f"line {line.number} is passed over: {line.why}", style="yellow", markup=False
        )
