"""A record as something to look at: in a window, as pictures and films, as a page."""
