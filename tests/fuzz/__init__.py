"""Mutated files against every parser."""
