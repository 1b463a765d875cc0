"""`make bench`: ours, the peer and the limit in one run, and the ratios (see docs/benchmarks.md)."""
