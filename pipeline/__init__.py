"""Builds the warehouse: the only code of this project that writes one."""
