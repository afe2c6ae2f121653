"""The revenue domain: reads a built warehouse, never writes one."""
