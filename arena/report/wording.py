"""What a report explains to a reader who sees one for the first time."""

HOW_TO_READ = (
    "Every game here is solved, so each legal action has an exact value. Regret is the payoff that an action "
    "gave away: the value under best play minus the value after it. It is in the payoff of its game (win +1, "
    "draw 0, loss -1, or points) and can't be compared between games.",
    "A real choice is a turn whose legal actions differ in payoff. Only these say anything of skill. "
    "Proof depth is the number of plies to the end under best play: how far one has to look to be sure.",
    "A blunder lets the class of the result fall: a win becomes a draw or a loss, or a draw a loss.",
    "Three things stand apart: legality (was the reply an allowed action), skill (what allowed actions gave "
    "away) and faults of the world (a provider that is down: not scored, played again).",
    "Intervals cover 95 %. They are bootstrapped over pairs of matches, since the plies of one match, and "
    "two matches from one opening, do not vary independently. Where a share is 0 or 100 % in all pairs, the "
    "Wilson interval with pairs as units stands in. An interval of width 0 elsewhere says that the pairs of "
    "this run agree, not that others would; with one pair there is no interval.",
    "A claim is the status of the board after its move as the player stated it; marked cells are right.",
    "Points: 1 for a win, 1/2 for a draw, forfeits are losses; alone, a positive return is a win.",
)
