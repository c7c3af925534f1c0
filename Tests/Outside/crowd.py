"""Many connections at once, by one thread."""

import selectors
import socket
from dataclasses import dataclass, field

from wire import connect


class Crowd:
    """Connections to the server that are all open at the same time."""

    def __init__(self, port, count, receive_buffer=None):
        self.members = []
        try:
            for _ in range(count):
                self.members.append(connect(port, receive_buffer=receive_buffer))
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for member in self.members:
            member.close()

    def say(self, *pieces):
        """Each sends the same, and nobody listens."""
        for member in self.members:
            for piece in pieces:
                member.sendall(piece)

    def ask(self, request, at_once, timeout=60):
        """Each sends the request and waits for its answer, so many of them at one time.

        Gives the heads of the answers, in the order of the connections.
        """
        heads = []
        for start in range(0, len(self.members), at_once):
            heads += self.listen(self.members[start : start + at_once], request, timeout)
        return heads

    @staticmethod
    def listen(members, request, timeout):
        with selectors.DefaultSelector() as selector:
            answers = [Partial() for _ in members]
            for member, answer in zip(members, answers):
                member.sendall(request)
                selector.register(member, selectors.EVENT_READ, answer)
            while selector.get_map():
                events = selector.select(timeout)
                waiting = len(selector.get_map())
                assert events, f"{waiting} of {len(members)} were not answered in {timeout} s"
                for key, _ in events:
                    if key.data.take(key.fileobj):
                        selector.unregister(key.fileobj)
        return [answer.head for answer in answers]


@dataclass
class Partial:
    """An answer of which some may be missing yet."""

    received: bytearray = field(default_factory=bytearray)

    def take(self, connection: socket.socket):
        """Takes what is there, and says whether that is all."""
        some = connection.recv(1 << 16)
        assert some, f"the server closed the connection after {bytes(self.received[:500])!r}"
        self.received += some
        head, mark, body = bytes(self.received).partition(b"\r\n\r\n")
        return bool(mark) and len(body) >= length_in(head)

    @property
    def head(self):
        return bytes(self.received).partition(b"\r\n\r\n")[0].decode("latin-1")


def length_in(head):
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise AssertionError(f"no Content-Length in {head!r}")
