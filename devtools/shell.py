"""Running other programs: quietly, with their output shown when they fail."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from devtools.say import Problem, note, step

Command = Sequence["str | Path"]


def has(program: str) -> bool:
	"""Whether a program can be started by its name."""
	return shutil.which(program) is not None


def capture(
	command: Command,
	cwd: Path | None = None,
	env: Mapping[str, str] | None = None,
	stdin: str | None = None,
	timeout: float | None = None,
) -> subprocess.CompletedProcess[str]:
	"""Run and keep the output, both streams in one; the caller judges the exit code."""
	try:
		return subprocess.run(
			[str(part) for part in command],
			cwd=cwd,
			env=env,
			input=stdin,
			stdin=subprocess.DEVNULL if stdin is None else None,
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
			text=True,
			errors="replace",
			timeout=timeout,
			check=False,
		)
	except subprocess.TimeoutExpired as error:
		output = f"no answer within {timeout:.0f} seconds"
		return subprocess.CompletedProcess(error.cmd, 124, stdout=output)


def run(
	command: Command,
	cwd: Path | None = None,
	env: Mapping[str, str] | None = None,
	failure: str = "",
	timeout: float | None = None,
) -> str:
	"""Run something that has to succeed; its output is returned, or shown in the Problem when it fails."""
	done = capture(command, cwd=cwd, env=env, timeout=timeout)
	if done.returncode:
		what = failure or f"`{Path(str(command[0])).name}` failed."
		tail = "\n".join(done.stdout.strip().splitlines()[-25:])
		raise Problem(f"{what}\n{tail}")
	return done.stdout


def show(
	command: Command,
	cwd: Path | None = None,
	env: Mapping[str, str] | None = None,
	limit: float | None = None,
) -> int:
	"""Run with the output going straight to the terminal; the exit code is returned.

	When we are interrupted, or after `limit` seconds, it is ended with everything it has started: a test
	runner would leave its browsers behind.
	"""
	child = subprocess.Popen(
		[str(part) for part in command],
		cwd=cwd,
		env=env,
		stdin=subprocess.DEVNULL,
		start_new_session=True,
	)
	try:
		return child.wait(limit)
	except BaseException as reason:
		_end_group(child)
		if isinstance(reason, subprocess.TimeoutExpired):
			return 124
		raise


def _end_group(child: subprocess.Popen[bytes]) -> None:
	"""First as Ctrl-C would, so that it can still tidy up and tell; then for good."""
	for sign, seconds in ((signal.SIGINT, 10), (signal.SIGKILL, 5)):
		with suppress(ProcessLookupError, subprocess.TimeoutExpired):
			os.killpg(child.pid, sign)
			child.wait(seconds)


def start_detached(
	command: Command, log: Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
	"""Start a server in a session of its own, so that Ctrl-C reaches only us; its output goes to the log."""
	with log.open("ab") as output:
		return subprocess.Popen(
			[str(part) for part in command],
			cwd=cwd,
			env=env,
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT,
			start_new_session=True,
		)


def as_root(command: Command) -> list[str]:
	"""The command as root would run it, or a Problem when we are not root and have no sudo."""
	words = [str(part) for part in command]
	if os.geteuid() == 0:
		return words
	if has("sudo"):
		return ["sudo", *words]
	raise Problem(f"This needs root rights, and there is no sudo here. As root: {' '.join(words)}")


def may_become_root() -> bool:
	"""Whether root commands can be run without asking a person for a password."""
	return os.geteuid() == 0 or (has("sudo") and capture(["sudo", "-n", "true"]).returncode == 0)


def install_debian_packages(packages: Sequence[str]) -> None:
	"""Install what is missing with apt-get; says plainly what to install by hand where it cannot."""
	wanted = " ".join(packages)
	by_hand = f"Install these yourself and try again: {wanted}"
	if not has("apt-get"):
		raise Problem(f"This system has no apt-get. {by_hand}")
	if not may_become_root():
		raise Problem(f"Packages are missing and we are not root.\n  sudo apt-get install {wanted}")
	step(f"Installing Debian packages: {wanted}")
	env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
	if capture(as_root(["apt-get", "-q", "update"]), env=env).returncode:
		note("apt-get update failed; trying with the package lists that are here")
	run(
		as_root(["apt-get", "-qy", "install", "--no-install-recommends", *packages]),
		env=env,
		failure=f"apt-get could not install the packages. {by_hand}",
	)
