"""What a report explains to a reader who sees one for the first time, each beside what it explains."""

POINTS = (
    "Points: 1 for a win, 1/2 for a draw, forfeits are losses; alone, 1 for a positive return. "
    "Legal at first try: turns whose first reply was an allowed action."
)
SKILL = (
    "Every legal action has an exact value here. Optimal choices and regret are of real choices, turns whose "
    "legal actions differ in payoff. Regret is the payoff that an action gave away (win +1, draw 0, loss -1, "
    "or points of the game); it can't be compared between games."
)
INTERVALS = (
    "In brackets the 95 % interval over pairs of matches (one opening, seats swapped), the same that "
    "`arena measure` prints, and n: matches, turns or choices."
)
FEW = "?: too few pairs, or too few that differ from each other, for the interval to be trusted."
UNEQUAL = (
    "The players have played from {low} to {high} matches: points a match compare only as far as they met "
    "the same opponents equally often."
)
FORFEITS = (
    "{n} of these results are forfeits (no allowed action, or none in time). Points{rated} count them as "
    "losses, so they mix legality with skill; what allowed actions gave away does not."
)
NO_JOINT_RATING = (
    "Ratings are by game: one scale over several games would say more of how many matches each game had than "
    "of the players. `arena rate --joint` makes one all the same."
)
NO_JOINT_REGRET = (
    "Points, forfeits and legality may be added over games; what an action gave away may not, so skill is "
    "by game."
)
BLUNDERS = "A blunder lets the class of the result fall: a win becomes a draw or a loss, or a draw a loss."
PROOF_DEPTH = "Proof depth: plies to the end under best play, how far one has to look to be sure."
CLAIMS = "A claim is the status of the board after its move as the player stated it; marked cells are right."
