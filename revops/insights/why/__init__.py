"""Why a number moved: exact parts of a change, with the SQL that adds them up.

`explain(warehouse, "win_rate", now=…, before=…, by="segment")` divides the change of any
metric that is a sum, or a division of two sums, among slices. `chain` divides new MRR and
bookings among volume, rate and price; `fraction` a ratio between its numerator and denominator;
`bridge` walks MRR from one day to another. Nothing is left over, and what cannot be divided
is refused with the reason.
"""

from revops.insights.why.bridges import bridge
from revops.insights.why.chain_recipes import CHAINS
from revops.insights.why.chains import chain
from revops.insights.why.choice import Candidate, candidates
from revops.insights.why.explain import explain
from revops.insights.why.fractions import fraction
from revops.insights.why.model import Explanation, Part
from revops.insights.why.recipe import dimensions, refusal
from revops.insights.why.views import View, views
from revops.insights.why.words import signed

__all__ = [
    "CHAINS",
    "Candidate",
    "Explanation",
    "Part",
    "View",
    "bridge",
    "candidates",
    "chain",
    "dimensions",
    "explain",
    "fraction",
    "refusal",
    "signed",
    "views",
]
