"""What is measured: each operation as Steward, the small service and the store are asked for it."""

import itertools
import json
import random
import time
from dataclasses import dataclass
from typing import Callable
from urllib.parse import quote

import plain_store
from connection import Request
from processes import API

STATUSES = ["Working", "Escalated"]
# None of the words that are searched for: what is created must not make searches slower.
TEXT = "It was seen again last night, after it had been quiet for a week, and nobody has come yet."
WORDS = ["lamp", "school", "bridge", "branch", "noise", "basement", "corner"]


@dataclass
class Operation:
    """One operation; each of its functions gives, or does, the next of many different ones."""

    name: str
    steward: Callable[[], Request]
    service: Callable[[], Request] | None = None
    store: Callable[[], object] | None = None
    is_administrators: bool = False
    rows: int = 1


class Operations:
    """The operations on one data set, with ids and words that are in it."""

    def __init__(self, people, cases, plain, seed=1):
        """
        `people`: the agent who asks, and the one who gets the new cases, as (username, id).
        `cases`: the first agent's cases, as (id, whether it is closed).
        """
        self.random = random.Random(seed)
        self.database = plain_store.connect(plain)
        (_, self.agent_id), (_, self.taker_id) = people
        self.agent, self.taker = (self.number_of(username) for username, _ in people)
        self.ids = [case for case, _ in cases]
        # A closed case that is changed to another status is open again, and in the list.
        self.open_ids = [case for case, is_closed in cases if not is_closed]
        numbers = 'SELECT "Id", "IsClosed" FROM "Case" WHERE "OwnerId" = ? AND "IsDeleted" = 0'
        found = self.rows(f"{numbers} LIMIT 2000", [self.agent])
        self.numbers = [number for number, _ in found]
        self.open_numbers = [number for number, is_closed in found if not is_closed]
        self.next_number = self.database.execute('SELECT MAX("Id") FROM "Case"').fetchone()[0]
        self.turns = itertools.count()
        self.changes = {}

    def all(self):
        """Those that only read come first: what is created would make them slower."""
        return [
            Operation(
                "read one",
                lambda: Request("GET", f"{API}/sobjects/Case/{self.random.choice(self.ids)}"),
                lambda: Request("GET", f"/cases/{self.random.choice(self.numbers)}"),
                lambda: self.rows(
                    plain_store.READ, [self.random.choice(self.numbers), self.agent]
                ),
            ),
            Operation("list view, agent", self.list, self.list_of_service, self.list_in_store),
            Operation(
                "list view, administrator",
                self.list,
                self.list_of_service,
                self.list_in_store,
                is_administrators=True,
            ),
            Operation(
                "my newest 50",
                lambda: self.query(
                    f"SELECT Id, CaseNumber, Subject, CreatedDate FROM Case WHERE OwnerId = "
                    f"'{self.agent_id}' ORDER BY CreatedDate DESC LIMIT 50"
                ),
            ),
            Operation(
                "join, 2,000 rows",
                lambda: self.query(
                    "SELECT Id, CaseNumber, Subject, Status, Priority, CreatedDate, Account.Name, "
                    "Contact.Name, Contact.Email, Owner.Name FROM Case ORDER BY Id DESC LIMIT 2000"
                ),
                lambda: Request("GET", "/join"),
                lambda: self.rows(plain_store.JOIN, []),
                is_administrators=True,
            ),
            Operation("text search", self.search, self.search_of_service, self.search_in_store),
            Operation(
                "report by status, month, owner",
                lambda: self.query(
                    "SELECT Status, CALENDAR_MONTH(CreatedDate) month, OwnerId, COUNT(Id) number "
                    "FROM Case GROUP BY Status, CALENDAR_MONTH(CreatedDate), OwnerId"
                ),
                lambda: Request("GET", "/report"),
                lambda: self.rows(plain_store.REPORT, []),
                is_administrators=True,
            ),
            Operation(
                "describe a case",
                lambda: Request("GET", f"{API}/sobjects/Case/describe"),
            ),
            Operation("update status", self.change, self.change_of_service, self.change_in_store),
            Operation(
                "create a case",
                lambda: self.post("sobjects/Case", self.new_case(self.taker_id)),
                lambda: Request("POST", "/cases", json.dumps(self.new_case(self.taker))),
                lambda: self.saved(1),
            ),
            Operation(
                "collection of 200",
                lambda: self.post("composite/sobjects", self.collection()),
                lambda: Request("POST", "/cases/many", json.dumps(self.new_cases(self.taker))),
                lambda: self.saved(200),
                rows=200,
            ),
        ]

    def mixed(self, operations):
        """Ten requests of which eight read, as (Steward's, the service's) pairs."""
        named = {each.name: each for each in operations}
        names = ["read one"] * 5 + ["list view, agent"] * 2 + ["text search"]
        names += ["create a case", "update status"]
        return [named[name] for name in names]

    # Requests to Steward

    def post(self, path, body):
        return Request("POST", f"{API}/{path}", json.dumps(body))

    def query(self, soql):
        return Request("GET", f"{API}/query?q={quote(soql)}")

    def list(self):
        return self.query(
            "SELECT Id, CaseNumber, Subject, Status, Priority, CreatedDate, Contact.Name FROM Case "
            f"WHERE OwnerId = '{self.agent_id}' AND IsClosed = false "
            "ORDER BY Priority, Id LIMIT 50"
        )

    def change(self):
        case = self.random.choice(self.open_ids)
        body = json.dumps({"Status": self.status(case)})
        return Request("PATCH", f"{API}/sobjects/Case/{case}", body)

    def search(self):
        sosl = (
            f"FIND {{{self.random.choice(WORDS)}}} IN ALL FIELDS "
            "RETURNING Case(Id, CaseNumber, Subject, Status LIMIT 50)"
        )
        return Request("GET", f"{API}/search?q={quote(sosl)}")

    def new_case(self, owner):
        turn = next(self.turns)
        return {
            "Subject": f"Another report, number {turn}",
            "Description": TEXT,
            "Status": "New",
            "Priority": "Medium",
            "Origin": "Web",
            "OwnerId": owner,
        }

    def new_cases(self, owner):
        return [self.new_case(owner) for _ in range(200)]

    def collection(self):
        record = {"attributes": {"type": "Case"}}
        records = [record | case for case in self.new_cases(self.taker_id)]
        return {"allOrNone": False, "records": records}

    def csv(self, count):
        lines = [",".join(self.new_case(""))]
        for _ in range(count):
            values = self.new_case(self.taker_id).values()
            lines.append(",".join(f'"{value}"' for value in values))
        return "\n".join(lines) + "\n"

    def status(self, case):
        """Never the one that the case had before, or nothing would be written."""
        self.changes[case] = self.changes.get(case, 0) + 1
        return STATUSES[self.changes[case] % 2]

    # Requests to the service

    def list_of_service(self):
        return Request("GET", f"/list/{self.agent}")

    def change_of_service(self):
        number = self.random.choice(self.open_numbers)
        body = json.dumps({"Status": self.status(("service", number))})
        return Request("PATCH", f"/cases/{number}", body)

    def search_of_service(self):
        return Request("GET", f"/search?q={self.random.choice(WORDS)}")

    # The store itself

    def number_of(self, username):
        return self.rows('SELECT "Id" FROM "User" WHERE "Username" = ?', [username])[0][0]

    def rows(self, statement, values):
        return self.database.execute(statement, values).fetchall()

    def list_in_store(self):
        return self.rows(plain_store.LIST, [self.agent])

    def search_in_store(self):
        return self.rows(plain_store.SEARCH, [self.random.choice(WORDS), self.agent])

    def change_in_store(self):
        number = self.random.choice(self.open_numbers)
        status = self.status(("store", number))
        values = [status, int(time.time() * 1000), number, self.agent]
        self.database.execute(plain_store.CHANGE, values)

    def saved(self, count):
        self.database.execute("BEGIN IMMEDIATE")
        now = int(time.time() * 1000)
        for _ in range(count):
            self.next_number += 1
            number, case = self.next_number, self.new_case(self.taker)
            label = str(number)[-8:]
            texts = [label, case["Subject"], case["Description"]]
            values = [number, self.taker, *texts, case["Priority"], None, now]
            self.database.execute(plain_store.CREATE, values)
            self.database.execute(plain_store.CREATE_WORDS, [number, *texts])
        self.database.execute("COMMIT")
