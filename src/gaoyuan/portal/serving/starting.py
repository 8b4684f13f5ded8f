"""The portal's folder and database made ready, before anything of it is used."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

from gaoyuan.errors import InputError
from gaoyuan.workspace import Workspace


def portal_folder(workspace: Workspace) -> Path:
    """Give the portal's folder: what GAOYUAN_PORTAL names, else `portal` in the workspace's."""
    named = os.environ.get("GAOYUAN_PORTAL")
    return Path(named) if named else workspace.path / "portal"


def require_free(host: str, port: int) -> None:
    """Raise InputError where nothing can listen on an address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError as refused:
        raise InputError(
            "this port is for administrators only",
            where=f"{host}:{port}",
            mend="Take one from 1024 on: --port 8000",
            zh="此端口只有系统管理员可用",
            mend_zh="用 1024 以上的端口：--port 8000",
        ) from refused
    except OSError as refused:
        in_use = refused.errno == errno.EADDRINUSE
        raise InputError(
            "another program listens there" if in_use else "this machine has no such address",
            where=f"{host}:{port}",
            mend="Take another port: --port 8001"
            if in_use
            else "Leave --host out, or take an address of this machine.",
            zh="已有其他程序占用" if in_use else "本机没有这个地址",
            mend_zh="换一个端口：--port 8001" if in_use else "不写 --host，或用本机的地址",
        ) from refused


def allow_host(host: str) -> None:
    """Let browsers name the address that is listened on, where the environment names none. Once, before `set_up`."""
    if host not in {"0.0.0.0", "::"}:
        shown = f"[{host}]" if ":" in host else host
        os.environ.setdefault("GAOYUAN_HOSTS", f"localhost,127.0.0.1,[::1],{shown}")


def set_up(folder: Path) -> None:
    """Load the portal on its folder, and bring its database to the newest form. Once a process. Raises InputError where
    the database cannot be reached.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ["GAOYUAN_PORTAL"] = str(folder.absolute())
    os.environ["GAOYUAN_SERVED"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gaoyuan.portal.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    try:
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    except ImproperlyConfigured as wrong:
        raise InputError(
            f"the portal's settings are wrong: {wrong}",
            mend="Mend the variable of the environment that is named.",
            zh=f"门户设置有误：{wrong}",
            mend_zh="请改正所指的环境变量",
        ) from wrong
    except OperationalError as refused:
        raise InputError(
            f"the portal's database cannot be used: {str(refused).strip()}",
            mend="Check DATABASE_URL and that the server runs, or that the folder of the portal can be written.",
            zh="无法使用门户的数据库",
            mend_zh="检查 DATABASE_URL 及数据库服务，或门户文件夹是否可写",
        ) from refused


def first_link(address: str) -> str | None:
    """Give a one-time link that makes the first administrator, None where there is one."""
    from django.urls import reverse

    from gaoyuan.portal.accounts.models import Membership, Organisation, SetupLink
    from gaoyuan.portal.accounts.roles import Role

    if Membership.objects.filter(organisation__kind=Role.ADMINISTRATOR, user__is_active=True).exists():
        return None
    organisation = Organisation.objects.filter(kind=Role.ADMINISTRATOR).order_by("pk").first()
    if organisation is None:
        organisation = Organisation.objects.create(name="平台管理 Platform", kind=Role.ADMINISTRATOR)
    SetupLink.objects.filter(organisation=organisation, used=None).delete()
    return address.rstrip("/") + reverse("setup", args=[SetupLink.make(organisation)])


def server_command(host: str, port: int, workers: int) -> list[str]:
    """Give the command that serves the portal."""
    return [
        sys.executable,
        "-m",
        "granian",
        "gaoyuan.portal.wsgi:application",
        *("--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "4", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"),
    ]


def worker_command() -> list[str]:
    """Give the command that does the background work."""
    return [sys.executable, "-m", "gaoyuan.portal.jobs.worker"]
