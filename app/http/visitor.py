"""Who asks, as far as an address tells."""

from ipaddress import IPv6Address, ip_address

from flask import request

NETWORK_BITS = 64
"""Of an IPv6 address: a household or an office has all addresses behind them."""


def visitor() -> str:
    """The visitor's address, by which limits count; of IPv6 its network."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:  # a socket without addresses, or a proxy that says something else
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return f"{IPv6Address(int(address) >> NETWORK_BITS << NETWORK_BITS)}/{NETWORK_BITS}"
    return str(address)
