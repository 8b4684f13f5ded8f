"""What the tests of the portal share: a published sample, and people of every role."""

from __future__ import annotations

from collections.abc import Callable
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
