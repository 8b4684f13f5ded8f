"""The feed of moves, by which programs of an organisation follow its cases."""

from __future__ import annotations

from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import RecordLine
from gaoyuan.portal.cases.seeing import seen_by
from gaoyuan.portal.cases.service import service_of

__all__ = ["records_after"]


def records_after(viewer: Viewer, after: int, most: int) -> tuple[list[RecordLine], int]:
    """Give records that a viewer may see, in the order of their commits, and the number up to which he has then read.

    Numbers are given out one commit after the other (`models.Counter`), so that none can appear later below that
    number, which times could not promise. A page may hold fewer than `most`, for of the records of a case that the
    viewer knows of some may not be for him.
    """
    lines = RecordLine.unscoped.filter(sequence__gt=after, case__in=seen_by(viewer)).select_related(
        "case__organisation"
    )
    looked = list(lines.order_by("sequence")[:most])
    seen = [line for line in looked if service_of(line.case.process).shows_line(viewer, line.case, line)]
    return seen, looked[-1].sequence if looked else after
