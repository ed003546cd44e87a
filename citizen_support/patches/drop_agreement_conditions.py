"""Agreements are put on requests directly now; conditions left from before would only cost time."""

from citizen_support.host import agreements


def execute() -> None:
	agreements.drop_conditions()
