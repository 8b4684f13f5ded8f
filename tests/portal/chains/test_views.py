"""Pages of the chain."""

from __future__ import annotations

from typing import Any

import pytest

from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.snapshots.models import Part


@pytest.fixture
def product(published) -> str:
    """A product that a gap candidate could make, so that its page has all sections."""
    for part in Part.objects.filter(snapshot=published, kind="product", audience="office"):
        if part.content()["candidates"]:
            return part.key
    raise AssertionError("the demonstration has candidates")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_the_chain_and_offices_alone_the_firms(client_of, product, role):
    client = client_of(role)
    assert client.get("/chain/").status_code == 200
    page = client.get(f"/chain/{product}/").content.decode()
    assert ("主要企业" in page or "可招引" in page) == (role in OFFICES)


def test_a_product_that_there_is_not_is_not_found(client_of, published):
    assert client_of(Role.COUNTY).get("/chain/no-such-product/").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_lists_are_exported(client_of, product, kind):
    for page in ("/chain/", f"/chain/{product}/"):
        answer = client_of(Role.PUBLIC).get(page, {"format": kind})
        assert answer.status_code == 200
        assert kind in answer.headers["Content-Disposition"]


def test_gaps_makers_and_candidates_are_exported_and_firms_to_offices_alone(client_of, product):
    for page, table in (("/chain/", "gaps"), (f"/chain/{product}/", "makers"), (f"/chain/{product}/", "candidates")):
        files = {
            role: client_of(role).get(page, {"format": "csv", "table": table}).content.decode("utf-8-sig").splitlines()
            for role in (Role.ADMINISTRATOR, Role.PUBLIC)
        }
        own, public = (file[1 : file.index("")] for file in files.values())
        assert own
        assert (public == []) == (table != "gaps")


def test_the_public_part_counts_no_fewer_than_three_firms(published):
    part: Any = Part.objects.get(snapshot=published, kind="chain", audience="public").content()
    counts = [number for number in (*part["local_firms"], *part["outside_firms"]) if number is not None]
    assert counts
    assert not {1, 2} & set(counts)
    assert "single_source" not in part["state"]
