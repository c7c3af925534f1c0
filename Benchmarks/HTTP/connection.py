"""One keep-alive connection, spoken to in bytes, so that the client costs as little as it can."""

import json
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: str | None = None
    content_type: str = "application/json"

    def bytes(self, host, token):
        """The request as it goes over the wire."""
        body = (self.body or "").encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if self.body is not None:
            lines += [f"Content-Type: {self.content_type}", f"Content-Length: {len(body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Refused(Exception):
    """An answer that is not a success."""


class Connection:
    def __init__(self, url, token=None, ca_file=None):
        parts = urlsplit(url)
        self.host, self.token = parts.netloc, token
        self.socket = socket.create_connection(("127.0.0.1", parts.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=ca_file)
            self.socket = context.wrap_socket(self.socket, server_hostname=parts.hostname)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def timed(self, request):
        """Seconds from the first byte sent to the last one received."""
        message = request.bytes(self.host, self.token)
        began = time.perf_counter()
        self.socket.sendall(message)
        status, body = self.receive()
        seconds = time.perf_counter() - began
        if not 200 <= status < 300:
            raise Refused(f"{request.method} {request.path}: {status} {body[:300]!r}")
        return seconds

    def ask(self, request):
        """The answer's body as JSON, or as text where it is none."""
        self.socket.sendall(request.bytes(self.host, self.token))
        status, body = self.receive()
        if not 200 <= status < 300:
            raise Refused(f"{request.method} {request.path}: {status} {body[:300]!r}")
        try:
            return json.loads(body) if body else None
        except ValueError:
            return body.decode()

    def receive(self):
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            self.more()
        head = self.buffer[:end].lower()
        self.buffer = self.buffer[end + 4 :]
        status = int(head[9:12])
        if (at := head.find(b"\r\ncontent-length:")) >= 0:
            length = int(head[at + 17 :].split(b"\r\n", 1)[0])
            return status, self.take(length)
        if b"\r\ntransfer-encoding: chunked" in head:
            return status, self.chunks()
        return status, b""

    def chunks(self):
        body = []
        while True:
            while (end := self.buffer.find(b"\r\n")) < 0:
                self.more()
            length = int(self.buffer[:end], 16)
            self.buffer = self.buffer[end + 2 :]
            body.append(self.take(length))
            self.take(2)
            if length == 0:
                return b"".join(body)

    def take(self, length):
        parts, missing = [self.buffer], length - len(self.buffer)
        while missing > 0:
            parts.append(self.received())
            missing -= len(parts[-1])
        whole = b"".join(parts)
        self.buffer = whole[length:]
        return whole[:length]

    def more(self):
        self.buffer += self.received()

    def received(self):
        part = self.socket.recv(1 << 18)
        if not part:
            raise Refused("the server closed the connection")
        return part
