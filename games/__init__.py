"""Rules and exact solvers. Knows no prompt, colour, clock or network."""
