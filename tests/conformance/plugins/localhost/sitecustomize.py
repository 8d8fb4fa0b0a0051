"""Every Python process that starts with this folder on its path finds names below ``.localhost`` on this machine.

RFC 6761 says they are, but not every resolver does.
"""

import socket

_asked = socket.getaddrinfo


def _answered(host, *arguments, **options):
    local = isinstance(host, str) and host.endswith(".localhost")
    return _asked("127.0.0.1" if local else host, *arguments, **options)


socket.getaddrinfo = _answered
