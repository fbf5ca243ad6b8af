"""Who chooses: baselines, humans and language models. Knows no record and no tournament."""
