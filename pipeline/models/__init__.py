"""The SQL models: found by path, ordered by what they read, run and described."""
