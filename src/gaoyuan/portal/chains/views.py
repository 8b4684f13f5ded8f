"""Pages of the chain: what is missing in it, and the atlas of a product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.chains.walking import walk
from gaoyuan.portal.snapshots.models import Part, Snapshot
from gaoyuan.portal.trades.proposing import next_of_chain
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.reading import look_of

STATES = {
    "strong": lazy("strong"),
    "weak": lazy("weak"),
    "single_source": lazy("single source"),
    "imported": lazy("imported"),
    "missing": lazy("missing"),
    "unknown": lazy("unknown"),
}
_GAP = {
    "rank": lazy("Rank"),
    "product": lazy("product code"),
    "product_name": lazy("product"),
    "chain": lazy("chain"),
    "state": lazy("state of the link"),
    "local_firms": lazy("local firms"),
    "carried_share": lazy("Carried by"),
    "score": lazy("Score"),
    "why": lazy("Why"),
}
_MAKER = {
    "rank": lazy("Rank"),
    "name": lazy("Enterprise"),
    "division": lazy("Where"),
    "output_yuan": lazy("output, yuan"),
    "employees": lazy("Employees"),
    "titles": lazy("Titles"),
}
_CANDIDATE = {
    "rank": lazy("Rank"),
    "name": lazy("Enterprise"),
    "place": lazy("Where"),
    "fit": lazy("Fit"),
    "why": lazy("Why"),
}
_TO_MEND = ("missing", "imported", "single_source", "weak")


def chain(request: HttpRequest) -> HttpResponse:
    """Show all products with what is missing first, and the ranked gaps with their reasons."""
    snapshot, parts = _parts(request, ("chain", ""), ("products", ""))
    whole, listed = (part.content() if part else {} for part in parts)
    rows = _rows(whole)
    order = {state: at for at, state in enumerate((*_TO_MEND, "unknown", "strong"))}
    rows.sort(key=lambda row: (order.get(row["state"], len(order)), row["product_name"]))
    if snapshot is not None and (file := _export(request, snapshot, rows)) is not None:
        return file
    gaps: Any = listed.get("gaps")
    reasons = "reasons_zh" if (get_language() or "zh").startswith("zh") else "reasons"
    ranked = [{**row, "why": row.get(reasons)} for row in _rows(gaps)] if gaps else []
    if snapshot is not None and (file := _file(request, snapshot, "gaps", _GAP, ranked)) is not None:
        return file
    uses: Any = listed.get("uses")
    proposed = next_of_chain(viewer_of(request), rows, uses)
    return render(
        request, "chains/chain.html", {"snapshot": snapshot, "rows": rows, "gaps": ranked, "next_services": proposed}
    )


def product(request: HttpRequest, product: str) -> HttpResponse:
    """Show the atlas of a product: bands of levels, the state of every link, and the list beside."""
    snapshot, (whole, own) = _parts(request, ("chain", ""), ("product", product))
    nodes = walk(whole.content(), product) if whole else None
    if snapshot is None or nodes is None:
        raise Http404
    if (file := _export(request, snapshot, [{**node.figures, "level": node.level} for node in nodes])) is not None:
        return file
    nodes = [replace(node, figures={**node.figures, "state_name": STATES.get(node.figures["state"])}) for node in nodes]
    about = own.content() if own else {}
    bands = [(level, list(held)) for level, held in groupby(nodes, key=lambda node: node.level)]
    chosen = next(node for node in nodes if node.level == 0)
    candidates = _rows(about.get("candidates"))
    reasons = "reasons_zh" if (get_language() or "zh").startswith("zh") else "reasons"
    makers = _placed(request, _rows(about.get("makers")))
    candidates = [{**row, "why": row.get(reasons)} for row in candidates]
    for name, columns, rows in (("makers", _MAKER, makers), ("candidates", _CANDIDATE, candidates)):
        if (file := _file(request, snapshot, name, columns, rows)) is not None:
            return file
    return render(
        request,
        "chains/product.html",
        {
            "snapshot": snapshot,
            "node": chosen,
            "bands": bands,
            "nodes": nodes,
            "to_mend": [node for node in nodes if node.figures["state"] in _TO_MEND],
            "makers": makers,
            "candidates": candidates,
        },
    )


def _parts(request: HttpRequest, *keys: tuple[str, str]) -> tuple[Snapshot | None, list[Part | None]]:
    viewer = viewer_of(request)
    snapshot = Snapshot.objects.for_viewer(viewer).first()
    if snapshot is None:
        return None, [None] * len(keys)
    own = Part.objects.filter(snapshot=snapshot, audience=snapshot.audience(viewer))
    return snapshot, [own.filter(kind=kind, key=key).first() for kind, key in keys]


def _rows(columns: Any) -> list[dict[str, Any]]:  # noqa: ANN401  (columns of a snapshot's part)
    """Give the columns of a part as rows; the state of a link with its name."""
    if not columns:
        return []
    lists = {name: values for name, values in columns.items() if isinstance(values, list)}
    rows = [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]
    for row in rows:
        if "state" in row:
            row["state_name"] = STATES.get(row["state"], row["state"])
    return rows


def _placed(request: HttpRequest, makers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the division of each maker, where its name is known."""
    look = look_of(request)
    return makers if look is None else [{**one, "division": look.frame.region(one["division"])} for one in makers]


def _file(
    request: HttpRequest, snapshot: Snapshot, name: str, columns: Mapping[str, object], rows: list[dict[str, Any]]
) -> HttpResponse | None:
    """Give a table that stands beside the list as a file where the address asks for it."""
    body = [[str(STATES.get(row[key], "")) if key == "state" else row.get(key) for key in columns] for row in rows]
    return table_response(request, name, list(columns.values()), body, snapshot)


def _export(request: HttpRequest, snapshot: Snapshot, rows: list[dict[str, Any]]) -> HttpResponse | None:
    """Give the list as a file where the address asks for one."""
    columns = {
        "product": _("product code"),
        "product_name": _("product"),
        "level": _("level"),
        "chain": _("chain"),
        "industry": _("industry"),
        "state": _("state of the link"),
        "local_firms": _("local firms"),
        "outside_firms": _("firms elsewhere"),
        "local_output_yuan": _("local output, yuan"),
        "national_share": _("share of the country"),
        "local_supply_low": _("local supply rate, at least"),
        "local_supply_high": _("local supply rate, at most"),
        "imported_share": _("imported share"),
    }
    held = [name for name in columns if not rows or name in rows[0]]
    body = [[str(STATES.get(row[name], "")) if name == "state" else row[name] for name in held] for row in rows]
    return table_response(request, "chain", [columns[name] for name in held], body, snapshot)
