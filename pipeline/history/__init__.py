"""The dated state of deals and customers: what was so on which day, and since when known."""
