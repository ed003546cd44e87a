"""The servers a command has started: kept in a file, so that a later call can stop what is left of them."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from devtools import shell
from devtools.say import Problem


class Processes:
	"""Servers running in the background, each in a session of its own, each with a log."""

	def __init__(self, folder: Path) -> None:
		"""`folder` keeps the list and the logs; a list from a call that was killed is read back."""
		self.folder = folder
		self.folder.mkdir(parents=True, exist_ok=True)
		self.list = folder / "processes.json"
		self.running: dict[str, dict[str, str | int]] = (
			json.loads(self.list.read_text()) if self.list.exists() else {}
		)
		self.children: dict[str, subprocess.Popen[bytes]] = {}
		self.started: set[str] = set()
		self.lock = threading.Lock()

	def log(self, name: str) -> Path:
		"""Where a server's output goes."""
		return self.folder / f"{name}.log"

	def start(
		self, name: str, command: shell.Command, cwd: Path, env: Mapping[str, str] | None = None
	) -> None:
		"""Start a server and remember it. The log is that of this call's servers, also when one is started again."""
		if name not in self.started:
			self.log(name).unlink(missing_ok=True)
		self.started.add(name)
		child = shell.start_detached(command, log=self.log(name), cwd=cwd, env=env)
		with self.lock:
			self.children[name] = child
			self.running[name] = {"pid": child.pid, "started": started_at(child.pid)}
			self.list.write_text(json.dumps(self.running))

	def dead(self) -> list[str]:
		"""The servers we started in this call that have ended by themselves."""
		return [name for name, child in list(self.children.items()) if child.poll() is not None]

	def require_alive(self) -> None:
		"""A server that ended at once is a Problem, told with the end of its log."""
		for name in self.dead():
			tail = "\n".join(self.log(name).read_text(errors="replace").splitlines()[-15:])
			raise Problem(f"The {name} server ended by itself. The end of {self.log(name)}:\n{tail}")

	def alive(self) -> list[str]:
		"""The remembered servers that still run."""
		return [name for name, entry in self.running.items() if is_ours(entry)]

	def pid(self, name: str) -> int:
		"""The server's process, which also names its group."""
		return int(self.running[name]["pid"])

	def kill(self, name: str) -> None:
		"""End one server and all it has started at once, without a word: as a power cut would."""
		self._end(name, signal.SIGKILL, 10)

	def end(self, name: str, seconds: float = 30) -> None:
		"""Ask one server to end, and wait until it has; for good if it takes too long."""
		if not self._end(name, signal.SIGTERM, seconds):
			self.kill(name)

	def _end(self, name: str, sign: signal.Signals, seconds: float) -> bool:
		"""Send a signal and wait; whether the server is gone. It no longer counts as one that must be alive."""
		child = self.children.pop(name)
		_signal_group(child.pid, sign)
		try:
			child.wait(seconds)
		except subprocess.TimeoutExpired:
			self.children[name] = child
			return False
		return True

	def stop(self) -> list[str]:
		"""Ask every server to end, and end those that do not within ten seconds; returns their names."""
		names = self.alive()
		for sign, seconds in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 3.0)):
			for name in self.alive():
				_signal_group(int(self.running[name]["pid"]), sign)
			self._wait(seconds)
		self.running = {}
		self.list.unlink(missing_ok=True)
		return names

	def _wait(self, seconds: float) -> None:
		deadline = time.monotonic() + seconds
		while time.monotonic() < deadline:
			for child in self.children.values():
				child.poll()
			if not self.alive():
				return
			time.sleep(0.1)


def find_children(pid: int) -> list[int]:
	"""The processes a process has started itself, such as a web server's workers."""
	listed = shell.capture(["ps", "-o", "pid=", "--ppid", str(pid)]).stdout
	return [int(word) for word in listed.split()]


def started_at(pid: int) -> str:
	"""When a process started, empty when it has ended: a number alone may belong to another process by now."""
	stat = Path(f"/proc/{pid}/stat")
	if not Path("/proc/self/stat").exists():
		return shell.capture(["ps", "-o", "lstart=", "-p", str(pid)]).stdout.strip()
	try:
		fields = stat.read_text().rpartition(")")[2].split()
	except OSError:
		return ""
	return "" if fields[0] == "Z" else fields[19]


def is_ours(entry: Mapping[str, str | int]) -> bool:
	"""Whether the remembered process still runs."""
	return bool(entry["started"]) and started_at(int(entry["pid"])) == entry["started"]


def _signal_group(pid: int, sign: signal.Signals) -> None:
	"""To the server and what it has started, such as web workers."""
	try:
		os.killpg(pid, sign)
	except ProcessLookupError:
		return
