"""Looking at a run while somebody else plays it: only its growing record is read."""
