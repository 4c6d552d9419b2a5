"""Options, shared data and hypothesis profiles for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.servers import ceph, rclone, swift
from tests.support.servers.buckets import make_bucket
from tests.support.servers.fixtures import apache, nginx, web_server

__all__ = ["apache", "nginx", "web_server"]

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

settings.register_profile(
    "suite",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
settings.register_profile(
    "soak", deadline=None, max_examples=5000, suppress_health_check=list(HealthCheck), database=None
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long tests")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("soak" if config.getoption("--soak") else "suite")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--soak"):
        return
    skip = pytest.mark.skip(reason="long run: ./test soak")
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real records and vectors that lie beside the project; a test that needs them skips where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("shared/data is not beside the project")
    return SHARED


@pytest.fixture(scope="session")
def swift_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[swift.Swift]:
    """OpenStack Swift with a bucket."""
    folder = tmp_path_factory.mktemp("swift")
    reason = swift.missing() or swift.lacks_attributes(folder)
    if reason:
        pytest.skip(reason)
    server = swift.Swift(folder)
    try:
        server.start()
        make_bucket(server)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def rclone_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rclone.Rclone]:
    """`rclone serve s3` with a bucket."""
    if reason := rclone.missing():
        pytest.skip(reason)
    server = rclone.Rclone(tmp_path_factory.mktemp("rclone"))
    try:
        server.start()
        make_bucket(server)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def ceph_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ceph.Ceph]:
    """Ceph's gateway with a bucket: long runs only."""
    if reason := ceph.missing():
        pytest.skip(reason)
    server = ceph.Ceph(tmp_path_factory.mktemp("ceph"))
    try:
        server.start()
        make_bucket(server)
        yield server
    finally:
        server.stop()
