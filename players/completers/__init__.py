"""Where completions come from: one method, whoever answers."""
