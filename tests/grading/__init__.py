"""Are the insight rules right, and are they quiet: `make grade`."""
