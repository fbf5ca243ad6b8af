"""A person at the board: what is shown, what a click means, and what is told at the end."""
