"""Which addresses of the internet the server may ask for somebody. Pure."""

import ipaddress


def is_public(address: str) -> bool:
	"""Whether an IP address is one of the open internet; one that dresses an IPv4 address as IPv6 is not asked."""
	ip = ipaddress.ip_address(address.partition("%")[0])
	if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo):
		return False
	return ip.is_global and not ip.is_multicast and not ip.is_reserved
