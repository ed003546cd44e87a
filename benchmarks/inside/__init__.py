"""The part of the benchmarks that runs in a site, in the bench's own Python (see `__main__`)."""
