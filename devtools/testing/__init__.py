"""The tiers of `bin/test`, each in a module, and how their results are counted."""
