"""A draft of a service tried on the requests that really came, before it goes live."""

from citizen_support.replay.report import show_report
from citizen_support.replay.service import cancel, forget_old, get_progress, run, start, stop

__all__ = ["cancel", "forget_old", "get_progress", "run", "show_report", "start", "stop"]
