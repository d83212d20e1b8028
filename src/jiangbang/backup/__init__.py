"""Copies of an installation: taken while it works, checked without it, put back into an empty one."""
