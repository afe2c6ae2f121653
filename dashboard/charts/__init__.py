"""Every figure of the page as pure functions (frame, brand) -> figure, drawn once, then refilled."""
