"""What the tests of the portal share: a published sample, people of every role, and a served sample for browsers."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.snapshots.publishing import publish
from gaoyuan.workspace import Workspace

from .databases import Databases, Filling, copy_file
from .served import Served
from .walking import People

PASSWORD = "a long enough phrase 47"
DIVISIONS = {Role.PROVINCE: "370000", Role.CITY: "370200", Role.COUNTY: "370202"}
"""The sample province is Shandong by its codes."""

ClientOf = Callable[[Role], Client]
_WEB = Path(__file__).parents[2] / "web"
_PEOPLE = Path(__file__).with_name("people.py")
_IN_MEMORY = "file:gaoyuan-tests?mode=memory&cache=shared"


@pytest.fixture(scope="session")
def databases(made_once: Path) -> Iterator[Databases]:
    """Where portals of the tests get their databases from."""
    made = Databases(made_once, Path(__file__), made_once / "workspace-demonstration" / "made")
    yield made
    made.drop()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    databases: Databases,
    demonstrated: Workspace,
) -> Iterator[None]:
    """Give the test database: people of every role, and the demonstration's results, which one of the processes of a
    run publishes; the others copy its database.
    """
    with django_db_blocker.unblock():
        before = str(connection.settings_dict["NAME"])
        with databases.alone("published"):
            found = databases.has("published")
            if not found:
                databases.require_migrated()
            made = _create_database(databases, "published" if found else "migrated")
            if not found:
                _fill(demonstrated)
                if connection.vendor == "postgresql":
                    connection.close()
                databases.keep(made, "published")
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(before, verbosity=0)


def _create_database(databases: Databases, filling: Filling) -> str:
    """Create the test database as a copy; what Django would still migrate there is nothing. Gives what it is called."""
    asked = connection.settings_dict["TEST"]
    asked["MIGRATE"] = False
    if connection.vendor == "postgresql":
        asked["TEMPLATE"] = databases.template(filling)
        return connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    asked["NAME"] = _IN_MEMORY
    # It lives as long as somebody is connected.
    with closing(sqlite3.connect(_IN_MEMORY, uri=True)):
        copy_file(databases.template(filling), _IN_MEMORY)
        return connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


def _fill(demonstrated: Workspace) -> None:
    """Make an organisation and a person of every kind, and publish the demonstration's results for everybody."""
    with translation.override("zh-hans"):
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


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> Iterator[None]:
    """Each of Django's clients begins with a look at all static files, which are the same for all of them."""
    listed: dict[str, StaticFile] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def add(self: WhiteNoiseMiddleware) -> None:
        if not listed:
            look(self)
            listed.update(self.files)
        self.files.update(listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add)
        yield


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
def served(
    django_db_setup: None, databases: Databases, demonstrated: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A copy of the demonstration as `gaoyuan serve --public` serves it, to browsers too, for the whole run. People of
    every role are there, as in the test database, of which its own is a copy.
    """
    folder = shutil.copytree(demonstrated.path, tmp_path_factory.mktemp("served") / "sample")
    environment = databases.environment(folder / "portal", "published")
    # Nobody is asked for tiles until somebody shows the base map; then a test gives them.
    environment["GAOYUAN_TIANDITU_KEY"] = "of-the-tests"
    running = Served(folder, environment, "--no-publish")
    running.do(_PEOPLE, "move_in", str(folder))
    yield running
    running.end()


@pytest.fixture(scope="session")
def sessions(served: Served) -> dict[str, str]:
    """People of every role in the served portal: role to the key of somebody's session."""
    return served.do(_PEOPLE, "sign_in")


@pytest.fixture(scope="module")
def people_with(
    request: pytest.FixtureRequest, browser: Browser, served: Served, axe: str
) -> Iterator[Callable[[Mapping[str, str]], People]]:
    """Give people in browsers of their own, by the keys of their sessions in the served portal; they leave with the
    module.
    """
    made: list[People] = []

    def people(keys: Mapping[str, str]) -> People:
        walk = request.path.stem.removeprefix("test_").removesuffix("_in_browser")
        made.append(People(browser, served, axe, keys, walk))
        return made[-1]

    yield people
    for one in made:
        one.close()


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
