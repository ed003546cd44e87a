"""Counting: one tally a tier, read from what the test runners write down rather than from what they print."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from devtools.say import Problem


class Missing(Problem):
	"""Something this machine lacks, so that a tier is skipped instead of failed."""


@dataclass
class Tally:
	"""What came of one tier, or of one part of it."""

	name: str
	passed: int = 0
	failed: int = 0
	skipped: int = 0
	remark: str = ""

	@property
	def total(self) -> int:
		"""Tests that ran."""
		return self.passed + self.failed

	def line(self) -> str:
		"""For the summary."""
		counts = f"{self.passed:5} passed  {self.failed:5} failed  {self.skipped:5} skipped"
		return f"  {self.name:24}{counts}" + (f"   {self.remark}" if self.remark else "")


def failure(name: str, remark: str) -> Tally:
	"""A tier that could not even begin counts as one failure, so that it cannot be overlooked."""
	return Tally(name, failed=1, remark=remark)


def from_junit(name: str, report: Path, exit_code: int, filtered: bool) -> Tally:
	"""pytest's own report. An exit code that the report does not explain is a failure too."""
	tally = Tally(name)
	if report.exists():
		for suite in ElementTree.parse(report).getroot().iter("testsuite"):
			failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
			skipped = int(suite.get("skipped", 0))
			tally.failed += failed
			tally.skipped += skipped
			tally.passed += max(int(suite.get("tests", 0)) - failed - skipped, 0)
	return _checked(tally, exit_code=0 if exit_code == 5 else exit_code, filtered=filtered)


def from_tap(name: str, report: Path, exit_code: int, filtered: bool) -> Tally:
	"""The closing lines of Node's TAP report."""
	text = report.read_text() if report.exists() else ""
	counts = {word: int(number) for word, number in re.findall(r"^# (\w+) (\d+)$", text, re.MULTILINE)}
	tally = Tally(
		name,
		passed=counts.get("pass", 0),
		failed=counts.get("fail", 0) + counts.get("cancelled", 0),
		skipped=counts.get("skipped", 0) + counts.get("todo", 0),
	)
	return _checked(tally, exit_code, filtered)


def from_unittest(name: str, output: str, exit_code: int) -> Tally:
	"""What Python's unittest prints at the end: `Ran 12 tests in 3.4s` and `FAILED (failures=1)`."""
	tally = Tally(name)
	ran = sum(int(number) for number in re.findall(r"^Ran (\d+) tests? in", output, re.MULTILINE))
	for word, number in re.findall(r"(failures|errors|skipped)=(\d+)", output):
		if word == "skipped":
			tally.skipped += int(number)
		else:
			tally.failed += int(number)
	tally.passed = max(ran - tally.failed - tally.skipped, 0)
	return _checked(tally, exit_code, filtered=False)


def _checked(tally: Tally, exit_code: int, filtered: bool) -> Tally:
	"""Nothing that went wrong may look like success: an unexplained exit code, or no test at all."""
	if exit_code and not tally.failed:
		tally.failed = 1
		tally.remark = f"ended with exit code {exit_code}"
	if not tally.total and not filtered:
		tally.failed = 1
		tally.remark = "ran no test"
	return tally
