"""Addresses to which the portal may send: nobody shall make it knock at the doors of its own network."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from gaoyuan.errors import InputError

__all__ = ["AddressRefused", "Target", "target_of"]

_PORTS = {"https": 443, "http": 80}


class AddressRefused(InputError):
    """An address to which the portal does not send."""


@dataclass(frozen=True, slots=True)
class Target:
    """A webhook's address, taken apart, with the IP address that was looked up and checked: connecting to that one, and
    not to the name again, leaves no time in which the name could come to mean another.
    """

    secure: bool
    host: str
    ip: str
    port: int
    path: str


def target_of(address: str) -> Target:
    """Look an address up and check it. Raises AddressRefused where it is no https address, its name leads nowhere, or
    where it leads into a private network; the portal's setting `GAOYUAN_WEBHOOKS_INSIDE` allows http and those.
    """
    inside = settings.WEBHOOKS_INSIDE
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port, parts = "", 0, urlsplit("")
    if not host or parts.scheme not in (("https", "http") if inside else ("https",)) or parts.username is not None:
        raise AddressRefused(
            "this is no address of a webhook",
            mend="Write https://host/path, without user and password.",
            zh="这不是可用的回调地址",
            mend_zh="写成 https://主机/路径，不含用户名和密码",
        )
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(
            f"the name {host} leads nowhere",
            mend="Check the name; the portal's server has to reach it.",
            zh=f"找不到主机 {host}",
            mend_zh="核对主机名；平台服务器须能访问",
        ) from None
    addresses = [str(one[4][0]) for one in found]
    if not inside and not all(ipaddress.ip_address(one.partition("%")[0]).is_global for one in addresses):
        raise AddressRefused(
            f"{host} lies in a private network",
            mend="Name an address of the public network, or ask the portal's administrators.",
            zh=f"{host} 属于内部网络",
            mend_zh="填写公网地址，或联系平台管理员",
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, addresses[0], port, path)
