"""Cases move by their process, records stay, deadlines pass, and nobody knows of a case that is not his."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from gaoyuan.exchange.process import from_plain, process, replay
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import PUBLIC, Viewer
from gaoyuan.portal.cases.feed import records_after
from gaoyuan.portal.cases.models import Case, Notice, Participation, RecordDetail, RecordLine
from gaoyuan.portal.cases.moving import (
    ACTS,
    PROGRAM,
    move_by_program,
    move_case,
    open_case,
    pass_deadlines,
    standing_of,
)
from gaoyuan.portal.cases.seeing import opening_roles, roles_of, seen_by
from gaoyuan.portal.cases.service import Refused
from gaoyuan.trust.canonical import Json
from gaoyuan.trust.commitments import Opening, commitment

pytestmark = pytest.mark.django_db


def firm(name: str, county: str = "370202") -> Viewer:
    office = Organisation.objects.get_or_create(name=f"office {county}", kind=Role.COUNTY, division=county)[0]
    own = Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=office)
    return Viewer(Role.ENTERPRISE, None, own)


def office_of(viewer: Viewer) -> Viewer:
    assert viewer.organisation is not None
    assert viewer.organisation.parent is not None
    return Viewer(Role.COUNTY, None, viewer.organisation.parent)


def opened(viewer: Viewer) -> Case:
    case = open_case(viewer, "supply-demand", role="buyer", title="毛巾布", given={"title": "毛巾布"})
    assert isinstance(case, Case), case
    return case


def published(viewer: Viewer, days: float = 5, sealed: bool = True) -> Case:
    given = {"closes_at": timezone.now() + dt.timedelta(days=days), "sealed": sealed}
    case = move_case(viewer, opened(viewer), "publish", role="buyer", given=given)
    assert isinstance(case, Case), case
    return case


def test_a_case_is_what_its_records_fold_to() -> None:
    buyer, bidder = firm("甲厂"), firm("乙厂", "370203")
    case = published(buyer)
    quoted = move_case(bidder, case, "quote", role="bidder")
    assert isinstance(quoted, Case), quoted
    definition = process("supply-demand")
    records = [from_plain(line.plain, definition) for line in RecordLine.unscoped.filter(case=case).order_by("number")]
    assert replay(definition, records) == standing_of(quoted)
    assert quoted.facts["quotes"] == "1"


def test_a_refused_move_leaves_everything_as_it_was() -> None:
    buyer = firm("甲厂")
    case = published(buyer)
    before = RecordLine.unscoped.count()
    refused = move_case(buyer, case, "quote", role="bidder")
    assert isinstance(refused, Refusal)
    assert refused.zh == "不能给自己的需求报价"
    assert isinstance(move_case(PUBLIC, case, "quote", role="bidder"), Refusal)
    assert RecordLine.unscoped.count() == before
    case.refresh_from_db()
    assert case.facts["quotes"] == "0"


def test_those_whom_a_move_concerns_are_told_and_nobody_else() -> None:
    buyer, bidder, other = firm("甲厂"), firm("乙厂"), firm("丙厂")
    case = published(buyer)
    move_case(bidder, case, "quote", role="bidder")
    assert buyer.organisation is not None
    told = {notice.organisation_id for notice in Notice.unscoped.filter(case=case)}
    assert told == {buyer.organisation.pk}
    move_case(buyer, case, "withdraw", role="buyer", why="不再需要")
    assert bidder.organisation is not None
    assert Notice.objects.for_viewer(bidder).count() == 1
    assert Notice.objects.for_viewer(other).count() == 0


def test_a_case_whose_deadline_has_passed_moves_by_itself_once() -> None:
    buyer, bidder = firm("甲厂"), firm("乙厂")
    case = published(buyer, days=1)
    move_case(bidder, case, "quote", role="bidder")
    later = timezone.now() + dt.timedelta(days=2)
    assert pass_deadlines(timezone.now()) == 0
    assert pass_deadlines(later) == 1
    case.refresh_from_db()
    assert case.state == "comparing"
    assert pass_deadlines(later) == 0
    assert RecordLine.unscoped.filter(case=case).latest("number").plain["role"] == "clock"


def test_a_case_that_cannot_pass_its_deadline_says_so_and_holds_up_no_other() -> None:
    buyer = firm("甲厂")
    broken, fine = published(buyer, days=1), published(buyer, days=1)
    Case.unscoped.filter(pk=broken.pk).update(state="no such state")
    assert pass_deadlines(timezone.now() + dt.timedelta(days=2)) == 1
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert broken.failing
    assert fine.state == "unawarded"


def test_an_act_that_fails_undoes_the_move(monkeypatch: pytest.MonkeyPatch) -> None:
    buyer = firm("甲厂")
    case = opened(buyer)

    def fails(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setitem(ACTS, ("supply-demand", "match"), fails)
    given = {"closes_at": timezone.now() + dt.timedelta(days=1), "sealed": False}
    with pytest.raises(RuntimeError), transaction.atomic():
        move_case(buyer, case, "publish", role="buyer", given=given)
    case.refresh_from_db()
    assert case.state == "draft"
    assert RecordLine.unscoped.filter(case=case).count() == 1


def test_the_database_refuses_to_change_or_remove_a_record() -> None:
    line = RecordLine.unscoped.get(case=opened(firm("甲厂")))
    for change in (
        lambda: RecordLine.unscoped.filter(pk=line.pk).update(number=7),
        lambda: RecordLine.unscoped.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            change()
    assert RecordLine.unscoped.get(pk=line.pk).number == 1


def test_who_takes_no_part_knows_only_of_cases_that_ask_for_others() -> None:
    buyer, other, far = firm("甲厂"), firm("乙厂"), firm("丙厂", "110101")
    draft, public = opened(buyer), published(buyer)
    assert set(seen_by(buyer)) == {draft, public}
    assert set(seen_by(other)) == {public}
    assert set(seen_by(office_of(buyer))) == {draft, public}
    assert set(seen_by(office_of(far))) == set()
    assert set(seen_by(PUBLIC)) == set()
    assert roles_of(other, public) == ["bidder"]
    assert roles_of(buyer, public) == ["buyer"]
    assert roles_of(office_of(far), public) == []
    assert "office" in roles_of(office_of(buyer), public)
    assert opening_roles(other, process("supply-demand")) == ["buyer"]
    assert opening_roles(office_of(buyer), process("supply-demand")) == []


@dataclass(frozen=True)
class Price:
    """A quotation that refuses to be saved where it is dear."""

    yuan: int

    def plain(self) -> Mapping[str, Json]:
        return {"price_yuan": self.yuan, "remark": "含税"}

    def save(self, case: Case, line: RecordLine) -> None:
        if self.yuan > 100:
            raise Refused(Refusal("dear", "价格过高", "the price is too high"))


def test_the_record_commits_to_what_a_move_carries_and_does_not_say_it() -> None:
    buyer, bidder = firm("甲厂"), firm("乙厂")
    case = published(buyer)
    moved = move_case(bidder, case, "quote", role="bidder", detail=Price(88))
    assert isinstance(moved, Case), moved
    line = RecordLine.unscoped.get(case=case, number=moved.number)
    held = RecordDetail.unscoped.get(line=line)
    assert held.organisation == bidder.organisation
    assert "含税" not in str(line.plain)
    for name, value in Price(88).plain().items():
        salt = bytes.fromhex(held.salts[name])
        assert line.plain["commitments"][name] == commitment(Opening(name, value, salt))
    held.delete()
    line.refresh_from_db()
    assert set(line.plain["commitments"]) == {"price_yuan", "remark"}


def test_what_a_detail_refuses_undoes_the_whole_move() -> None:
    buyer, bidder = firm("甲厂"), firm("乙厂")
    case = published(buyer)
    before = RecordLine.unscoped.count()
    refused = move_case(bidder, case, "quote", role="bidder", detail=Price(101))
    assert isinstance(refused, Refusal)
    assert (refused.zh, RecordLine.unscoped.count()) == ("价格过高", before)
    assert not Participation.unscoped.filter(case=case, organisation=bidder.organisation).exists()


def test_a_move_of_the_program_names_the_program_and_tells_those_concerned() -> None:
    buyer = firm("甲厂")
    case = open_case(buyer, "service-request", role="firm", title="检测", given={"title": "检测"})
    assert isinstance(case, Case), case
    moved = move_by_program(case, "refer_to_city", role="county", why="本县没有此类机构")
    assert isinstance(moved, Case), moved
    line = RecordLine.unscoped.get(case=case, number=moved.number)
    assert (line.plain["actor"], line.by) == (PROGRAM, None)
    assert Notice.unscoped.filter(line=line, organisation=buyer.organisation).exists()


def test_the_feed_gives_moves_in_the_order_of_their_commits_and_only_those_that_are_for_one() -> None:
    buyer, bidder, other = firm("甲厂"), firm("乙厂"), firm("丙厂")
    case = published(buyer, sealed=False)
    opened(other)
    move_case(bidder, case, "quote", role="bidder")
    for viewer, moves in ((buyer, ["draft", "publish", "quote"]), (bidder, ["draft", "publish", "quote"])):
        lines, last = records_after(viewer, 0, 100)
        assert [line.plain["move"] for line in lines] == moves
        assert [line.sequence for line in lines] == sorted(line.sequence for line in lines)
        assert records_after(viewer, last, 100) == ([], last)
    lines, _ = records_after(other, 0, 100)
    assert [(line.plain["move"], line.case.organisation.name) for line in lines] == [
        ("draft", "甲厂"),
        ("publish", "甲厂"),
        ("draft", "丙厂"),
    ]
    assert records_after(PUBLIC, 0, 100) == ([], 0)
