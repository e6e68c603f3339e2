"""Benchmarks: each against a bare limit in the same run."""
