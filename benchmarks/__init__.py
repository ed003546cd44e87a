"""`bin/benchmark`: how fast the app is, beside a stock bench, at scale, and what it takes of memory.

The modules here drive from outside and need nothing but Python. What has to look into a site stands in
`inside/` and is run by the bench's own Python.
"""
