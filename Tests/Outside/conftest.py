"""What the tests share: a deployment for all of them, and small ones to be broken."""

import shutil

import pytest
from deployment import Deployment

# More than two pages of 2,000, so that reading all of them means following links.
CASES = 5_200
FEW_CASES = 20


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A deployment that the tests share; they leave each other's records alone."""
    with Deployment(tmp_path_factory.mktemp("shared") / "data", CASES) as deployment:
        with pytest.MonkeyPatch.context() as environment:
            # Where clients built on requests, and those built on Python's own ssl, look.
            environment.setenv("REQUESTS_CA_BUNDLE", deployment.ca_file)
            environment.setenv("SSL_CERT_FILE", deployment.ca_file)
            yield deployment


@pytest.fixture(scope="session")
def org(server):
    """The org with the many cases."""
    return server.orgs[0]


@pytest.fixture(scope="session")
def other_org(server):
    assert len(server.orgs) > 1, "the demonstration must have two orgs, to keep them apart"
    return server.orgs[1]


@pytest.fixture
def api(server, org):
    """The API in the name of the org's administrator."""
    return server.api(org.administrator)


@pytest.fixture(scope="session")
def small_deployment(tmp_path_factory):
    """A folder with a few cases that is not being served; only to be copied."""
    with Deployment(tmp_path_factory.mktemp("small") / "data", FEW_CASES) as deployment:
        deployment.stop()
    return deployment.data


@pytest.fixture
def own_data(small_deployment, tmp_path):
    """A deployment's folder for one test, not being served."""
    return shutil.copytree(small_deployment, tmp_path / "data")


@pytest.fixture
def own_server(own_data):
    """A deployment for one test, which may kill it."""
    with Deployment(own_data, FEW_CASES) as deployment:
        yield deployment
