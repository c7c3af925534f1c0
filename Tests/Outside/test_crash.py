"""What was acknowledged is kept, and whole, whatever happens to the program.

And writers at the same time do not overrun each other.
"""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
import requests
from deployment import steward
from wire import API, eventually, refusal, unique

BATCH = 25
ROUNDS = 3


class Load:
    """Writers that work until the server goes away, and note what it acknowledged."""

    def __init__(self, server, mark):
        self.server = server
        self.mark = mark
        self.token = server.api(server.orgs[0].administrator).token
        self.singles = {}
        self.batches = {}
        self.attempted = []
        self.updates = {}
        self.deleted = []
        self.unexpected = []
        self.threads = [
            threading.Thread(target=self.work, args=(step, number))
            for number in range(2)
            for step in (self.create_one, self.create_batch, self.update_and_delete)
        ]

    def start(self):
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join(30)
            assert not thread.is_alive(), "a writer does not end"
        assert not self.unexpected, self.unexpected

    @property
    def acknowledged(self):
        return min(len(self.singles), len(self.batches), len(self.deleted))

    def work(self, step, number):
        api = API(self.server.plain_url, self.token)
        turn = 0
        while True:
            turn += 1
            try:
                step(api, f"{number}-{turn}")
            except requests.RequestException:
                # The server has gone: what it had not answered, it may have kept or not.
                return
            except AssertionError as error:
                self.unexpected.append(str(error))
                return

    def values(self, name):
        """One record, whose fields tell whether it is whole."""
        return {
            "Name": name,
            "Site": self.mark,
            "AccountNumber": name[-40:],
            "Description": name * 20,
            "BillingCity": name[-40:],
            "NumberOfEmployees": len(name),
        }

    def create_one(self, api, turn):
        name = f"one {self.mark} {turn}"
        record = api.create("Account", **self.values(name))
        self.singles[record] = name

    def create_batch(self, api, turn):
        name = f"batch {self.mark} {turn}"
        self.attempted.append(name)
        records = [
            {"attributes": {"type": "Account"}, **self.values(name), "Sic": str(number)}
            for number in range(BATCH)
        ]
        response = api.post("composite/sobjects", {"allOrNone": True, "records": records})
        assert response.status_code == 200, response.text
        results = response.json()
        assert all(result["success"] for result in results), response.text
        self.batches[name] = [result["id"] for result in results]

    def update_and_delete(self, api, turn):
        name = f"changed {self.mark} {turn}"
        record = api.create("Account", **self.values("before " + name))
        response = api.patch(f"sobjects/Account/{record}", self.values(name))
        assert response.status_code == 204, response.text
        self.updates[record] = name
        doomed = api.create("Account", **self.values("doomed " + name))
        assert api.delete(f"sobjects/Account/{doomed}").status_code == 204
        self.deleted.append(doomed)

    def check(self, api):
        """Everything acknowledged is there, and nothing is there in part."""
        fields = "Id, Name, Site, AccountNumber, Description, BillingCity, NumberOfEmployees, Sic"
        found = {
            record["Id"]: record
            for record in api.query(f"SELECT {fields} FROM Account WHERE Site = '{self.mark}'")
        }
        for record in found.values():
            whole = self.values(record["Name"])
            assert {field: record[field] for field in whole} == whole
        for record, name in {**self.singles, **self.updates}.items():
            assert record in found, f"{name} was acknowledged and is lost"
            assert found[record]["Name"] == name
        for record in self.deleted:
            assert record not in found, f"{record} was deleted and is back"
        for name in self.attempted:
            members = {record["Id"]: record for record in found.values() if record["Name"] == name}
            numbers = sorted(int(record["Sic"]) for record in members.values())
            if name in self.batches:
                assert set(self.batches[name]) == set(members), f"{name} is not all there"
            assert numbers in ([], list(range(BATCH))), f"{name} is there in part: {numbers}"
        # What can be found by its words is what is there.
        for name in list(self.batches)[:2]:
            sosl = f'FIND {{"{name}"}} IN NAME FIELDS RETURNING Account(Id)'
            hits = api.get("search", params={"q": sosl}).json()["searchRecords"]
            assert {hit["Id"] for hit in hits} >= set(self.batches[name])


def test_what_was_acknowledged_survives_a_kill(own_server):
    administrator = own_server.orgs[0].administrator
    loads = []

    for _ in range(ROUNDS):
        load = Load(own_server, unique())
        load.start()
        try:
            eventually("each kind of write was acknowledged", lambda: load.acknowledged >= 8, 90)
        finally:
            own_server.kill()
            load.join()
        loads.append(load)
        own_server.start()

        for each in loads:
            each.check(own_server.api(administrator))

    own_server.stop()
    doctor = steward("doctor", "--data", own_server.data)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr


def test_sessions_survive_a_kill(own_server):
    """Clients that were logged in need not notice."""
    api = own_server.api(own_server.orgs[0].administrator)
    assert api.get("limits").status_code == 200

    own_server.kill()
    own_server.start()

    assert api.get("limits").status_code == 200


def test_ids_are_not_given_twice_over_a_kill(own_server):
    api = own_server.api(own_server.orgs[0].administrator)
    before = [api.create("Account", Name=unique()) for _ in range(20)]
    api.delete(f"sobjects/Account/{before[-1]}")
    numbers = [api.read("Case", api.create("Case", Subject="x"))["CaseNumber"] for _ in range(3)]

    own_server.kill()
    own_server.start()

    after = [api.create("Account", Name=unique()) for _ in range(20)]
    assert not set(before) & set(after)
    more = [api.read("Case", api.create("Case", Subject="x"))["CaseNumber"] for _ in range(3)]
    assert not set(numbers) & set(more)
    assert more == sorted(more) and min(more) > max(numbers)


def test_an_orderly_end_finishes_what_was_begun(own_server):
    load = Load(own_server, unique())
    load.start()
    try:
        eventually("some writes were acknowledged", lambda: load.acknowledged >= 3, 60)
    finally:
        own_server.stop()
        load.join()

    own_server.start()

    load.check(own_server.api(own_server.orgs[0].administrator))


def test_two_servers_do_not_share_a_folder(own_server):
    second = steward("serve", "--data", own_server.data, "--port", 0, "--tls-port", 0, timeout=60)

    assert second.returncode != 0
    assert "served" in second.stderr + second.stdout
    assert own_server.answers()


def test_bulk_jobs_that_were_running_end_after_a_kill(own_server):
    """A job is done in the end, or says that it failed; no row is created twice."""
    api = own_server.api(own_server.orgs[0].administrator)
    mark = unique()
    rows = 3_000
    job = api.post("jobs/ingest", {"object": "Account", "operation": "insert"}).json()["id"]
    path = f"jobs/ingest/{job}"
    csv = "Name,Site\n" + "".join(f"{mark} {number},{mark}\n" for number in range(rows))
    upload = api.put(f"{path}/batches", data=csv, headers={"Content-Type": "text/csv"})
    assert upload.status_code == 201
    assert api.patch(path, {"state": "UploadComplete"}).status_code == 200
    where = f"WHERE Site = '{mark}'"
    eventually("the job has begun", lambda: api.count("Account", where) > 0, 60)

    own_server.kill()
    own_server.start()

    ended = eventually(
        "the job has ended",
        lambda: (
            (found := api.get(path).json())["state"] in ("JobComplete", "Failed", "Aborted")
            and found
        ),
        90,
    )
    names = [record["Name"] for record in api.query(f"SELECT Name FROM Account {where}")]
    assert len(names) == len(set(names)), "rows were created twice"
    if ended["state"] == "JobComplete":
        failed = ended["numberRecordsFailed"]
        assert len(names) == rows - failed
    succeeded = api.get(f"{path}/successfulResults").text.splitlines()[1:]
    assert len(succeeded) <= len(names)


# Writers at the same time


def test_of_two_writers_on_one_version_one_is_refused(server, api):
    account = api.create("Account", Name=unique(), Site="before")
    modified = datetime.strptime(
        api.read("Account", account)["LastModifiedDate"], "%Y-%m-%dT%H:%M:%S.%f%z"
    )
    # The header knows whole seconds only, so the version has to be older than one.
    eventually(
        "the version is a second old",
        lambda: datetime.now(timezone.utc) > modified.replace(microsecond=0) + timedelta(seconds=1),
    )
    condition = {"If-Unmodified-Since": format_datetime(modified, usegmt=True)}
    barrier = threading.Barrier(2)

    def write(site):
        own = API(server.plain_url, api.token)
        barrier.wait(10)
        return site, own.patch(f"sobjects/Account/{account}", {"Site": site}, headers=condition)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(write, ["first", "second"]))

    statuses = sorted(answer.status_code for _, answer in answers)
    assert statuses == [204, 412]
    winner = next(site for site, answer in answers if answer.status_code == 204)
    loser = next(answer for _, answer in answers if answer.status_code == 412)
    refusal(loser, 412, "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE")
    assert api.read("Account", account)["Site"] == winner


@pytest.mark.parametrize("writers", [8])
def test_upserts_by_one_external_id_create_one_record(server, api, writers):
    reference = unique("ref-")
    barrier = threading.Barrier(writers)

    def write(number):
        own = API(server.plain_url, api.token)
        barrier.wait(10)
        return own.patch(
            f"sobjects/Contact/Contact_Reference__c/{reference}", {"LastName": f"Silva {number}"}
        )

    with ThreadPoolExecutor(writers) as pool:
        answers = list(pool.map(write, range(writers)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * (writers - 1) + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert api.count("Contact", f"WHERE Contact_Reference__c = '{reference}'") == 1


def test_creates_with_one_unique_value_create_one_record(server, api):
    reference = unique("ref-")
    barrier = threading.Barrier(8)

    def write(_):
        own = API(server.plain_url, api.token)
        barrier.wait(10)
        return own.post(
            "sobjects/Contact", {"LastName": "Silva", "Contact_Reference__c": reference}
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(write, range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 7
    for answer in answers:
        if answer.status_code == 400:
            refusal(answer, 400, "DUPLICATE_VALUE")


def test_case_numbers_are_given_once(server, api):
    def write(_):
        own = API(server.plain_url, api.token)
        records = [{"attributes": {"type": "Case"}, "Subject": "number"}] * 10
        return [
            result["id"] for result in own.post("composite/sobjects", {"records": records}).json()
        ]

    with ThreadPoolExecutor(6) as pool:
        ids = [record for batch in pool.map(write, range(6)) for record in batch]

    quoted = ",".join(f"'{record}'" for record in ids)
    found = api.query(f"SELECT CaseNumber FROM Case WHERE Id IN ({quoted})")
    assert len({record["CaseNumber"] for record in found}) == 60


# A folder that is damaged


def test_the_doctor_finds_a_record_whose_parent_is_gone(own_data):
    """Something that no request can do, and that a failing disk can."""
    files = [file for file in (own_data / "orgs").rglob("*") if file.is_file()]
    database = max(files, key=lambda file: file.stat().st_size)
    with open(database, "r+b") as file:
        size = database.stat().st_size
        for place in range(size // 4, size - 4_096, size // 12):
            file.seek(place)
            file.write(b"\xde\xad\xbe\xef" * 512)

    doctor = steward("doctor", "--data", own_data)

    assert doctor.returncode == 1, doctor.stdout + doctor.stderr
    assert "problem" in doctor.stdout


def test_the_doctor_finds_a_database_that_is_none(own_data):
    files = [file for file in (own_data / "orgs").rglob("*") if file.is_file()]
    database = max(files, key=lambda file: file.stat().st_size)
    with pytest.raises(sqlite3.DatabaseError):
        database.write_bytes(b"nonsense " * 1_000)
        sqlite3.connect(database).execute("SELECT * FROM sqlite_master").fetchall()

    doctor = steward("doctor", "--data", own_data)

    assert doctor.returncode != 0
    assert "Fatal error" not in doctor.stderr


def test_a_server_that_finds_damage_refuses_in_words(own_server):
    """The other org goes on; the damaged one is refused, and the program stays up."""
    one, other = own_server.orgs[:2]
    api = own_server.api(other.administrator)
    folder_of = {
        side.name: [
            file
            for file in (own_server.data / "orgs").rglob("*")
            if file.is_file() and own_server.api(side.administrator).token[:15] in str(file)
        ]
        for side in (one, other)
    }
    assert folder_of[one.name], "no file is named for the org"
    own_server.stop()
    for file in folder_of[one.name]:
        file.write_bytes(b"nonsense " * 1_000)
    own_server.start()

    damaged = own_server.api(one.administrator).ask("SELECT Id FROM Case LIMIT 1")

    assert damaged.status_code >= 400
    assert api.ask("SELECT Id FROM Account LIMIT 1").status_code == 200
    assert own_server.process.poll() is None
