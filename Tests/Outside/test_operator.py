"""Whoever operates a deployment reads no records: its commands are done by users who sign in."""

import json
import os
import re
import subprocess

import pytest
from deployment import PROGRAM, SIGNED_IN, steward

# What the others do without showing or changing a record's contents.
WITHOUT_RECORDS = {
    "serve": "answers requests of those who sign in",
    "demo": "makes and serves invented data",
    "org": "makes and lists orgs",
    "user": "makes users and resets passwords",
    "deploy": "changes definitions",
    "backup": "copies files",
    "restore": "copies files",
    "doctor": "compares digests and counts",
    "jobs": "shows kinds and errors of jobs",
    "webhook": "shows where webhooks go",
    "restriction": "shows and applies orders, which are public",
    "accountability": "makes the office",
    "log": "shows what is public",
}


def run_as_operator(*arguments, password=None):
    """Runs a command with nobody signed in but by what is said here."""
    environment = {name: text for name, text in os.environ.items() if name != "STEWARD_PASSWORD"}
    if password is not None:
        environment["STEWARD_PASSWORD"] = password
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    )


def test_every_command_is_known_to_read_records_or_not():
    text = steward("--help").stdout
    commands = set(re.findall(r"^  ([a-z]+) ", text[text.index("SUBCOMMANDS") :], re.MULTILINE))

    assert commands - {"help"} == set(WITHOUT_RECORDS) | set(SIGNED_IN)


@pytest.mark.parametrize(
    "command",
    [
        ["query", "SELECT Id FROM Case"],
        ["query", "--explain", "SELECT Id FROM Case"],
        ["load", "Contact", "people.csv"],
        ["export", "out"],
        ["explain", "access", "ben.okafor@harborview.example", "500000000000001"],
        ["explain", "assignment", "500000000000001"],
        ["explain", "flow", "Close_Open_Tasks", "500000000000001"],
    ],
    ids=" ".join,
)
def test_records_are_read_by_users_who_sign_in(small_deployment, command):
    options = ["--data", small_deployment, "--org", "harborview"]
    nobody = run_as_operator(*command, *options)
    assert nobody.returncode not in (0, -5) and "--as-user" in nobody.stderr
    admin = ["--as-user", "admin@harborview.example"]
    silent = run_as_operator(*command, *options, *admin)
    assert silent.returncode not in (0, -5) and "STEWARD_PASSWORD" in silent.stderr
    wrong = run_as_operator(*command, *options, *admin, password="guessed")
    assert wrong.returncode not in (0, -5) and "password is wrong" in wrong.stderr
    other = run_as_operator(
        *command,
        *("--data", small_deployment, "--org", "larkspur", *admin),
        password="guessed",
    )
    assert other.returncode not in (0, -5)


def test_a_password_can_stand_in_a_file(small_deployment, tmp_path):
    facts = json.loads((small_deployment / "demo.json").read_text())
    user = next(
        user
        for org in facts["orgs"]
        for user in org["users"]
        if user["username"] == "admin@harborview.example"
    )
    file = tmp_path / "password"
    file.write_text(user["password"] + "\n")
    done = run_as_operator(
        *("query", "--data", small_deployment, "--as-user", user["username"]),
        *("--password-file", file, "SELECT COUNT() FROM Organization"),
    )
    assert done.returncode == 0, done.stderr
