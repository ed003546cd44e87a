"""Ports on this machine: who listens, which are free, waiting until a server answers."""

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable

LOOPBACK = "127.0.0.1"


def is_open(port: int, host: str = LOOPBACK) -> bool:
	"""Whether something accepts connections there."""
	try:
		with socket.create_connection((host, port), timeout=1):
			return True
	except OSError:
		return False


def is_free(port: int) -> bool:
	"""Whether we could listen there; closed connections that linger do not count."""
	with socket.socket() as probe:
		probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		try:
			probe.bind((LOOPBACK, port))
		except OSError:
			return False
	return not is_open(port)


def free_port(wanted: int) -> int:
	"""The wanted port or the next free one after it."""
	for port in range(wanted, wanted + 200):
		if is_free(port):
			return port
	raise RuntimeError(f"no free port from {wanted} to {wanted + 199}")


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
	"""Ask again and again; False when it did not come true in time."""
	deadline = time.monotonic() + seconds
	while not condition():
		if time.monotonic() > deadline:
			return False
		time.sleep(0.2)
	return True


def answers(url: str, host: str | None = None) -> bool:
	"""Whether a web server answers the address with a good status."""
	request = urllib.request.Request(url, headers={"Host": host} if host else {})
	try:
		with urllib.request.urlopen(request, timeout=30) as response:
			return response.status < 400
	except (urllib.error.URLError, OSError):
		return False
