"""The servers that are measured: started on loopback, watched, and ended whatever happens."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
from urllib.parse import quote

from connection import Connection, Request

ROOT = pathlib.Path(__file__).resolve().parents[2]
API = "/services/data/v62.0"
START_SECONDS = 60


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Process:
    """A server, ended when its block ends."""

    def __init__(self, arguments, log, environment=None):
        self.log = open(log, "ab")
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [str(each) for each in arguments],
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, **(environment or {})},
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def first_answer(self, url, request, token=None):
        """Seconds from the start until a request is answered."""
        while True:
            if self.process.poll() is not None:
                raise SystemExit(f"bench: a server ended early; see {self.log.name}")
            if time.perf_counter() - self.began > START_SECONDS:
                raise SystemExit(f"bench: a server did not answer; see {self.log.name}")
            with contextlib.suppress(OSError):
                with Connection(url, token) as connection:
                    connection.ask(request)
                    return time.perf_counter() - self.began
            time.sleep(0.002)

    def memory(self):
        """Resident megabytes, of the process and of those that it started."""
        return sum(resident(pid) for pid in family(self.process.pid)) / 1024


def family(pid):
    yield pid
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            children = pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
            for child in children:
                yield from family(int(child))


def resident(pid):
    with contextlib.suppress(OSError):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


class Steward:
    """The program with a data folder of its own, made from the seed."""

    def __init__(self, program, folder, cases):
        self.program = program
        self.data = folder / "steward"
        self.log = folder / "steward.log"
        self.port, self.tls_port = free_ports(2)
        self.url = f"http://localhost:{self.port}"
        self.tls_url = f"https://localhost:{self.tls_port}"
        began = time.perf_counter()
        subprocess.run(
            [program, "demo", "--only-make", "--data", self.data, "--cases", str(cases)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.making_seconds = time.perf_counter() - began
        known = json.loads((self.data / "demo.json").read_text())
        self.ca_file = known["caFile"]
        self.org = known["orgs"][0]
        self.records = self.data / "orgs" / self.org["id"] / "records.sqlite"

    def start(self):
        ports = ["--port", self.port, "--tls-port", self.tls_port]
        return Process([self.program, "serve", "--data", self.data, *ports], self.log)

    def login(self, username):
        """The access token of a user, and the user's id."""
        user = next(each for each in self.org["users"] if each["username"] == username)
        fields = {
            "grant_type": "password",
            "client_id": self.org["clientId"],
            "client_secret": self.org["clientSecret"],
            "username": username,
            "password": user["password"] + user["securityToken"],
        }
        body = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
        form = "application/x-www-form-urlencoded"
        with Connection(self.url) as connection:
            answer = connection.ask(Request("POST", "/services/oauth2/token", body, form))
        return answer["access_token"], answer["id"].rsplit("/", 1)[1]

    def query(self, token, soql):
        with Connection(self.url, token) as connection:
            answer = connection.ask(Request("GET", f"{API}/query?q={quote(soql)}"))
        return answer["records"]

    def disk(self):
        """Megabytes of the org's files; to be asked when the server has ended."""
        files = self.records.parent.iterdir()
        return sum(each.stat().st_size for each in files) / 1e6


class Service:
    """The small Python service on a plain copy of the same tables."""

    folder = ROOT / "Benchmarks" / "Service"

    def __init__(self, folder, database):
        self.log = folder / "service.log"
        self.database = database
        (self.port,) = free_ports(1)
        self.url = f"http://localhost:{self.port}"
        self.python = pathlib.Path(os.environ.get("BENCH_PYTHON", sys.executable))

    @property
    def is_there(self):
        command = [self.python, "-c", "import fastapi, uvicorn"]
        try:
            return subprocess.run(command, capture_output=True, check=False).returncode == 0
        except OSError:
            return False

    def start(self):
        options = ["--port", self.port, "--workers", 2, "--no-access-log", "--log-level", "warning"]
        arguments = [self.python, "-m", "uvicorn", "--app-dir", self.folder, "service:app"]
        return Process([*arguments, *options], self.log, {"SERVICE_DATABASE": str(self.database)})
