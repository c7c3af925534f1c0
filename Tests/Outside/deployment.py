"""A deployment under test: the program, the orgs it serves and who may log in to them."""

import json
import os
import pathlib
import resource
import signal
import socket
import subprocess
import time
from dataclasses import dataclass

import requests

from wire import API, xml_text

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("STEWARD_BIN", ROOT / ".build/debug/steward")).resolve()

# A debug build makes a demonstration org, with its cases, in about a minute on a slow machine.
START_SECONDS = 240
STOP_SECONDS = 30


@dataclass(frozen=True)
class User:
    username: str
    password: str
    security_token: str
    profile: str
    role: str | None


@dataclass(frozen=True)
class Org:
    name: str
    label: str
    users: tuple[User, ...]
    client_id: str
    client_secret: str

    @property
    def administrator(self):
        return self.user("System Administrator")

    def user(self, profile):
        """A user with a profile: the last, since the first have permission sets beside it."""
        found = [user for user in self.users if user.profile == profile]
        assert found, f"{self.name} has no user with the profile {profile}"
        return found[-1]


class Deployment:
    """The program serving a folder, which it makes on the first start."""

    def __init__(self, data, cases):
        self.data = pathlib.Path(data)
        self.log = self.data.parent / f"{self.data.name}.log"
        self.cases = cases
        self.port, self.tls_port = free_ports(2)
        self.process = None
        self.tokens = {}

    # Its life

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.kill()

    def start(self):
        assert PROGRAM.exists(), f"there is no program {PROGRAM}: run `swift build` first"
        self.raise_limit()
        arguments = ["demo", "--data", self.data, "--port", self.port, "--tls-port", self.tls_port]
        arguments += ["--cases", self.cases]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process.poll() is None, f"the server ended at once:\n{self.last_words()}"
            assert time.monotonic() < deadline, f"the server does not answer:\n{self.last_words()}"
            time.sleep(0.05)

    def stop(self):
        """Asks the server to end, and expects that it does so in good order."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(STOP_SECONDS)
        assert status == 0, f"the server ended with {status}:\n{self.last_words()}"

    def kill(self):
        """Takes the server away without a warning."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def answers(self):
        try:
            return requests.get(f"{self.plain_url}/services/data", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def last_words(self):
        return self.log.read_text(errors="replace")[-8_000:]

    @staticmethod
    def raise_limit():
        """Lets this process, and the server after it, open as many files as the system does."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    # What it serves

    @property
    def plain_url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"https://localhost:{self.tls_port}"

    @property
    def facts(self):
        """What the program writes down for whoever tries the demonstration out."""
        return json.loads((self.data / "demo.json").read_text())

    @property
    def ca_file(self):
        return str(self.data / self.facts["caFile"])

    @property
    def orgs(self):
        return [
            Org(
                name=org["name"],
                label=org["label"],
                users=tuple(
                    User(
                        username=user["username"],
                        password=user["password"],
                        security_token=user["securityToken"],
                        profile=user["profile"],
                        role=user.get("role"),
                    )
                    for user in org["users"]
                ),
                client_id=org["clientId"],
                client_secret=org["clientSecret"],
            )
            for org in self.facts["orgs"]
        ]

    # Logging in

    def api(self, user, version="v62.0"):
        """The REST API in a user's name, with one session for all who ask."""
        if user.username not in self.tokens:
            self.tokens[user.username] = self.log_in(user)
        return API(self.plain_url, self.tokens[user.username], version)

    def org_id(self, org):
        answer = self.api(org.administrator).request("GET", "/services/oauth2/userinfo")
        return answer.json()["organization_id"]

    def log_in(self, user):
        """A new session."""
        response = self.soap_login(user.username, user.password + user.security_token)
        assert response.status_code == 200, response.text
        return xml_text(response.text, "sessionId")

    def soap_login(self, username, password, version="62.0", organization=None):
        scope = (
            f"<urn:LoginScopeHeader><urn:organizationId>{organization}</urn:organizationId>"
            "</urn:LoginScopeHeader>"
            if organization
            else ""
        )
        envelope = f"""<?xml version="1.0" encoding="utf-8"?>
            <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
                xmlns:urn="urn:partner.soap.sforce.com">
              <soapenv:Header>{scope}</soapenv:Header>
              <soapenv:Body><urn:login><urn:username>{username}</urn:username>
                <urn:password>{password}</urn:password></urn:login></soapenv:Body>
            </soapenv:Envelope>"""
        return requests.post(
            f"{self.plain_url}/services/Soap/u/{version}",
            data=envelope.strip().encode(),
            headers={"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": "login"},
            timeout=60,
        )

    def token_request(self, **form):
        return requests.post(f"{self.plain_url}/services/oauth2/token", data=form, timeout=60)


# Commands that show or write an org's records: one of its users signs in.
SIGNED_IN = ("query", "load", "export", "explain")


def signed_in(arguments):
    """The arguments with an administrator of the org, and the password of whoever is named."""
    arguments = list(map(str, arguments))
    environment = {}
    if arguments[0] not in SIGNED_IN or "--data" not in arguments or "--help" in arguments:
        return arguments, environment

    def option(name):
        return arguments[arguments.index(name) + 1] if name in arguments else None

    facts = pathlib.Path(option("--data")) / "demo.json"
    if not facts.exists():
        return arguments, environment
    orgs = json.loads(facts.read_text())["orgs"]
    users = [user for org in orgs for user in org["users"]]
    if "--as-user" not in arguments and (org := option("--org")):
        own = [user for each in orgs if each["name"] == org for user in each["users"]]
        # Whoever names no such org is told so before anybody signs in.
        admin = next((u for u in own or users if u["profile"] == "System Administrator"))
        arguments += ["--as-user", admin["username"]]
    name = option("--as-user")
    if "--password-file" in arguments:
        return arguments, environment
    password = next((user["password"] for user in users if user["username"] == name), "wrong")
    return arguments, {"STEWARD_PASSWORD": password}


def steward(*arguments, timeout=120, **options):
    """Runs a command of the program to its end."""
    arguments, environment = signed_in(arguments)
    options.setdefault("env", {**os.environ, **environment})
    options.setdefault("text", True)
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    return subprocess.run(
        [PROGRAM, *arguments],
        capture_output=True,
        timeout=timeout,
        **options,
    )


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
