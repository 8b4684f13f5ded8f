"""The pages of booking: sharing, looking, booking in two clicks, samples and reports, closing, use and bills."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.booking.models import Bill, Booking, Closure, Permit, Report, Resource, Sample, TestItem
from gaoyuan.portal.cases.models import Case

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
SHARED = {
    "kind": "laboratory",
    "name": "食品检测室",
    "words": "",
    "capabilities": "重金属 微生物",
    "place": "市南区",
    "listed": "on",
    "slot_minutes": "60",
    "places": "1",
    "notice_hours": "0",
    "horizon_days": "60",
    "most_slots": "8",
    "offer_hours": "12",
    **{f"hours_{day}": "00:00-24:00" for day in range(7)},
    "price_internal": "0",
    "price_member": "80",
    "price_external": "120",
    "cancel_hours_0": "24",
    "cancel_share_0": "0",
    "cancel_hours_1": "2",
    "cancel_share_1": "50",
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def client_for(db: None) -> ClientFor:
    """Give a signed-in client of a firm of one county, or of an office."""

    def made(name: str, kind: Role = Role.ENTERPRISE) -> Client:
        office = Organisation.objects.get_or_create(name="某县局", kind=Role.COUNTY, division="370202")[0]
        own = office
        if kind == Role.ENTERPRISE:
            own = Organisation.objects.create(name=name, kind=kind, parent=office)
        user = User.objects.create(username=name)
        Membership.objects.create(user=user, organisation=own)
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return made


def text_of(answer) -> str:
    assert answer.status_code == 200, answer
    return answer.content.decode()


def errors_in(answer) -> str:
    return " ".join(re.findall(r'(?:class="errorlist[^>]*>|role="alert">)(.*?)</(?:ul|p)', text_of(answer), re.S))


def share(client: Client, **changed: str) -> Resource:
    answer = client.post("/services/booking/resources/new/", SHARED | changed)
    assert answer.status_code == 302, errors_in(answer)
    return Resource.unscoped.latest("made")


def book(client: Client, resource: Resource, begins: dt.datetime, **more: str) -> Case | None:
    """Press a slot in the week, then the button."""
    week = text_of(client.get(f"/services/booking/resources/{resource.pk}/?week={timezone.localdate(begins)}"))
    at = begins.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    link = re.search(rf'href="([^"]+start={re.escape(at.replace(":", "%3A"))})"', week)
    assert link, at
    page = text_of(client.get(link[1]))
    given = dict(re.findall(r'name="(starts_at|slots)" value="([^"]*)"', page))
    answer = client.post(link[1], given | more)
    return Case.unscoped.get(pk=answer["Location"].split("/")[3]) if answer.status_code == 302 else None


def done(client: Client, case: Case, move: str, **given: object) -> None:
    answer = client.post(
        f"/services/case/{case.pk}/{move}/", {f"{move}-{name}": value for name, value in given.items()}
    )
    assert answer.status_code == 302, errors_in(answer)


@pytest.fixture
def noon() -> dt.datetime:
    day = timezone.localdate() + dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def begins_now(case: Case) -> None:
    """Let a booking begin an hour from now at the latest, as if time had passed."""
    booking = Booking.unscoped.get(case=case)
    by = booking.begins - timezone.now() - dt.timedelta(minutes=30)
    Booking.unscoped.filter(pk=booking.pk).update(begins=booking.begins - by, ends=booking.ends - by)


def test_a_laboratory_is_shared_found_booked_used_and_reports_what_anybody_can_check(client_for, noon) -> None:
    owner, user, other = client_for("检测中心"), client_for("糕点厂"), client_for("别家")
    lab = share(owner)
    answer = owner.post(f"/services/booking/resources/{lab.pk}/items/", {"usual": "24"})
    assert answer.status_code == 302
    listed = text_of(user.get("/services/booking/resources/?q=微生物&food=24"))
    assert "食品检测室" in listed
    assert "80.00" in listed
    assert "食品检测室" not in text_of(user.get("/services/booking/resources/?food=05"))
    case = book(user, lab, noon)
    assert case is not None
    assert case.state == "confirmed"
    assert "请在此登记样品" in text_of(user.get(f"/services/case/{case.pk}/"))
    items = [str(one.pk) for one in TestItem.unscoped.filter(resource=lab)]
    sample = {"name": "蛋黄酥", "batch": "A1", "category": "24", "quantity": "0.5", "unit": "kg", "items": items}
    done(user, case, "register_samples", **sample)
    held = Sample.unscoped.get()
    assert held.label in text_of(user.get(f"/services/case/{case.pk}/"))
    label = text_of(user.get(f"/services/booking/samples/{held.pk}/label/"))
    assert label.count("<rect") == 5 * (len(held.label) + 2)
    begins_now(case)
    done(owner, case, "check_in", samples=[str(held.pk)])
    page = text_of(owner.get(f"/services/case/{case.pk}/"))
    values = dict.fromkeys(re.findall(r'name="report-(value_[^"]+)"', page), "未检出")
    assert len(values) == 3
    verdicts = {name.replace("value", "verdict"): "pass" for name in values}
    done(owner, case, "report", conclusion="合格", files=SimpleUploadedFile("r.pdf", PDF), **values, **verdicts)
    report = Report.unscoped.get()
    shown = text_of(user.get(f"/services/booking/reports/{report.pk}/"))
    assert "签名有效" in shown
    assert "菌落总数" in shown
    signed = user.get(f"/services/booking/reports/{report.pk}/?format=json").content
    public = Client(headers={"accept-language": "zh-hans"})
    for content, words in ((signed, "就是报告本身"), (PDF, "随报告提供的附件"), (signed + b" ", "没有实验室签发过")):
        told = text_of(public.post("/services/booking/check/", {"file": SimpleUploadedFile("f", content)}))
        assert words in told
        assert "糕点厂" not in told
    assert "菌落总数" in user.get(f"/services/booking/reports/{report.pk}/?format=csv").content.decode("utf-8-sig")
    Report.unscoped.filter(pk=report.pk).update(document=report.document.replace("未检出", "检出"))
    assert "签名无效" in text_of(user.get(f"/services/booking/reports/{report.pk}/"))
    done(user, case, "accept")
    assert "80.00" in text_of(user.get("/services/booking/bills/"))
    assert "80.00" in owner.get("/services/booking/bills/?format=csv").content.decode("utf-8-sig")
    assert "80.00" not in text_of(other.get("/services/booking/bills/"))
    for path in (f"reports/{report.pk}/", f"samples/{held.pk}/label/", f"resources/{lab.pk}/use/"):
        assert other.get(f"/services/booking/{path}").status_code == 404
    assert other.get(f"/services/case/{case.pk}/").status_code == 404


def test_results_are_not_shown_to_the_office_that_knows_of_the_case(client_for, noon) -> None:
    owner, user, office = client_for("检测中心"), client_for("糕点厂"), client_for("局里", Role.COUNTY)
    case = book(user, lab := share(owner), noon)
    assert case is not None
    given = {"name": "蛋黄酥", "quantity": "2", "unit": "件"}
    done(user, case, "register_samples", **given)
    page = text_of(office.get(f"/services/case/{case.pk}/"))
    assert lab.name in page
    assert "蛋黄酥" not in page
    assert "80.00" not in page


def test_what_is_impossible_is_said_in_words(client_for, noon) -> None:
    owner, user = client_for("检测中心"), client_for("糕点厂")
    for changed, words in (
        ({"hours_0": "8 to 12"}, "开放时间请写成"),
        ({"hours_0": "12:00-08:00"}, "不是一天内的时间"),
        ({"hours_0": "08:10-12:00"}, "一刻钟"),
        ({"hours_0": "08:00-12:00, 11:00-13:00"}, "开放时间重叠"),
        ({"price_member": "-1"}, "0"),
        ({"price_member": "1e9"}, "1000000"),
        ({"price_internal": "", "price_member": "", "price_external": ""}, "至少填写一个价格"),
        ({"cancel_hours_0": "1", "cancel_hours_1": "24"}, "越晚取消"),
        ({"cancel_share_0": ""}, "小时数和比例"),
        ({"quota_slots": "3"}, "时段数和天数"),
        ({"places": "0"}, "1"),
        ({"name": " "}, "必填"),
    ):
        answer = owner.post("/services/booking/resources/new/", SHARED | changed)
        assert words in errors_in(answer), (changed, errors_in(answer))
    lab = share(owner)
    assert "同名" in errors_in(owner.post("/services/booking/resources/new/", SHARED))
    address = f"/services/booking/resources/{lab.pk}/book/"
    at = (noon + dt.timedelta(minutes=20)).strftime("%Y-%m-%dT%H:%M")
    for given, words in (
        ({"starts_at": at, "slots": "1"}, "不是完整的开放时段"),
        ({"starts_at": "2001-01-01T12:00", "slots": "1"}, "已经过去"),
        ({"starts_at": "9999-12-31T23:00", "slots": "1"}, "超出可预约的范围"),
        ({"starts_at": "soon", "slots": "1"}, "有效"),
        ({"starts_at": noon.strftime("%Y-%m-%dT%H:%M"), "slots": "0"}, "1"),
        ({"starts_at": noon.strftime("%Y-%m-%dT%H:%M"), "slots": "9"}, "一次最多"),
    ):
        assert words in errors_in(user.post(address, given)), given
    case = book(user, lab, noon)
    assert case is not None
    for given, words in (
        ({"name": "面粉", "quantity": "2", "unit": "t"}, "核对单位"),
        ({"name": "面粉", "quantity": "-2", "unit": "kg"}, "0.001"),
        ({"name": "面粉", "quantity": "2", "unit": "斤"}, "选择"),
    ):
        sent = {f"register_samples-{name}": value for name, value in given.items()}
        assert words in errors_in(user.post(f"/services/case/{case.pk}/register_samples/", sent)), given
    begins_now(case)
    done(owner, case, "check_in")
    wrong = {"report-conclusion": "合格", "report-files": SimpleUploadedFile("r.pdf", b"MZ no pdf")}
    assert errors_in(owner.post(f"/services/case/{case.pk}/report/", wrong))
    assert Report.unscoped.count() == 0
    public = Client(headers={"accept-language": "zh-hans"})
    assert "SHA-256" in errors_in(public.post("/services/booking/check/", {"sha256": "zz"}))


def test_a_full_slot_is_waited_for_and_nobody_books_twice(client_for, noon) -> None:
    owner, first, second = client_for("检测中心"), client_for("甲厂"), client_for("乙厂")
    lab = share(owner)
    case = book(first, lab, noon)
    assert case is not None
    week = f"/services/booking/resources/{lab.pk}/?week={timezone.localdate(noon)}"
    assert "已约" in text_of(first.get(week))
    assert 'class="slot wait"' in text_of(second.get(week))
    assert "甲厂" not in text_of(second.get(week))
    assert "甲厂" in text_of(owner.get(week))
    assert book(second, lab, noon) is None
    waits = book(second, lab, noon, wait="on")
    assert waits is not None
    assert waits.state == "waiting"
    assert "第 1 位" in text_of(second.get(f"/services/case/{waits.pk}/"))
    again = first.post(
        f"/services/booking/resources/{lab.pk}/book/", {"starts_at": noon.strftime("%Y-%m-%dT%H:%M"), "slots": "1"}
    )
    assert "已预约或候补" in errors_in(again)
    (event,) = Calendar.from_ical(first.get("/services/booking/bookings.ics").content).walk("VEVENT")
    assert str(event["summary"]) == "食品检测室：已预约"
    assert len(Calendar.from_ical(owner.get("/services/booking/bookings.ics").content).walk("VEVENT")) == 2


def hours_of(noon: dt.datetime, begins: int, ends: int) -> dict[str, str]:
    named = (("begins", begins), ("ends", ends))
    return {name: (noon + dt.timedelta(hours=at)).strftime("%Y-%m-%dT%H:%M") for name, at in named}


def test_an_owner_closes_changes_and_counts_what_is_used(client_for, noon) -> None:
    owner, user, other = client_for("检测中心"), client_for("甲厂"), client_for("乙厂")
    lab = share(owner)
    assert book(user, lab, noon) is not None
    base = f"/services/booking/resources/{lab.pk}"
    closed, free = hours_of(noon, 0, 2), hours_of(noon, 3, 5)
    assert "先逐笔取消" in errors_in(owner.post(f"{base}/closed/", closed))
    assert owner.post(f"{base}/closed/", free).status_code == 302
    assert "已设为停用" in errors_in(owner.post(f"{base}/closed/", free))
    assert "早于" in errors_in(owner.post(f"{base}/closed/", free | {"ends": closed["begins"]}))
    at = (noon + dt.timedelta(hours=3)).astimezone(dt.UTC).strftime("%Y-%m-%dT%H")
    assert f"start={at}" not in text_of(user.get(f"{base}/?week={timezone.localdate(noon)}"))
    assert owner.post(f"{base}/closed/", {"reopen": str(Closure.unscoped.get().pk)}).status_code == 302
    assert Closure.unscoped.count() == 0
    edition = {"edition": "1"}
    assert "才能更改时段长度" in errors_in(owner.post(f"{base}/edit/", SHARED | edition | {"slot_minutes": "30"}))
    assert owner.post(f"{base}/edit/", SHARED | edition | {"price_member": "90"}).status_code == 302
    assert "刚刚修改过" in errors_in(owner.post(f"{base}/edit/", SHARED | edition))
    assert other.post(f"{base}/edit/", SHARED | {"edition": "2"}).status_code == 404
    lab.refresh_from_db()
    assert lab.prices["member"] == "90"
    assert Booking.unscoped.get().price == 80
    assert "预约率" in text_of(owner.get(f"{base}/use/"))
    table = owner.get(f"{base}/use/?first={timezone.localdate(noon)}&last={timezone.localdate(noon)}&format=csv")
    assert f"{timezone.localdate(noon)},24.0,1.0,0.0,0.0,0.0" in table.content.decode("utf-8-sig")
    assert Bill.unscoped.count() == 0


def test_who_lacks_a_permit_asks_the_owner_once_for_all(client_for, noon) -> None:
    owner, user = client_for("检测中心"), client_for("甲厂")
    lab = share(owner, needs="上岗证，安全培训")
    base = f"/services/booking/resources/{lab.pk}"
    assert "上岗证、安全培训" in text_of(user.get(f"{base}/"))
    assert book(user, lab, noon) is None
    for _ in range(2):
        assert user.post(f"{base}/permit/").status_code == 302
    permit = Permit.unscoped.get()
    assert user.post(f"{base}/permits/", {"permit": str(permit.pk), "granted": "1"}).status_code == 404
    assert "甲厂" in text_of(owner.get(f"{base}/"))
    assert owner.post(f"{base}/permits/", {"permit": str(permit.pk), "granted": "1"}).status_code == 302
    assert book(user, lab, noon) is not None


def test_lists_are_files_and_speak_english(client_for) -> None:
    owner = client_for("检测中心")
    lab = share(owner)
    assert "食品检测室" in owner.get("/services/booking/resources/?format=csv").content.decode("utf-8-sig")
    assert owner.get("/services/booking/resources/?format=xlsx").content.startswith(b"PK")
    english = {"accept-language": "en"}
    page = text_of(owner.get(f"/services/booking/resources/{lab.pk}/", headers=english))
    assert "Rules and prices" in page
    assert "until 24 h before: 0 % of the price" in page
    assert "Share a resource" in text_of(owner.get("/services/booking/resources/?own=1", headers=english))
    by = timezone.localdate() + dt.timedelta(days=1)
    assert lab.name in text_of(owner.get(f"/services/booking/resources/?by={by}"))
    share(owner, name="不开放的", notice_hours="200", listed="")
    assert "不开放的" not in text_of(owner.get(f"/services/booking/resources/?by={by}"))
    assert "不开放的" not in text_of(client_for("乙厂").get("/services/booking/resources/"))


def test_a_booking_can_be_opened_as_any_case(client_for, noon) -> None:
    owner, user = client_for("检测中心"), client_for("甲厂")
    lab, hidden = share(owner), share(owner, name="不开放的", listed="")
    assert "不开放的" not in text_of(user.get("/services/booking/new/"))
    given = {"resource": str(lab.pk), "starts_at": noon.strftime("%Y-%m-%dT%H:%M"), "slots": "2"}
    assert errors_in(user.post("/services/booking/new/", given | {"resource": str(hidden.pk)}))
    assert user.post("/services/booking/new/", given).status_code == 302
    assert Case.unscoped.get().title.startswith("食品检测室 ")
    assert "实验室、设备、产能" in text_of(user.get("/services/booking/"))
