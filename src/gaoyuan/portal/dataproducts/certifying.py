"""Certificates of acts: as a page, as the file that anybody checks offline, as PDF."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from gaoyuan.errors import ExtraMissing
from gaoyuan.portal.dataproducts.describing import rows_of
from gaoyuan.portal.dataproducts.keeping import kept
from gaoyuan.portal.dataproducts.models import Act
from gaoyuan.portal.evidence.keeping import STORE, log_signer, newest_checkpoint, openings_of
from gaoyuan.portal.evidence.witnessing import best_checkpoint
from gaoyuan.report.document import Column, Document, Heading, ItemList, Paragraph, Row, Table
from gaoyuan.report.pdf import pdf_bytes
from gaoyuan.trust import OpenedCheckpoint, proof_file
from gaoyuan.trust.registry.acts import ACT_WORDS, RegistryAct
from gaoyuan.trust.registry.certificates import NOT_PROVEN, certificate_file

__all__ = ["certificate", "certificate_json", "certificate_pdf"]


def certificate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a certificate: what the register entered, and where the log has it."""
    act = _act(pk)
    opened = _checkpoint(act)
    last = Act.unscoped.filter(product=act.product).order_by("number").last()
    return render(
        request,
        "dataproducts/certificate.html",
        {
            "act": act,
            "product": act.product,
            "rows": rows_of(act.entry.said),
            "newer": last if last != act else None,
            "kept": kept(act.product),
            "key": str(log_signer().key),
            "size": opened.checkpoint.size,
            "witnesses": len(opened.cosigned),
            "not_proven": [en if get_language() == "en" else zh for zh, en in NOT_PROVEN],
        },
    )


def certificate_json(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a certificate for `gaoyuan verify`."""
    act = _act(pk)
    content = _file(act)
    return HttpResponse(
        content,
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{act.product.code}-{act.number}.json"',
            "Cache-Control": "no-cache",
        },
    )


def certificate_pdf(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a certificate as PDF; what proves it is the file beside it, whose address stands there."""
    act = _act(pk)
    address = request.build_absolute_uri(reverse("data_product_certificate", args=[act.pk]))
    try:
        content = pdf_bytes(_document(act, address))
    except ExtraMissing as fault:
        messages.error(request, fault.said)
        return redirect("data_product_certificate", act.pk)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{act.product.code}-{act.number}.pdf"'},
    )


def _act(pk: uuid.UUID) -> Act:
    rows = Act.unscoped.select_related("product__organisation", "entry__quality", "record", "registry")
    return get_object_or_404(rows, pk=pk)


def _checkpoint(act: Act) -> OpenedCheckpoint:
    """Give the newest checkpoint that witnesses have cosigned, or where that does not cover the act the newest."""
    opened = best_checkpoint()
    return opened if opened is not None and opened.checkpoint.size > act.record.index else newest_checkpoint()


def _file(act: Act) -> bytes:
    record = act.record
    return certificate_file(
        log=str(log_signer().key),
        index=record.index,
        public=record.public,
        openings=openings_of(record),
        erased=record.erased,
        description=act.entry.plain,
        proof=proof_file(STORE, record.index, _checkpoint(act)),
    )


def _document(act: Act, address: str) -> Document:
    zh, en = ACT_WORDS[RegistryAct(act.kind)]
    columns = (Column("项目 Item", width=0.28), Column("内容 Content", width=0.72))
    first = [
        ("登记编号 Number", act.product.code),
        ("登记类型 Act", f"{zh} {en}"),
        ("产品名称 Product", act.entry.said.title),
        ("登记主体 Holder", act.holder),
        ("登记机构 Registry", act.registry.name if act.registry else "—"),
        ("登记日期 Entered", _day(act.at)),
        ("有效期至 Valid until", _day(act.until)),
        ("保存至 Kept until", _day(kept(act.product))),
    ]
    proof = [
        ("日志 Log", str(log_signer().key)),
        ("日志序号 Record", str(act.record.index)),
        ("记录散列 Leaf hash", act.record.leaf),
        ("样例摘要 Sample SHA-256", act.entry.sample_sha256 or "—"),
        ("核验文件 Proof", address),
    ]
    return Document(
        title="数据产品登记证书",
        date=timezone.localtime(act.at).date(),
        title_en="Certificate of registration of a data product",
        organisation=act.registry.name if act.registry else "",
        blocks=(
            Heading(1, "登记事项"),
            _table(columns, first),
            Heading(1, "产品说明"),
            _table(columns, rows_of(act.entry.said)),
            Heading(1, "核验"),
            Paragraph(
                "本页为说明；证明力来自上述网址的 JSON 证书，可用 gaoyuan verify 离线核验。"
                "This page explains; the proof is the JSON certificate there, which gaoyuan verify checks offline."
            ),
            _table(columns, proof),
            Heading(1, "不能证明什么"),
            ItemList(tuple((f"{zh} {en}",) for zh, en in NOT_PROVEN)),
        ),
    )


def _table(columns: tuple[Column, ...], rows: list[tuple[str, str]]) -> Table:
    return Table(columns, tuple(Row((one, other)) for one, other in rows))


def _day(moment: dt.datetime | None) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else "—"
