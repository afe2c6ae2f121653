"""What a served dashboard needs beside its screens: questions watched, logs, metrics, health."""
