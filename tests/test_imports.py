"""The house keeps its order: games <- renderers <- players <- arena, nothing heavy before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("games", "renderers", "players", "arena")
"""Each may import from those before it."""
HEAVY = {
    "PIL", "duckdb", "genai_prices", "httpx", "httpx2", "numba", "numpy", "openai", "pandas",
    "platformdirs", "playwright", "pyarrow", "pydantic", "pygame", "rich", "scipy",
    "torch", "transformers", "vllm", "xllamacpp",
}  # fmt: skip
KERNELS = {"numpy", "numba", "platformdirs", "scipy"}
"""What a module of games/solvers/ may be made of, as solvers are imported one by one."""


def modules(package: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / package).rglob("*.py")))


def imported(node: ast.AST) -> Iterator[str]:
    """The top-level names that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        yield (node.module or "").split(".")[0]


def at_once(node: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs when a module is imported: not functions, nor what only type checkers read."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield from at_once(child)


def test_the_walk_tells_what_runs_at_once_from_the_rest() -> None:
    source = """
import re, os.path
try:
    import numpy as np
except ImportError: pass
if TYPE_CHECKING:
    import PIL
def late():
    import openai
class Early:
    from torch import nn
    async def late(self):
        import rich
"""
    found = [name for node in at_once(ast.parse(source)) for name in imported(node)]
    assert sorted(found) == ["numpy", "os", "re", "torch"]


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_is_imported_against_the_arrows(package: str) -> None:
    later = set(PACKAGES[PACKAGES.index(package) + 1 :])
    paths = list(modules(package))
    wrong = {
        str(path.relative_to(ROOT)): sorted(names & later)
        for path in paths
        if (names := {n for node in ast.walk(ast.parse(path.read_text("utf-8"))) for n in imported(node)})
        & later
    }
    assert paths, f"{package} has modules"
    assert not wrong


@pytest.mark.parametrize("package", ["games", "renderers", "players"])
def test_heavy_packages_are_imported_where_they_are_used(package: str) -> None:
    wrong = {}
    for path in modules(package):
        allowed = KERNELS if "solvers" in path.parts else set()
        names = {n for node in at_once(ast.parse(path.read_text("utf-8"))) for n in imported(node)}
        if heavy := names & HEAVY - allowed:
            wrong[str(path.relative_to(ROOT))] = sorted(heavy)
    assert not wrong


def loaded_after(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import games.registry, games.solvers, games.conformance",
        "import renderers.scene, renderers.text, renderers.picture",
        "import players.specs, players.llm, players.table, players.human",
    ],
)
def test_importing_the_house_loads_nothing_heavy(statement: str) -> None:
    assert loaded_after(statement) & HEAVY == set()


def test_the_command_line_starts_with_typer_alone() -> None:
    loaded = loaded_after("import arena.cli")
    assert {"arena", "typer"} <= loaded
    assert loaded & (HEAVY - {"rich"}) == set(), "rich is what typer draws its help with"
