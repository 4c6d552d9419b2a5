"""Brings the loopback interface up in a fresh network namespace, where no tool for it is installed. Needs root, as the namespace did."""

from __future__ import annotations

import fcntl
import socket
import struct

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
    answer = fcntl.ioctl(handle, SIOCGIFFLAGS, struct.pack("16sh", b"lo", 0))
    flags = struct.unpack("16sh", answer)[1]
    fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))
