"""Servers that the arena starts and ends itself."""
