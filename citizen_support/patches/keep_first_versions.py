"""Services that residents could use before versions were kept get a first one, to tell later changes against."""

from citizen_support import publishing


def execute() -> None:
	publishing.keep_first_versions()
