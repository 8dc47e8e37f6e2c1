"""Benchmarks: the product and what it is compared with, in one run, as ratios of CPU time."""
