"""Pages of cluster and chain propose the next service to who may open it, and open its form filled."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import PUBLIC, Viewer
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.trades.proposing import next_of_chain, next_of_cluster

pytestmark = pytest.mark.django_db
CHAIN = {
    "product": ["P1"],
    "product_name": ["法兰"],
    "makers": [7],
    "state": ["strong"],
    "lacks": ["P2", "P3"],
    "lacks_name": ["锻件", "钢"],
    "lacks_for": ["法兰", "别的"],
    "lacks_state": ["missing", "strong"],
}


def viewer(role: Role) -> Viewer:
    return Viewer(role, None, Organisation.objects.create(name=f"some {role}", kind=role, division="370202"))


def addresses(role: Role) -> list[str]:
    return [one.address for one in next_of_cluster(viewer(role), CHAIN)]


def test_a_missing_input_of_many_makers_proposes_demand_and_pool_to_a_firm() -> None:
    proposed = addresses(Role.ENTERPRISE)
    assert any(one.startswith("/services/supply-demand/new/?title=") for one in proposed)
    assert any(one.startswith("/services/pool/new/?title=") and "product=P2" in one for one in proposed)
    assert not any("P3" in one or "candidates" in one for one in proposed)


def test_an_office_is_shown_whom_to_invite_and_the_public_nothing() -> None:
    assert any(one.endswith("#candidates") for one in addresses(Role.COUNTY))
    assert next_of_cluster(PUBLIC, CHAIN) == []
    assert next_of_cluster(viewer(Role.ENTERPRISE), {}) == []


def test_what_many_firms_use_across_the_chain_proposes_a_pool() -> None:
    rows = [
        {"product": "P1", "product_name": "法兰", "state": "strong", "local_firms": 5},
        {"product": "P2", "product_name": "钢", "state": "strong", "local_firms": None},
    ]
    uses = {"product": ["P1", "P1"], "input": ["P2", None]}
    (one,) = next_of_chain(viewer(Role.CLUSTER), rows, uses)
    assert one.address.startswith("/services/pool/new/")


def test_the_pages_show_what_comes_next(published: Snapshot, client_of: Callable[[Role], Client]) -> None:
    page = client_of(Role.ENTERPRISE).get("/chain/").content.decode()
    links = re.findall(r'href="(/services/pool/new/\?[^"]+)"', page)
    assert links
    form = client_of(Role.CLUSTER).get(links[0].replace("&amp;", "&"))
    assert form.status_code == 200
    assert 'id="next"' not in client_of(Role.PUBLIC).get("/chain/").content.decode()
