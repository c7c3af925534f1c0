"""Deciders, the orders that they sign, and the log that tells of them."""

import datetime
import json
from dataclasses import dataclass

from deployment import steward

REASONS = {
    "facts": "Letters were sent to people who had asked for none.",
    "ground": "Mass outreach is no part of the declared purpose.",
    "aim": "No more such letters; nothing else changes.",
    "lesserSteps": ["A talk: declined twice."],
    "thirdParties": "Those who wait for an answer still get it.",
    "reversal": "A purpose that covers outreach.",
    "imminentHarm": "More letters tonight.",
}


def run(*arguments):
    done = steward(*arguments)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def moment(seconds=0):
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Deciders:
    """Two people of two chains, whom a deployment knows; their keys are files of a folder."""

    data: object
    folder: object

    @staticmethod
    def declare(data, folder):
        people = []
        for name, chain in [("Ada", "operator"), ("Bea", "council")]:
            public = run("restriction", "key", folder / f"{name}.key").strip()
            people.append({"name": name, "chain": chain, "publicKey": public})
        (data / "accountability").mkdir(exist_ok=True)
        (data / "accountability" / "deciders.json").write_text(json.dumps(people))
        return Deciders(data, folder)

    def order(
        self,
        org_id,
        kind,
        target=None,
        number=1,
        seconds=3_600,
        signers=("Ada", "Bea"),
        decision=None,
        rule="AUP-07@3",
    ):
        """The file of an order of emergency that counts from now on, signed."""
        order = {
            "org": org_id,
            "restriction": {
                "id": f"R-{number}",
                "decision": decision or f"D-{number}",
                "rule": rule,
                "kind": kind,
                "target": target or {},
                "startsAt": moment(),
                "endsAt": moment(seconds),
            },
            "urgency": "emergency",
            "noticedAt": moment(),
            "requestedBy": "Dov",
            "reasons": REASONS,
            "signatures": [],
        }
        return self.sign(order, f"order-{number}", signers)

    def one_more(self, org_id, number):
        """An order that goes on from no other: the same may not be withheld again and again."""
        client = {"client": f"client-{number}"}
        return self.order(org_id, "integration", client, number=number)

    def lift(self, org_id, number=1, decision=None, signers=("Ada", "Bea")):
        """The file of a lift, signed."""
        lift = {
            "org": org_id,
            "restriction": f"R-{number}",
            "decision": decision or f"D-{number}",
            "reasons": "No letter has gone out since.",
            "requestedBy": "Dov",
            "signatures": [],
        }
        return self.sign(lift, f"lift-{number}", signers)

    def sign(self, paper, name, signers):
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(paper))
        for name in signers:
            key = self.folder / f"{name}.key"
            file.write_text(run("restriction", "sign", file, "--as", name, "--key", key))
        return file

    def apply(self, file):
        return run("restriction", "apply", file, "--data", self.data)
