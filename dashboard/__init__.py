"""The dashboard: a served page over a published warehouse, reading only through `revops`."""
