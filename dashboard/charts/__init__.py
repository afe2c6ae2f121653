"""Every figure of the page: pure functions (frame, brand) -> figure, drawn once, then refilled."""
