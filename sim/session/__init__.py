"""Games: worlds that people play, rewind and branch, with a log of everything that was done by hand.

A game is a tree of lines. A line is one run of a scenario, every turn of it kept; a branch leaves its parent
after some turn and goes its own way on the same luck. There are no screens here: what the terminal
application does, a script can do too.
"""

from sim.session.game import Game
from sim.session.line import Line, Moment
from sim.session.log import FACILITATOR, Entry

__all__ = ["FACILITATOR", "Entry", "Game", "Line", "Moment"]
