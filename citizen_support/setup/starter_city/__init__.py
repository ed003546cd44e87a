"""The starter city: a believable catalogue as data files, loaded on demand, never over what a city changed."""

from citizen_support.setup.starter_city.loader import load

__all__ = ["load"]
