"""For tools that still ask for setup.py; everything there is to say stands in pyproject.toml."""

from setuptools import setup

setup()
