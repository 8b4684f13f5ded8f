"""An organiser, a supplier and members, who pool orders: what is done inside the portal that is served."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import pass_deadlines
from gaoyuan.portal.pooling.clearing import announce_all

FIRMS = {
    "company": "钢件集群公司",
    "mill": "联合钢厂",
    "first": "第一冲压厂",
    "second": "第二冲压厂",
    "third": "第三冲压厂",
}


def make(person: Callable[[str, Organisation], str]) -> dict[str, str]:
    """Make them; gives who to key of a session."""
    office = Organisation.objects.create(name="370785 工信局（集采测试）", kind="county", division="370785")
    kinds = {"company": "cluster"}
    return {
        who: person(
            f"pooling-{who}",
            Organisation.objects.create(name=name, kind=kinds.get(who, "enterprise"), parent=office),
        )
        for who, name in FIRMS.items()
    }


def close(_person: object, case: str) -> None:
    """Let the deadline of a case come, and the worker look."""
    Case.unscoped.filter(pk=case).update(deadline=timezone.now())
    pass_deadlines()
    announce_all()
