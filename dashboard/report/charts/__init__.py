"""Charts as SVG, as pure functions: (frame, brand, currency) -> markup. Text stays text."""
