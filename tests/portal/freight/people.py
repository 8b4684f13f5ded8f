"""A planner, shippers and a carrier: what is done inside the portal that is served."""

from __future__ import annotations

from collections.abc import Callable

from gaoyuan.portal.accounts.models import Organisation

WHO = {"office": "潍坊物流办", "mill": "高密轴承厂", "trader": "青岛进出口公司", "carrier": "高密运输队"}


def make(person: Callable[[str, Organisation], str]) -> dict[str, str]:
    """Make them; gives who to key of a session."""
    county = Organisation.objects.create(name="370785 工信局（货运测试）", kind="county", division="370785")
    kinds = {"office": "cluster"}
    return {
        who: person(
            f"freight-{who}",
            Organisation.objects.create(name=name, kind=kinds.get(who, "enterprise"), parent=county),
        )
        for who, name in WHO.items()
    }
