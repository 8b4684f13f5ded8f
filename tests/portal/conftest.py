"""What the tests of the portal share: a published sample, people of every role, and a served sample for browsers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.snapshots.publishing import publish
from gaoyuan.workspace import Workspace

PASSWORD = "a long enough phrase 47"
DIVISIONS = {Role.PROVINCE: "370000", Role.CITY: "370200", Role.COUNTY: "370202"}
"""The sample province is Shandong by its codes."""

ClientOf = Callable[[Role], Client]
_WEB = Path(__file__).parents[2] / "web"
_PATIENCE_SECONDS = 400


@dataclass(frozen=True)
class Served:
    """A running `gaoyuan serve --public`: where it is, and the folder that it serves."""

    address: str
    folder: Path


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, demonstrated: Workspace) -> None:
    """Publish the demonstration's results once into the test database, and make an organisation of every kind."""
    with django_db_blocker.unblock(), translation.override("zh-hans"):
        platform = Organisation.objects.create(
            name="平台 Platform", kind=Role.ADMINISTRATOR, workspace=str(demonstrated.path)
        )
        above: dict[Role, Organisation] = {Role.ADMINISTRATOR: platform}
        parents = {
            Role.CITY: Role.PROVINCE,
            Role.COUNTY: Role.CITY,
            Role.CLUSTER: Role.COUNTY,
            Role.ENTERPRISE: Role.COUNTY,
        }
        clusters = demonstrated.read("cluster", ["cluster_id"])["cluster_id"].to_pylist()
        firms = demonstrated.read("cluster_member", ["enterprise_id"])["enterprise_id"].to_pylist()
        subjects = {Role.CLUSTER: clusters[0], Role.ENTERPRISE: firms[0]}
        for role in Role:
            if role in {Role.PUBLIC, Role.ADMINISTRATOR}:
                continue
            above[role] = Organisation.objects.create(
                name=f"{role.value} of the tests",
                kind=role,
                parent=above[parents.get(role, Role.ADMINISTRATOR)],
                division=DIVISIONS.get(role, ""),
                subject=subjects.get(role, ""),
            )
        for role, organisation in above.items():
            user = User.objects.create_user(role.value, f"{role.value}@example.org", PASSWORD)
            if role == Role.ADMINISTRATOR:
                user.is_staff = user.is_superuser = True
                user.save()
            Membership.objects.create(user=user, organisation=organisation)
        publish(demonstrated, platform, public=True)


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    """Keep what tests upload, and the workspaces that they make, in a folder of their own."""
    settings.PORTAL = tmp_path / "portal"
    settings.MEDIA_ROOT = tmp_path / "portal" / "files"


@pytest.fixture
def published(db: None) -> Snapshot:
    """The snapshot of the demonstration, which belongs to the platform and is public."""
    return Snapshot.objects.get(shown=True)


@pytest.fixture
def client_of(db: None) -> ClientOf:
    """Give a client that is signed in as a person of a role; the public is signed in as nobody."""

    def signed_in(role: Role) -> Client:
        client = Client()
        if role != Role.PUBLIC:
            client.force_login(User.objects.get(username=role.value), "django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture(scope="session")
def served(demonstrated: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy of the demonstration as `gaoyuan serve --public` serves it, to browsers too, for the whole run."""
    folder = shutil.copytree(demonstrated.path, tmp_path_factory.mktemp("served") / "sample")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).parent / "gaoyuan"
    command = [str(program), "serve", str(folder), "--port", str(port), "--public", "--quiet"]
    environment = {name: value for name, value in os.environ.items() if name not in {"GAOYUAN_PORTAL", "DATABASE_URL"}}
    # Nobody is asked for tiles until somebody shows the base map; then a test gives them.
    environment["GAOYUAN_TIANDITU_KEY"] = "of-the-tests"
    log = folder.parent / "serve.log"
    with log.open("w") as told:
        process = subprocess.Popen(command, stdout=told, stderr=told, env=environment)
    until = time.monotonic() + _PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    else:
        process.kill()
        pytest.fail(f"the server did not start: {log.read_text()}")
    yield Served(f"http://127.0.0.1:{port}", folder)
    process.send_signal(signal.SIGINT)
    process.wait(60)


@pytest.fixture(scope="session")
def address(served: Served) -> str:
    """Where the sample is served."""
    return served.address


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which `make setup` installs: the rules that find what some people cannot use."""
    script = _WEB / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed: rm -r src/gaoyuan/portal/static && scripts/build-web.sh")
    return script.read_text(encoding="utf-8")
