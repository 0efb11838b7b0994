"""Staged cases, and the programs that render them. Nothing in them was ever filmed."""
