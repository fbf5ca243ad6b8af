"""Optional packages: how the ones that are missing are installed."""

from __future__ import annotations


def install(extra: str) -> str:
    """The command for an extra of this project, which is installed from a checkout and from no registry."""
    return f"pip install -e '.[{extra}]' (in the checkout of exact-arena)"
