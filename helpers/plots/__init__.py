"""Charts, one call each: draws, says "In words: …" with the numbers, and shows the figure.

The message is the second argument. Names stand beside the data; what matters is in color, the rest
grey. ``words=`` replaces the sentence, ``ax=`` draws into axes that exist and does nothing else.

=============  ===================================================================================
lines          how does a number change along time, a setting, an order?
intervals      how sure are we of each estimate?
before_after   what changed in each row?
bars           how large is each?
scatter        how do two numbers go together, row by row?
histogram      how often does each value occur?
heat_map       where in a table are the high and the low values?
panels         the same chart for several tables
=============  ===================================================================================
"""

from helpers.plots.course import course_map, kpi_tree
from helpers.plots.estimates import intervals
from helpers.plots.grids import heat_map, panels
from helpers.plots.points import histogram, scatter
from helpers.plots.rows import bars, before_after
from helpers.plots.style import ACCENT, CONTEXT, INK, PALE, in_words, use_style
from helpers.plots.trends import lines

__all__ = [
    "ACCENT",
    "CONTEXT",
    "INK",
    "PALE",
    "bars",
    "before_after",
    "course_map",
    "heat_map",
    "histogram",
    "in_words",
    "intervals",
    "kpi_tree",
    "lines",
    "panels",
    "scatter",
    "use_style",
]
