"""Ears on this machine, and forty ways to write the address of one: whoever fetches any of them is heard."""

import socket
import threading
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"


@dataclass
class Listeners:
	"""Sockets on every loopback address, and one that plays the proxy to the world.

	:ivar heard: the first line of each connection, with where it came in.
	"""

	heard: list[str] = field(default_factory=list)
	port: int = 0
	proxy_port: int = 0
	_sockets: list[socket.socket] = field(default_factory=list)

	def __enter__(self) -> "Listeners":
		self.port = self._listen(LOOPBACK, 0)
		self._listen("127.0.0.2", self.port)
		if socket.has_ipv6:
			self._listen("::1", self.port)
		self.proxy_port = self._listen(LOOPBACK, 0)
		return self

	def __exit__(self, *details: object) -> None:
		for ear in self._sockets:
			ear.close()

	def as_proxy(self) -> dict[str, str]:
		"""What makes HTTP libraries ask through us: names that nobody resolves are heard as well."""
		address = f"http://{LOOPBACK}:{self.proxy_port}"
		return dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), address) | {
			"NO_PROXY": "",
			"no_proxy": "",
		}

	def _listen(self, host: str, port: int) -> int:
		ear = socket.create_server(
			(host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=50
		)
		self._sockets.append(ear)
		number = ear.getsockname()[1]
		threading.Thread(target=self._hear, args=(ear, f"{host}:{number}"), daemon=True).start()
		return number

	def _hear(self, ear: socket.socket, name: str) -> None:
		while True:
			try:
				connection, _peer = ear.accept()
			except OSError:
				return
			with connection:
				connection.settimeout(2)
				try:
					line = connection.recv(1000).split(b"\r\n")[0].decode("latin-1")
				except OSError:
					line = ""
				self.heard.append(f"{name} was asked: {line}")
				with_nothing = b"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
				try:
					connection.sendall(with_nothing)
				except OSError:
					continue


def write_addresses(port: int) -> list[str]:
	"""Ways to write the address of a server of our own, as those do who want a filter to miss it."""
	hosts = (
		"127.0.0.1 localhost 127.1 127.0.1 127.0.0.2 127.255.255.254 0.0.0.0 0 2130706433 017700000001 0x7f000001 0x7f.0.0.1 "
		"0177.0.0.1 0177.0.1 127.0.0.1. 127.000.000.001 0x7f.1 00000177.0.0.1 [::1] [::] [0:0:0:0:0:0:0:1] "
		"[::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::127.0.0.1] [64:ff9b::7f00:1] LOCALHOST localhost. "
		"ip6-localhost sub.localhost ①②⑦.⓪.⓪.① 127。0。0。1 127.0.0.1.nip.io localtest.me 169.254.169.254 "
		"metadata.google.internal hostile.example"
	).split()
	addresses = [f"http://{host}:{port}/x{number}" for number, host in enumerate(hosts)]
	own = f"{LOOPBACK}:{port}"
	return [
		*addresses,
		f"http://city.example@{own}/user",
		f"http://{own}#@city.example/",
		f"http://city.example\\@{own}/",
		f"//{own}/scheme",
		f"https://{own}/tls",
		f"ftp://{own}/ftp",
		f"gopher://{own}/_x",
		f"file://{own}/etc/passwd",
		"file:///etc/passwd",
		f"HTTP://{own}/upper",
		f"http:{own}/",
		f"http:\t//{own}/tab",
		f"dict://{own}/x",
		f"jar:http://{own}!/x",
	]
