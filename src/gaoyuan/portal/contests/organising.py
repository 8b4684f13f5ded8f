"""What the organiser does: each act of the form, by the engine's functions, which check it."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.assess import contest as engine
from gaoyuan.assess.contest.canonical import Json
from gaoyuan.assess.contest.sealing import sealed_file
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.contests.acting import Held, uploaded
from gaoyuan.portal.contests.keeping import unlocked
from gaoyuan.portal.contests.models import Seat, Sheet, digest_of

Links: TypeAlias = "dict[str, str]"
"""The secrets of the links of judges, by judge; they are shown once."""
_LISTS = (
    "organisations",
    "counties",
    "groups",
    "finals",
    "only",
    "conflict_entrants",
    "conflict_organisations",
    "conflict_counties",
)
_SEPARATORS = str.maketrans(dict.fromkeys("；;、|\n\r", "\n"))
PUBLISHABLE = ("provisional", "appeals", "final")


def act(held: Held, request: HttpRequest) -> Links:
    """Do the act that a form names. Raises ActRefused for one that there is not, and as the engine does."""
    done = _ACTS.get(request.POST.get("act", ""))
    if done is None:
        raise engine.ActRefused("没有此操作 there is no such act")
    return done(held, request) or {}


def _text(post: QueryDict, name: str) -> str:
    return post.get(name, "").strip()


def _texts(post: QueryDict, name: str) -> list[str]:
    parts = "\n".join(post.getlist(name)).translate(_SEPARATORS).split("\n")
    return [part.strip() for part in parts if part.strip()]


def _advance(held: Held, request: HttpRequest) -> None:
    if held.state.scoring_round is not None:
        raise engine.ActRefused("评分须先开封 scores have to be opened first")
    held.engine.advance()


def _panel(held: Held, request: HttpRequest) -> Links:
    with uploaded(request.FILES.get("file"), (".xlsx", ".csv")) as path:
        rows = engine.read_judges(path)
    links: Links = {}
    for number, row in enumerate(rows, 1):
        lists = {name: row[name] for name in _LISTS if isinstance(row[name], tuple)}
        with _at_row(number):
            links |= _seat(held, str(row["judge"]), str(row["name"]), lists)
    return links


def _judge(held: Held, request: HttpRequest) -> Links:
    post = request.POST
    return _seat(held, _text(post, "judge"), _text(post, "name"), {name: _texts(post, name) for name in _LISTS})


def _seat(held: Held, judge: str, name: str, lists: Mapping[str, Sequence[str]]) -> Links:
    held.engine.register_judge(judge, name, **lists)
    secret = secrets.token_urlsafe(32)
    Seat.objects.create_for(
        held.row.organisation, contest=held.row, judge=judge, name=name[:200], digest=digest_of(secret)
    )
    return {judge: secret}


def _link(held: Held, request: HttpRequest) -> Links:
    """Give a new link for a seat that nobody has taken."""
    judge = held.state.judge(_text(request.POST, "judge")).id
    secret = secrets.token_urlsafe(32)
    free = Seat.unscoped.filter(contest=held.row, judge=judge, user=None).first()
    if free is None:
        raise engine.ActRefused(f"{judge} 的席位已有人 somebody has taken the seat")
    free.digest = digest_of(secret)
    free.save()
    return {judge: secret}


def _dismiss(held: Held, request: HttpRequest) -> None:
    held.engine.dismiss_judge(_text(request.POST, "judge"), _text(request.POST, "reason"))
    for seat in Seat.unscoped.filter(contest=held.row, judge=_text(request.POST, "judge")):
        seat.delete()


def _conflict(held: Held, request: HttpRequest) -> None:
    post = request.POST
    held.engine.declare_conflict(_text(post, "judge"), _text(post, "entrant"), _text(post, "reason"))


def _entries(held: Held, request: HttpRequest) -> None:
    with uploaded(request.FILES.get("file"), (".xlsx", ".csv")) as path:
        rows = engine.read_entries(path)
    for number, row in enumerate(rows, 1):
        lists = {name: row[name] for name in ("organisations", "counties") if isinstance(row[name], tuple)}
        with _at_row(number):
            held.engine.enter(str(row["entrant"]), str(row["name"]), group=str(row["group"]), **lists)


def _enter(held: Held, request: HttpRequest) -> None:
    post = request.POST
    held.engine.enter(
        _text(post, "entrant"),
        _text(post, "name"),
        group=_text(post, "group"),
        organisations=_texts(post, "organisations"),
        counties=_texts(post, "counties"),
    )


def _withdraw(held: Held, request: HttpRequest) -> None:
    held.engine.withdraw(_text(request.POST, "entrant"), _text(request.POST, "reason"))


def _extend(held: Held, request: HttpRequest) -> None:
    post = request.POST
    to = _text(post, "to")
    if to and "+" not in to and "Z" not in to:
        # A browser's field of a moment has no offset from UTC: it is that of the deadline for entries.
        offset = held.state.definition.deadlines["entries"].isoformat()[-6:]
        to = f"{to}{offset}"
    held.engine.act("extended", {"deadline": _text(post, "deadline"), "to": to, "reason": _text(post, "reason")})


def _set_aside(held: Held, request: HttpRequest) -> None:
    round_name = held.state.scoring_round or "group"
    held.engine.set_aside(round_name, _text(request.POST, "judge"), _text(request.POST, "reason"))


def _open(held: Held, request: HttpRequest) -> None:
    """Open all sealed sheets of the round: those of which the record has the commitment."""
    name = held.state.scoring_round
    with tempfile.TemporaryDirectory() as folder:
        for judge, commitment in held.state.commitments[name].items() if name else ():
            kept = Sheet.unscoped.filter(
                seat__contest=held.row, seat__judge=judge, round=name, commitment=commitment
            ).first()
            if kept is not None and name is not None:
                sealed_file(Path(folder), name, judge).write_text(unlocked(kept.data), encoding="utf-8")
        engine.open_round(held.engine, Path(folder), with_few="with_few" in request.POST)


def _appeal(held: Held, request: HttpRequest) -> None:
    post = request.POST
    held.engine.appeal(
        _text(post, "entrant"), "group" if _text(post, "round") == "group" else "final", _text(post, "reason")
    )


def _decide(held: Held, request: HttpRequest) -> None:
    held.engine.decide(_text(request.POST, "matter"), request.POST.getlist("chosen"), _text(request.POST, "reason"))


def _decide_appeal(held: Held, request: HttpRequest) -> None:
    post = request.POST
    corrections: list[dict[str, Json]] = []
    if void := _text(post, "void"):
        # ROUND:JUDGE is a whole sheet, ROUND:JUDGE:ENTRANT the scores of one entrant.
        parts = void.split(":")
        named = dict(zip(("round", "judge", "entrant"), parts, strict=False))
        corrections.append({"do": "void_scores" if len(parts) > 2 else "void_sheet", **named})
    if entrant := _text(post, "disqualify"):
        corrections.append({"do": "disqualify", "entrant": entrant})
    upheld = _text(post, "upheld")
    if upheld not in ("yes", "no"):
        raise engine.ActRefused("请注明成立或驳回 an appeal is upheld or rejected")
    held.engine.decide_appeal(
        _text(post, "appeal"), upheld=upheld == "yes", reason=_text(post, "reason"), corrections=corrections
    )


def _publish(held: Held, request: HttpRequest) -> None:
    if held.state.stage not in PUBLISHABLE:
        raise engine.ActRefused(_("Results are published once they are provisional."))
    if held.row.published is None:
        held.row.published, held.row.published_by = timezone.now(), viewer_of(request).user


def _clock(held: Held, request: HttpRequest) -> None:
    """Set the moment of a rehearsal: `editing` has done it."""
    if not held.row.rehearsal:
        raise engine.ActRefused("正式竞赛以当时时间为准 a contest goes by the clock")


class _at_row:  # noqa: N801 - it reads as a phrase where it is used
    """Says with which row of a register something is wrong."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        if isinstance(fault, engine.ActRefused):
            where = f"第 {self.number} 条 entry {self.number}"
            raise engine.ActRefused(fault.what, where=where, mend=fault.mend) from None


_ACTS: Mapping[str, Callable[[Held, HttpRequest], Links | None]] = {
    "advance": _advance,
    "panel": _panel,
    "judge": _judge,
    "link": _link,
    "dismiss": _dismiss,
    "conflict": _conflict,
    "entries": _entries,
    "enter": _enter,
    "withdraw": _withdraw,
    "extend": _extend,
    "set_aside": _set_aside,
    "open": _open,
    "appeal": _appeal,
    "decide": _decide,
    "decide_appeal": _decide_appeal,
    "publish": _publish,
    "clock": _clock,
}
