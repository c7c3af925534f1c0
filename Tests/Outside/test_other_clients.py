"""The platform through aiosalesforce as it comes from PyPI."""

import asyncio
import ssl
from urllib.parse import urlsplit

import httpx
import pytest
from aiosalesforce import Salesforce
from aiosalesforce.auth import ClientCredentialsFlow, SoapLogin
from aiosalesforce.exceptions import (
    AuthenticationError,
    MoreThanOneRecordError,
    NotFoundError,
    SalesforceError,
)
from wire import is_record_id, unique


class ToTheServer(httpx.AsyncHTTPTransport):
    """Takes requests to the only hosts that the client allows to the server under test."""

    def __init__(self, server):
        super().__init__(verify=ssl.create_default_context(cafile=server.ca_file))
        self.target = urlsplit(server.url)

    async def handle_async_request(self, request):
        request.url = request.url.copy_with(
            scheme=self.target.scheme, host=self.target.hostname, port=self.target.port
        )
        request.headers["Host"] = self.target.netloc
        return await super().handle_async_request(request)


def run(server, auth, work, **options):
    """Runs the work with a client, in an event loop of its own."""

    async def main():
        async with httpx.AsyncClient(transport=ToTheServer(server), timeout=60) as http_client:
            client = Salesforce(http_client, "https://acme.my.salesforce.com", auth, **options)
            return await work(client)

    return asyncio.run(main())


@pytest.fixture
def by_soap(org):
    user = org.administrator
    return SoapLogin(user.username, user.password, user.security_token)


@pytest.fixture
def by_client(org):
    return ClientCredentialsFlow(org.client_id, org.client_secret)


def test_login_by_soap_and_by_client_credentials(server, by_soap, by_client):
    for auth in (by_soap, by_client):
        limits = run(server, auth, lambda client: client.get_limits())
        assert limits["DailyApiRequests"]["Max"] > 5_000


def test_a_wrong_login(server):
    wrong = SoapLogin(unique() + "@example.org", unique(), unique())

    # The client takes a fault, which is a 500, for worth trying again.
    with pytest.raises(AuthenticationError) as refused:
        run(server, wrong, lambda client: client.get_limits(), retry_policy=None)

    assert refused.value.error_code == "INVALID_LOGIN"


def test_records_are_created_read_changed_upserted_and_deleted(server, by_soap):
    reference = unique("ref-")

    async def work(client):
        contact = await client.sobject.create("Contact", {"LastName": "Silva"})
        assert is_record_id(contact)
        await client.sobject.update("Contact", contact, {"Title": "Clerk"})
        read = await client.sobject.get("Contact", contact, fields=["LastName", "Title"])
        assert (read["LastName"], read["Title"]) == ("Silva", "Clerk")

        created = await client.sobject.upsert(
            "Contact", reference, "Contact_Reference__c", {"LastName": "Sousa"}
        )
        updated = await client.sobject.upsert(
            "Contact", reference, "Contact_Reference__c", {"LastName": "Abreu"}
        )
        assert (created.created, updated.created) == (True, False)
        assert created.id == updated.id
        found = await client.sobject.get("Contact", reference, "Contact_Reference__c")
        assert found["LastName"] == "Abreu"

        await client.sobject.delete("Contact", reference, "Contact_Reference__c")
        await client.sobject.delete("Contact", contact)
        with pytest.raises(NotFoundError):
            await client.sobject.get("Contact", contact)

    run(server, by_soap, work)


def test_a_query_follows_its_pages(server, by_soap, api):
    async def work(client):
        return [record["Id"] async for record in client.query("SELECT Id FROM Case")]

    ids = run(server, by_soap, work)

    assert len(ids) == len(set(ids)) == api.count("Case") > 5_000


def test_a_composite_request_with_references(server, by_soap):
    name = unique()

    async def work(client):
        async with client.composite(all_or_none=True, autoraise=True) as composite:
            account = composite.sobject.create("Account", {"Name": name})
            contact = composite.sobject.create(
                "Contact", {"LastName": name, "AccountId": str(account.reference.id)}
            )
            found = composite.query(f"SELECT Account.Name FROM Contact WHERE LastName = '{name}'")
        assert is_record_id(account.id) and is_record_id(contact.id)
        assert found.records[0]["Account"]["Name"] == name

    run(server, by_soap, work)


def test_a_batch(server, by_soap):
    name = unique()

    async def work(client):
        async with client.composite.batch(halt_on_error=True, autoraise=True) as batch:
            account = batch.sobject.create("Account", {"Name": name})
            found = batch.query("SELECT Id FROM Organization")
        assert is_record_id(account.id)
        assert len(found.records) == 1

    run(server, by_soap, work)


def test_errors(server, by_soap):
    address = unique("a") + "@example.org"

    async def work(client):
        for _ in range(2):
            await client.sobject.create("Contact", {"LastName": "Silva", "Email": address})
        with pytest.raises(MoreThanOneRecordError):
            await client.sobject.get("Contact", address, "Email")
        with pytest.raises(SalesforceError) as refused:
            await client.sobject.create("Contact", {"FirstName": "Ana"})
        assert refused.value.error_code == "REQUIRED_FIELD_MISSING"

    run(server, by_soap, work)


def test_many_requests_at_once(server, by_soap):
    async def work(client):
        tasks = [client.sobject.create("Account", {"Name": unique()}) for _ in range(60)]
        return await asyncio.gather(*tasks)

    assert len(set(run(server, by_soap, work))) == 60
