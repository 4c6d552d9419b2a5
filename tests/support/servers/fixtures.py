"""One server of each kind for a whole run, started when the first test asks for it. A test skips, with a word, where a program is missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers import web
from tests.support.servers.web import WebServer


@pytest.fixture(scope="session")
def nginx() -> Iterator[WebServer]:
    with web.nginx() as server:
        if isinstance(server, str):
            pytest.skip(server)
        yield server


@pytest.fixture(scope="session")
def apache() -> Iterator[WebServer]:
    with web.apache() as server:
        if isinstance(server, str):
            pytest.skip(server)
        yield server


@pytest.fixture(params=["nginx", "apache"])
def web_server(request: pytest.FixtureRequest) -> WebServer:
    return request.getfixturevalue(request.param)
