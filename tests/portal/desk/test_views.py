from __future__ import annotations

import io
import random
import uuid

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.desk import views
from gaoyuan.portal.desk.models import Upload
from gaoyuan.portal.desk.spaces import own_workspace
from gaoyuan.portal.jobs.models import Job, State
from gaoyuan.portal.snapshots.models import Firm, Snapshot


def county() -> Organisation:
    return Organisation.objects.get(kind=Role.COUNTY)


def text(answer) -> str:
    return answer.content.decode()


def names_in_register() -> list[str]:
    workspace = own_workspace(county())
    return sorted(workspace.read("register", ["name"])["name"].to_pylist()) if workspace.has("register") else []


def workbook_of(rows: list[list[object]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(number, at, cell, None, 7)
                else:
                    sheet.write(number, at, cell)
    return file.getvalue()


def test_an_office_without_a_workspace_is_told_what_to_do_and_makes_one(client_of, published, settings):
    client = client_of(Role.COUNTY)
    assert "建立工作区" in text(client.get("/desk/"))
    assert "平台 Platform" in text(client.get("/desk/"))
    client.post("/desk/workspace/")
    assert county().workspace == str(settings.PORTAL / "workspaces" / str(county().pk))
    assert "还没有上传文件" in text(client.get("/desk/"))
    assert "还没有运行记录" in text(client.get("/desk/runs/"))


def test_a_workspace_that_an_administrator_has_set_is_kept(client_of, published, own_sample):
    Organisation.objects.filter(kind=Role.COUNTY).update(workspace=str(own_sample.path))
    client_of(Role.COUNTY).post("/desk/workspace/")
    assert county().workspace == str(own_sample.path)
    held = own_sample.read("register", ["row"]).num_rows
    assert f"{held:,}" in text(client_of(Role.COUNTY).get("/desk/"))


def test_a_folder_that_is_gone_is_told_and_breaks_nothing(client_of, published, tmp_path):
    Organisation.objects.filter(kind=Role.COUNTY).update(workspace=str(tmp_path / "gone"))
    client = client_of(Role.COUNTY)
    assert client.get("/desk/").status_code == 200
    answer = client.post("/desk/workspace/", follow=True)
    assert "不是高原的工作区" in text(answer)
    assert str(tmp_path) not in text(answer)


def test_a_preview_shows_the_first_rows_and_what_the_importer_recognises(office, upload, register):
    made = upload(office, register + "".join(f"青岛{n}厂,,毛巾,山东省青岛市,,,,\n" for n in range(40)))
    found = ("name", "uscc", "scope", "address", "established", "", "employees", "")
    assert made.columns == [[target, ""] for target in found]
    page = text(office.get(f"/desk/{made.pk}/"))
    assert page.count("毛巾生产") >= 4
    assert '<option value="name" selected>企业名称 name</option>' in page
    assert made.preview is not None
    assert len(made.preview["rows"]) == 20
    assert made.preview["numbers"][:2] == [2, 3]


def test_the_way_from_an_upload_over_rejected_rows_to_the_published_page(office, upload, send, register, mapping):
    made = upload(office, register)
    form = mapping(made, 年营业额="revenue_yuan", 员工数="employees", units={"年营业额": "万元"})
    send(office, f"/desk/{made.pk}/", do="import", **form)
    page = text(office.get(f"/desk/{made.pk}/"))
    made.refresh_from_db()
    assert made.result is not None
    assert (made.result["accepted"], made.result["rejected"], made.marked) == (1, 3, 3)
    assert "缺企业名称" in page
    assert "不是整数" in page
    assert own_workspace(county()).read("register", ["revenue_yuan"])["revenue_yuan"].to_pylist() == [1e6]

    answer = office.get(f"/desk/{made.pk}/rejected.xlsx")
    assert "register-" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    name, staff, day = (headings.index(one) + 1 for one in ("企业名称", "员工数", "成立时间"))
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, name, sheet.cell(row, name).value or "青岛丙毛巾有限公司")
        sheet.cell(row, staff, 30 if sheet.cell(row, staff).value == "很多" else sheet.cell(row, staff).value)
        sheet.cell(row, day, "2018-12-01" if sheet.cell(row, day).value == "2018-13-01" else sheet.cell(row, day).value)
    mended = io.BytesIO()
    book.save(mended)

    again = upload(office, mended.getvalue(), "mended.xlsx")
    form = mapping(again, 年营业额="revenue_yuan", 员工数="employees", units={"年营业额": "万元"})
    send(office, f"/desk/{again.pk}/", do="import", **form)
    again.refresh_from_db()
    assert again.result is not None
    assert (again.result["accepted"], again.result["rejected"], again.marked) == (3, 0, 0)
    assert names_in_register() == [f"青岛{one}毛巾有限公司" for one in sorted("甲乙丙丁")]
    assert office.get(f"/desk/{again.pk}/rejected.xlsx").status_code == 404

    send(office, "/desk/publish/")
    job = Job.unscoped.get(kind="observe and publish")
    assert job.state == State.DONE, job.fault
    shown = Snapshot.objects.get(organisation=county(), shown=True)
    assert (shown.title, shown.public) == (county().name, False)
    assert Firm.objects.filter(snapshot=shown).count() == 4
    assert "4 家企业" in text(office.get("/desk/"))
    assert "青岛丙毛巾有限公司" in text(office.get("/search/?q=青岛丙毛巾"))
    runs = text(office.get("/desk/runs/"))
    assert "register.csv" in runs
    assert "mended.xlsx" in runs
    assert "observe" in runs
    assert "register.csv,企业登记数据" in office.get("/desk/?format=csv").content.decode("utf-8-sig")
    assert office.get("/desk/runs/?format=csv").content.decode("utf-8-sig").count("import") >= 2


def test_a_check_writes_nothing(office, upload, send, register, mapping):
    made = upload(office, register)
    send(office, f"/desk/{made.pk}/", do="check", **mapping(made))
    page = text(office.get(f"/desk/{made.pk}/"))
    made.refresh_from_db()
    assert made.result is None
    assert "若导入，结果如下" in page
    assert not own_workspace(county()).has("register")


def test_a_column_that_is_not_used_is_not_read_although_it_is_recognised(office, upload, send, register, mapping):
    made = upload(office, register)
    send(office, f"/desk/{made.pk}/", do="import", **mapping(made, 成立时间="", 员工数=""))
    made.refresh_from_db()
    assert made.result is not None
    assert made.result["accepted"] == 3
    assert own_workspace(county()).read("register", ["established"])["established"].null_count == 3


def test_two_columns_for_one_thing_and_no_column_of_names_are_told_in_the_form(office, upload, send, register, mapping):
    made = upload(office, register)
    answer = send(office, f"/desk/{made.pk}/", do="import", **mapping(made, 备注="name"))
    assert "“企业名称”和“备注”" in text(answer)
    answer = send(office, f"/desk/{made.pk}/", do="import", **mapping(made, 企业名称=""))
    assert "没有企业名称列" in text(answer)
    assert "--columns" not in text(answer)
    assert not Job.unscoped.filter(kind="import").exists()


def test_a_file_imported_twice_changes_nothing(office, upload, send, register, mapping):
    first, made = upload(office, register), upload(office, register)
    for one in (first, made):
        send(office, f"/desk/{one.pk}/", do="import", **mapping(one))
    made.refresh_from_db()
    assert made.result is not None
    assert made.result["unchanged"]
    assert made.marked == 3
    assert "没有变化" in text(office.get(f"/desk/{made.pk}/"))


@pytest.mark.parametrize(
    ("kind", "content", "table"),
    [
        ("titles", "企业名称,称号,批次\n青岛甲厂,专精特新小巨人,第四批\n", "title"),
        ("facts", "标识,指标,年份,值\n370202,no_such_metric,2024,5\n370202,gdp_yuan,2024,abc\n", "rejected"),
        ("products", "产品名称,产品代码\n毛巾,P1\n棉纱,P2\n", "product"),
        ("uses", "产品名称,投入品\n毛巾,棉纱\n", "uses"),
        ("makes", "企业名称,产品名称\n青岛甲厂,毛巾\n", "makes"),
        ("trades", "卖方,买方,产品名称,金额(万元)\n甲厂,乙厂,棉纱,3\n", "trade"),
    ],
)
def test_every_kind_of_file_is_imported_into_its_table(office, upload, send, mapping, kind, content, table):
    made = upload(office, content, "list.csv", kind)
    send(office, f"/desk/{made.pk}/", do="import", **mapping(made))
    made.refresh_from_db()
    assert made.job is not None
    assert made.job.state == State.DONE, made.job.fault
    assert own_workspace(county()).has(table)
    assert office.get(f"/desk/{made.pk}/").status_code == 200


IO_TABLE = """代码,名称,01,02,FU1,EX,IM,GO
01,农产品,20,45,20,25,10,100
02,加工品,15,30,40,9,4,90
VA1,增加值,65,15,,,,
"""


def test_an_input_output_table_is_previewed_named_and_imported_in_its_unit(office, upload, send, mapping):
    made = upload(office, IO_TABLE, "山东2017.csv", "io")
    page = text(office.get(f"/desk/{made.pk}/"))
    assert "部门代码 code" in page
    assert 'name="column-0"' not in page
    assert 'name="sheet"' not in page
    send(office, f"/desk/{made.pk}/", do="import", unit="亿元", table="山东", source="省统计局")
    made.refresh_from_db()
    assert made.result is not None
    assert (made.result["accepted"], made.result["rejected"], made.marked) == (3, 0, 0)
    rows = own_workspace(county()).read("io_table").to_pylist()
    assert {row["value_yuan"] for row in rows if row["part"] == "output"} == {100e8, 90e8}
    assert {(row["table"], row["source"]) for row in rows} == {("山东", "省统计局")}
    assert "2 个部门" in text(office.get(f"/desk/{made.pk}/"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (IO_TABLE.replace("45", "很多"), "很多"),
        (IO_TABLE.replace("02,加工品,15", "03,加工品,15"), "03"),
        ("企业名称,地址\n甲厂,青岛\n", ""),
    ],
)
def test_a_table_that_is_no_square_fails_with_the_reason_and_changes_nothing(office, upload, send, content, told):
    made = upload(office, content, "io.csv", "io")
    send(office, f"/desk/{made.pk}/", do="import")
    made.refresh_from_db()
    assert made.job is not None
    assert made.job.state == State.FAILED
    assert "内部错误" not in made.job.fault
    assert told in made.job.fault
    assert "--" not in made.job.fault
    assert not own_workspace(county()).has("io_table")
    assert "工作区未变" in text(office.get(f"/desk/{made.pk}/")) or made.job.fault


WRONG = {
    "titles": ("企业名称,称号,批次\n青岛甲厂,专精特新小巨人,第四批\n,专精特新小巨人,第四批\n", "企业名称", "青岛乙厂"),
    "products": ("产品名称,产品代码\n毛巾,P1\n,P2\n", "产品名称", "棉纱"),
    "uses": ("产品名称,投入品\n毛巾,棉纱\n毛巾,\n", "投入品", "染料"),
    "makes": ("企业名称,产品名称\n青岛甲厂,毛巾\n,毛巾\n", "企业名称", "青岛乙厂"),
    "trades": ("卖方,买方,产品名称,金额(万元)\n甲厂,乙厂,棉纱,3\n甲厂,丙厂,棉纱,很多\n", "金额(万元)", 5),
    "facts": ("标识,指标,年份,值\n370202,region_unicorns,2024,5\n370202,region_unicorns,2023,abc\n", "值", 7),
}


@pytest.mark.parametrize("kind", WRONG)
def test_rejected_rows_of_every_kind_are_mended_and_sent_again(office, upload, send, mapping, kind):
    content, column, right = WRONG[kind]
    made = upload(office, content, "list.csv", kind)
    send(office, f"/desk/{made.pk}/", do="import", **mapping(made))
    made.refresh_from_db()
    assert made.result is not None
    assert (made.result["accepted"], made.result["rejected"], made.marked) == (1, 1, 1)
    answer = office.get(f"/desk/{made.pk}/rejected.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.worksheets[0]
    at = [cell.value for cell in sheet[1]].index(column) + 1
    assert sheet.cell(2, at).fill.fgColor.rgb == "FFFFE08A"
    assert sheet.cell(2, 2).value
    sheet.cell(2, at, right)
    mended = io.BytesIO()
    book.save(mended)
    again = upload(office, mended.getvalue(), "mended.xlsx", kind)
    send(office, f"/desk/{again.pk}/", do="import", **mapping(again))
    again.refresh_from_db()
    assert again.result is not None, again.job and again.job.fault
    assert (again.result["accepted"], again.result["rejected"], again.marked) == (1, 0, 0)


def test_a_title_for_all_rows_is_chosen_in_the_form(office, upload, send, mapping):
    made = upload(office, "企业名称\n青岛甲厂\n", "list.csv", "titles")
    send(office, f"/desk/{made.pk}/", do="import", title="little_giant", source="工信部公告", **mapping(made))
    held = own_workspace(county()).read("title", ["title", "source"]).to_pylist()
    assert held == [{"title": "little_giant", "source": "工信部公告"}]


def test_another_row_of_headings_is_read_and_a_wrong_one_is_told(office, upload, send):
    made = upload(office, "说明,一,二\n甲,乙,丙\n企业名称,住所,备注\n甲厂,青岛,x\n")
    send(office, f"/desk/{made.pk}/", do="read", header_row="2")
    made.refresh_from_db()
    assert made.preview is not None
    assert made.preview["headings"] == ["甲", "乙", "丙"]
    answer = send(office, f"/desk/{made.pk}/", do="read", header_row="900")
    assert "没有找到表头行" in text(answer)
    made.refresh_from_db()
    assert made.reading == {"header_row": 2}


def test_formula_cells_count_by_their_results_and_none_leaves_as_a_formula(office, upload, send, mapping):
    rows: list[list[object]] = [
        ["企业名称", "从业人员", "住所"],
        ["甲厂", "=3+4", "青岛"],
        ["=HYPERLINK(1)", "x", "青岛"],
    ]
    made = upload(office, workbook_of(rows), "f.xlsx")
    send(office, f"/desk/{made.pk}/", do="import", **mapping(made))
    assert own_workspace(county()).read("register", ["employees"])["employees"].to_pylist() == [7]
    answer = office.get(f"/desk/{made.pk}/rejected.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", random.Random(2).randbytes(3000)),
        ("a.xlsx", b"PK\x03\x04" + random.Random(3).randbytes(3000)),
        ("a.xls", b"\xd0\xcf\x11\xe0" + random.Random(4).randbytes(3000)),
        ("a.parquet", b"PAR1" + random.Random(5).randbytes(3000)),
        ("a.csv", b"<html><table><tr><td>x</td></tr></table></html>"),
        ("a.csv", b"\xef\xbb\xbf"),
        ("a.csv", ("," * 500 + "\n").encode() * 3),
        ("a.csv", b'"' + b"a,b\n" * 200),
    ],
)
def test_a_wrong_file_is_told_in_the_form_and_leaves_nothing(office, settings, send, name, content):
    answer = send(office, "/desk/", kind="enterprises", file=SimpleUploadedFile(name, content))
    if answer.status_code == 200:
        assert 'class="errorlist"' in text(answer)
        assert str(settings.MEDIA_ROOT) not in text(answer)
        assert not Upload.unscoped.exists()
        assert not settings.MEDIA_ROOT.exists() or not [one for one in settings.MEDIA_ROOT.rglob("*") if one.is_file()]
    else:
        assert office.get(answer.headers["Location"]).status_code == 200


def test_fuzzed_registers_never_break_a_page_and_leave_nothing_half(office, send, register, mapping):
    chance = random.Random(7)
    whole = [register.encode("gb18030"), workbook_of([["企业名称", "住所"], ["甲厂", "青岛"]])]
    for number in range(30):
        content, name = bytearray(whole[number % 2]), ("a.csv", "a.xlsx")[number % 2]
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        answer = send(office, "/desk/", kind="enterprises", file=SimpleUploadedFile(name, bytes(content)))
        assert answer.status_code in {200, 302}
        if answer.status_code == 302:
            made = Upload.unscoped.get(pk=answer.headers["Location"].split("/")[2])
            answer = send(office, f"/desk/{made.pk}/", do="import", **mapping(made))
            assert answer.status_code in {200, 302}
            assert office.get(f"/desk/{made.pk}/").status_code == 200
            made.refresh_from_db()
            assert made.job is None or made.job.state in {State.DONE, State.FAILED}
            assert made.job is None or "内部错误" not in made.job.fault, made.job.fault


@pytest.mark.parametrize(("kind", "content"), [*((kind, wrong[0]) for kind, wrong in WRONG.items()), ("io", IO_TABLE)])
def test_fuzzed_lists_of_every_kind_never_break_a_page(office, send, mapping, kind, content):
    chance = random.Random(kind)
    for number in range(4):
        body = bytearray(content.encode())
        for _ in range(chance.randint(1, 12)):
            body[chance.randrange(len(body))] = chance.choice(b'\x00,"\n\r;9a=\xff\xe5')
        answer = send(office, "/desk/", kind=kind, file=SimpleUploadedFile(f"{number}.csv", bytes(body)))
        assert answer.status_code in {200, 302}
        if answer.status_code == 302:
            made = Upload.unscoped.get(pk=answer.headers["Location"].split("/")[2])
            answer = send(office, f"/desk/{made.pk}/", do="import", **mapping(made))
            assert answer.status_code in {200, 302}
            assert office.get(f"/desk/{made.pk}/").status_code == 200
            made.refresh_from_db()
            assert made.job is None or "内部错误" not in made.job.fault, made.job.fault


def test_a_request_longer_than_any_file_may_be_is_told_so_and_not_stored(office, settings):
    settings.MOST_UPLOAD_BYTES = 100
    body = SimpleUploadedFile("a.csv", b"x" * (2 << 20))
    answer = office.post("/desk/", {"kind": "enterprises", "file": body})
    assert answer.status_code == 200
    assert "文件大于" in text(answer)


def test_a_large_file_is_looked_at_by_the_worker(office, upload, register, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE_BYTES", 10)
    made = upload(office, register)
    made.refresh_from_db()
    assert made.job is not None
    assert (made.job.kind, made.job.state) == ("preview", State.DONE)
    assert made.preview is not None
    assert made.columns[0] == ["name", ""]


def test_a_busy_workspace_fails_the_job_with_the_reason(
    office, upload, send, register, mapping, held_by_another_process
):
    made = upload(office, register)
    with held_by_another_process(own_workspace(county())):
        send(office, f"/desk/{made.pk}/", do="import", **mapping(made))
    page = text(office.get(f"/desk/{made.pk}/"))
    assert "另一个程序正在写入此工作区" in page
    assert county().workspace not in page
    assert "可以重新开始导入" in page


def test_nothing_is_observed_without_a_register(office, send):
    answer = send(office, "/desk/publish/")
    assert answer.status_code == 302
    assert not Job.unscoped.filter(kind="observe and publish").exists()


def test_a_deleted_file_is_gone_from_the_disk_and_what_was_imported_stays(
    office, upload, send, register, mapping, settings
):
    made = upload(office, register)
    send(office, f"/desk/{made.pk}/", do="import", **mapping(made))
    send(office, f"/desk/{made.pk}/delete/")
    assert not Upload.unscoped.exists()
    assert [one for one in settings.MEDIA_ROOT.rglob("*") if one.is_file()] == []
    assert names_in_register() == ["青岛甲毛巾有限公司"]


def test_an_office_above_sees_a_file_and_cannot_work_on_it_and_others_see_nothing(
    office, upload, client_of, register, mapping
):
    made = upload(office, register)
    seen = client_of(Role.CITY).get(f"/desk/{made.pk}/")
    assert seen.status_code == 200
    assert 'value="import"' not in text(seen)
    assert client_of(Role.CITY).post(f"/desk/{made.pk}/", {"do": "import", **mapping(made)}).status_code == 404
    elsewhere = Organisation.objects.create(name="别处", kind=Role.COUNTY, division="330102")
    Upload.unscoped.filter(pk=made.pk).update(organisation=elsewhere)
    for role in OFFICES - {Role.ADMINISTRATOR}:
        client = client_of(role)
        for path in ("", "rejected.xlsx"):
            foreign, unknown = (client.get(f"/desk/{pk}/{path}") for pk in (made.pk, uuid.uuid4()))
            assert foreign.status_code == unknown.status_code == 404
        assert client.post(f"/desk/{made.pk}/delete/").status_code == 404
    assert Upload.unscoped.filter(pk=made.pk).exists()


def test_the_pages_speak_english_as_well(office, upload, send, register, mapping):
    office.post("/language/", {"language": "en", "next": "/desk/"})
    made = upload(office, register)
    send(office, f"/desk/{made.pk}/", do="import", **mapping(made))
    page = text(office.get(f"/desk/{made.pk}/"))
    assert "Download the 3 rows to mend" in page
    assert "no whole number" in page
    assert "Observe and publish" in text(office.get("/desk/"))
