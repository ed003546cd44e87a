"""Which addresses of the internet the server may ask for somebody. Pure."""

import ipaddress

# All that is given out for the open internet in IPv6 lies in here; what lies beside it leads into one's own network, or
# dresses an IPv4 address.
_OPEN_IPV6 = ipaddress.ip_network("2000::/3")
# Not for the open internet either, and Python's own list does not know them: documentation, old 6to4 relays.
_CLOSED = tuple(map(ipaddress.ip_network, ("3fff::/20", "192.88.99.0/24")))


def is_public(address: str) -> bool:
	"""Whether an IP address is one of the open internet; one that dresses an IPv4 address as IPv6 is not asked."""
	ip = ipaddress.ip_address(address.partition("%")[0])
	if isinstance(ip, ipaddress.IPv6Address) and (ip not in _OPEN_IPV6 or ip.sixtofour or ip.teredo):
		return False
	if any(ip in network for network in _CLOSED):
		return False
	return ip.is_global and not ip.is_multicast and not ip.is_reserved
