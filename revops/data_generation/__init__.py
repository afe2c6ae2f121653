"""The generator of sample data: an invented software company with stories to find."""

from revops.data_generation.files import DATASETS, generate, make_world, write
from revops.data_generation.stories import NO_STORIES, Stories, at_strength, only, plan

__all__ = [
    "DATASETS",
    "NO_STORIES",
    "Stories",
    "at_strength",
    "generate",
    "make_world",
    "only",
    "plan",
    "write",
]
