"""The yardstick: what somebody would write in an afternoon for one team and one set of tables.

FastAPI on uvicorn, its own SQL, SQLite with durable commits (synchronous=FULL), a bearer token that
names the user, and one check of rights: a case is its owner's, and an administrator sees all. There
is no metadata, no field rights, no sharing, no validation and no history.
"""

import json
import os
import sys
import time
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request, Response

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "HTTP"))
import plain_store

app = FastAPI(openapi_url=None)
database = plain_store.connect(os.environ["SERVICE_DATABASE"])


def answer(value, status=200):
    return Response(json.dumps(value), status, media_type="application/json")


def caller(request):
    """The user's number, and whether it is an administrator: `Bearer 123` or `Bearer 123.admin`."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    number, _, role = token.partition(".")
    if kind != "Bearer" or not number.isdigit():
        raise HTTPException(401)
    return int(number), role == "admin"


def rows(statement, values, names):
    return [dict(zip(names, row)) for row in database.execute(statement, values)]


def names(statement):
    return [column[0] for column in database.execute(statement + " LIMIT 0").description]


CASE = names('SELECT * FROM "Case"')
LIST = ["Id", "CaseNumber", "Subject", "Status", "Priority", "CreatedDate", "Contact"]
JOIN = [*LIST[:6], "Account", "Contact", "Email", "Owner", "Queue"]


def insert(case):
    """A case with its words, within the open transaction."""
    (number,) = database.execute('SELECT MAX("Id") + 1 FROM "Case"').fetchone()
    label, subject, text = str(number)[-8:], case["Subject"], case.get("Description")
    values = [number, case["OwnerId"], label, subject, text, case.get("Priority"), None]
    database.execute(plain_store.CREATE, [*values, int(time.time() * 1000)])
    database.execute(plain_store.CREATE_WORDS, [number, label, subject, text])
    return number


def saved(work):
    database.execute("BEGIN IMMEDIATE")
    try:
        result = work()
        database.execute("COMMIT")
        return result
    except BaseException:
        database.execute("ROLLBACK")
        raise


@app.get("/")
async def nothing():
    return answer([])


@app.post("/cases")
async def create(request: Request):
    caller(request)
    case = await request.json()
    return answer({"id": saved(lambda: insert(case)), "success": True}, 201)


@app.post("/cases/many")
async def create_many(request: Request):
    caller(request)
    cases = await request.json()
    return answer(saved(lambda: [insert(case) for case in cases]), 201)


@app.get("/cases/{number}")
async def read(number: int, request: Request):
    found = rows(plain_store.READ, [number, caller(request)[0]], CASE)
    if not found:
        raise HTTPException(404)
    return answer(found[0])


@app.patch("/cases/{number}")
async def change(number: int, request: Request):
    owner, _ = caller(request)
    status = (await request.json())["Status"]
    values = [status, int(time.time() * 1000), number, owner]
    if saved(lambda: database.execute(plain_store.CHANGE, values).rowcount) == 0:
        raise HTTPException(404)
    return Response(status_code=204)


@app.get("/list/{owner}")
async def my_open_cases(owner: int, request: Request):
    number, is_administrator = caller(request)
    if number != owner and not is_administrator:
        raise HTTPException(403)
    return answer(rows(plain_store.LIST, [owner], LIST))


@app.get("/join")
async def join(request: Request):
    if not caller(request)[1]:
        raise HTTPException(403)
    return answer(rows(plain_store.JOIN, [], JOIN))


@app.get("/search")
async def search(q: str, request: Request):
    return answer(rows(plain_store.SEARCH, [q, caller(request)[0]], LIST[:4]))


@app.get("/report")
async def report(request: Request):
    if not caller(request)[1]:
        raise HTTPException(403)
    return answer(rows(plain_store.REPORT, [], ["Status", "Month", "Owner", "Count"]))
