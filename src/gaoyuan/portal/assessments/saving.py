"""What is done to an assessment, each in one transaction: begun, saved, signed, copied. Once signed nothing changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.assessments.evidence import MOST_FILES, drop, store
from gaoyuan.portal.assessments.facts_form import Asked, Row
from gaoyuan.portal.assessments.judging import Judged, Settings, changes, form_of
from gaoyuan.portal.assessments.knowing import Known
from gaoyuan.portal.assessments.models import Assessment, Evidence, Judgement, State

Plain: TypeAlias = "dict[str, Any]"


class Outdated(Exception):
    """Somebody has saved or signed it since the form was sent out."""


@transaction.atomic
def begin(viewer: Viewer, source: Organisation, known: Known, values: Mapping[str, Any]) -> Assessment:
    """Begin an assessment with what is known filled in, and judge it."""
    assert viewer.organisation is not None, "the gate lets organisations pass only"
    made = Assessment.objects.create_for(
        viewer.organisation, source=source, known=known.as_data(), made_by=viewer.user, **values
    )
    form = form_of(made)
    _write(made, viewer, [one.row for one in form.rows], made.chosen, form.judged(made.subject))
    return made


@transaction.atomic
def save(
    viewer: Viewer, pk: object, revision: int, rows: Sequence[Row], settings: Settings, judged: Judged
) -> Assessment:
    """Save what was typed and the verdict that it gives. Raises Outdated, Assessment.DoesNotExist."""
    held = _draft(viewer, pk, revision)
    _write(held, viewer, rows, settings, judged)
    return held


@transaction.atomic
def sign(viewer: Viewer, pk: object, revision: int) -> Assessment:
    """Sign an assessment as it is saved: who, when and the hash of what was signed are kept. Raises Outdated."""
    held = _draft(viewer, pk, revision)
    assert viewer.user is not None, "the gate lets people pass only"
    held.state, held.signed, held.signed_by = State.SIGNED, timezone.now(), viewer.user
    name = viewer.user.get_full_name() or viewer.user.get_username()
    held.signed_name = f"{name} · {viewer.organisation}"[:300]
    held.facts_sha256 = digest_of(held)
    held.save()
    return held


@transaction.atomic
def copy(viewer: Viewer, of: Assessment) -> Assessment:
    """Make a draft with the facts and the evidence of an assessment."""
    assert viewer.organisation is not None, "the gate lets organisations pass only"
    same = ("source", "subject", "name", "edition", "title_zh", "title_en", "application", "as_of", "chosen")
    kept = {name: getattr(of, name) for name in (*same, "facts", "known", "revision")}
    made = Assessment.objects.create_for(viewer.organisation, copy_of=of, made_by=viewer.user, **kept)
    for one in Evidence.unscoped.filter(assessment=of):
        parts = {name: getattr(one, name) for name in ("fact", "name", "kind", "stored", "size", "sha256", "made_by")}
        Evidence.objects.create_for(viewer.organisation, assessment=made, **parts)
    form = form_of(made)
    _write(made, viewer, [one.row for one in form.rows], made.chosen, form.judged(made.subject))
    return made


def attach(viewer: Viewer, pk: object, fact: str, asked: Sequence[Asked], files: Iterable[UploadedFile]) -> list[str]:
    """Keep files as evidence of a fact of a draft; gives what is wrong with those that are not taken."""
    faults: list[str] = []
    known = {one.key for one in asked}
    for file in files:
        if fact not in known:
            faults.append(_("Choose the fact that %(name)s shows.") % {"name": str(file.name or "")[:100]})
            continue
        try:
            stored = store(file)
        except ValidationError as fault:
            faults += fault.messages
            continue
        try:
            with transaction.atomic():
                held = Assessment.objects.for_viewer(viewer).select_for_update().get(pk=pk, state=State.DRAFT)
                if Evidence.unscoped.filter(assessment=held).count() >= MOST_FILES:
                    raise ValidationError(_("An assessment takes %(most)s files at most.") % {"most": MOST_FILES})
                Evidence.objects.create_for(
                    held.organisation, assessment=held, fact=fact, made_by=viewer.user, **stored._asdict()
                )
        except ValidationError as fault:
            drop(stored.stored)
            faults += fault.messages
        except Assessment.DoesNotExist:
            drop(stored.stored)
            faults.append(_("It has been signed: nothing can be added."))
    return faults


def remove(viewer: Viewer, pk: object, evidence: Iterable[str]) -> None:
    """Take files off a draft; those of a copy stay with the assessment that was copied."""
    with transaction.atomic():
        held = Assessment.objects.for_viewer(viewer).select_for_update().filter(pk=pk, state=State.DRAFT).first()
        gone = (
            list(Evidence.objects.for_viewer(viewer).filter(assessment=held, pk__in=_uuids(evidence))) if held else []
        )
        for one in gone:
            one.delete()
    for one in gone:
        drop(one.stored)


def digest_of(assessment: Assessment) -> str:
    """Give the SHA-256 of what a signature covers: cluster, rule, day, settings, facts, evidence, verdict; as JSON."""
    judgement = Judgement.unscoped.get(assessment=assessment)
    files = Evidence.unscoped.filter(assessment=assessment).order_by("fact", "sha256")
    covered = {
        "subject": assessment.subject,
        "edition": assessment.edition,
        "rule": judgement.data["verdict"]["snapshot_sha256"],
        "as_of": assessment.as_of.isoformat(),
        "application": assessment.application,
        "settings": assessment.chosen,
        "facts": assessment.facts,
        "evidence": [[one.fact, one.name, one.sha256] for one in files],
        "verdict": judgement.verdict,
    }
    return hashlib.sha256(_canonical(covered)).hexdigest()


def _canonical(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _draft(viewer: Viewer, pk: object, revision: int) -> Assessment:
    held = Assessment.objects.for_viewer(viewer).select_for_update().get(pk=pk)
    if held.state != State.DRAFT or held.revision != revision:
        raise Outdated
    return held


def _write(held: Assessment, viewer: Viewer, rows: Iterable[Row], settings: Settings, judged: Judged) -> None:
    # Rows that the rule asks no more, since a setting is another, are kept.
    asked = {row.key: row.as_data() for row in rows}
    left = [one for one in held.facts if f"{one['metric']}:{one['asked'] or ''}" not in asked]
    held.facts, held.chosen = [*asked.values(), *left], settings
    held.saved, held.saved_by = timezone.now(), viewer.user
    held.revision += 1
    held.save()
    data = judged.as_data()
    before = Judgement.unscoped.filter(assessment=held).first() or Judgement(
        assessment=held, organisation=held.organisation
    )
    before.changed = changes(before.data.get("verdict", {}), data["verdict"])
    before.data, before.verdict, before.counts = data, str(judged.verdict.state), judged.counts
    before.save()


def _uuids(texts: Iterable[str]) -> list[str]:
    import uuid

    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(str(uuid.UUID(text)))
    return found
