"""The audit log: who changed what, when and from where. All models of the portal are in it but published contents."""

from __future__ import annotations

import logging
from typing import TypeVar, cast

from allauth.core.internal.httpkit import get_client_ip
from auditlog.diff import model_instance_diff
from auditlog.middleware import AuditlogMiddleware
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import transaction
from django.db.models import Manager, Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
_log = logging.getLogger(__name__)
UNLOGGED = {
    "snapshots.Part": "contents of a snapshot, which is logged itself",
    "snapshots.Firm": "contents of a snapshot, which is logged itself",
    "evidence.LogFile": "the log itself, whose every change its checkpoints show",
    "evidence.LogRecord": "a record of the log, which is never changed",
    "evidence.Concern": "the number of a record of the log",
}
"""Models of the portal whose rows are not logged one by one, and why."""
LIBRARIES = ("account.EmailAddress", "mfa.Authenticator", "socialaccount.SocialAccount", "auth.Group")
_SECRET = {"password", "last_login", "digest", "data", "extra_data", "content", "secret"} | {
    *("plain", "salts", "max_price_yuan"),  # of records and demands
}
_COMPUTED = {"preview", "result", "rows", "clusters"}
"""Fields that hold what the portal has computed: the log says that it has been, not what."""


def log_all() -> None:
    """Log the changes of every model; of what opens accounts only that it changed."""
    for model in logged_models():
        fields, own = model._meta.get_fields(), {*model._meta.concrete_fields, *model._meta.many_to_many}
        # What points here is logged where it stands.
        left_out = {field.name for field in fields if field.name in _SECRET | _COMPUTED or field not in own}
        auditlog.register(model, exclude_fields=sorted(left_out))
    user_logged_in.connect(_log_entrance)
    user_login_failed.connect(_warn_of_failure)


def _log_entrance(request: HttpRequest, user: Model, **_: object) -> None:
    from auditlog.models import LogEntry, LogEntryManager

    log = cast(LogEntryManager, LogEntry.objects)
    log.log_create(user, force_log=True, action=LogEntry.Action.ACCESS, changes={}, actor=user)


def _warn_of_failure(credentials: dict[str, object], request: HttpRequest | None = None, **_: object) -> None:
    name = credentials.get("username") or credentials.get("email") or ""
    _log.warning("sign-in failed for %r from %s", name, get_client_ip(request) if request else "nowhere")


def update_logged(rows: QuerySet[M], /, **values: object) -> int:
    """Change rows as `rows.update(**values)` does, which alone would pass over the log; give how many there were.

    Of several who change the same rows at once each changes those that `rows` still finds when the one before is done.
    """
    from auditlog.models import LogEntry, LogEntryManager

    log: LogEntryManager = cast(LogEntryManager, LogEntry.objects)
    kept = cast("Manager[M]", rows.model._base_manager)  # pyright: ignore[reportAttributeAccessIssue]
    with transaction.atomic():
        before = list(rows.order_by().select_for_update(of=("self",)))
        numbers = [one.pk for one in before]
        kept.filter(pk__in=numbers).update(**values)
        after = {one.pk: one for one in kept.filter(pk__in=numbers)}
        for one in before:
            if changes := model_instance_diff(one, after[one.pk]):
                log.log_create(after[one.pk], action=LogEntry.Action.UPDATE, changes=changes)
    return len(before)


def logged_models() -> list[type[Model]]:
    """Give the models whose changes are logged."""
    return [
        model
        for model in apps.get_models()
        if model._meta.label in LIBRARIES
        or (model.__module__.startswith("gaoyuan.portal.") and model._meta.label not in UNLOGGED)
    ]


class Audited(AuditlogMiddleware):
    """Notes who makes the changes of a request. The address is the one that the sign-in takes: what a browser says of
    itself is believed only behind a proxy that the settings name.
    """

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        return get_client_ip(request)
