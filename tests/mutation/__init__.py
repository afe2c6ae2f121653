"""Does a test fail when a condition in the SQL of the books is turned around: `make mutate`."""
