"""Acting out a story: its people fill in the portal's own pages, so all that stands there is what pages allow."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import urljoin

import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gaoyuan.errors import InputError
from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.demonstration.forms_of_pages import PageForm, forms_of
from gaoyuan.portal.jobs.queue import queue

__all__ = ["PASSWORD", "Player", "StoryBroken", "play", "read_story", "require_no_organisations"]

PASSWORD = "gaoyuan sample 高原"
_BACKEND = "django.contrib.auth.backends.ModelBackend"
Story = Mapping[str, Any]


class StoryBroken(Exception):
    """A step of the story that the portal does not take; says which, and what the page complains of."""


@dataclass(frozen=True)
class Choice:
    """The option of a list that has these words."""

    words: str


@dataclass
class Player:
    """Somebody of the story in a browser without scripts."""

    name: str
    user: str
    organisation: Organisation
    client: Client

    def read(self, path: str) -> tuple[str, str]:
        """Open a page; gives it and where it stands. Raises StoryBroken where there is none."""
        read = self.client.get(path, follow=True)
        if read.status_code != 200:
            raise StoryBroken(f"{self.name} cannot open {path}: {read.status_code}")
        return read.content.decode(), read.redirect_chain[-1][0] if read.redirect_chain else path

    def link(self, path: str, begins: str) -> str:
        """Give where the first link of a page leads that begins so and goes on to something of a number. Raises
        StoryBroken where there is none.
        """
        found = re.search(rf'href="({re.escape(begins)}[0-9a-f-]+/)"', self.read(path)[0])
        if found is None:
            raise StoryBroken(f"{self.name} finds no link to {begins} on {path}")
        return found[1]

    def fill(self, path: str, fields: Mapping[str, object], form: str = "") -> str:
        """Fill in a form of a page and send it; gives where the portal then leads. What stands in the form already is
        sent along. `form` is how its address ends, where a page has several. Raises StoryBroken where it is refused.
        """
        page, landed = self.read(path)
        asked = _form_for(page, fields, form)
        if asked is None:
            raise StoryBroken(f"{self.name} finds no form {form!r} with {', '.join(fields)} on {path}")
        chosen = {
            name: asked.chosen(name, one.words) if isinstance(one, Choice) else one for name, one in fields.items()
        }
        sent = self.client.post(urljoin(landed, asked.action), {**asked.fields, **chosen})
        if sent.status_code != 302:
            complaints = re.findall(
                r'<ul class="errorlist.*?</ul>|<p[^>]*role="alert".*?</p>', sent.content.decode(), re.DOTALL
            )
            named = (re.sub(r'<ul[^>]*id="id_([^"]*)_error"[^>]*>', r"\1: ", one) for one in complaints)
            said = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", one)) for one in named)
            raise StoryBroken(f"{self.name} on {path}: {sent.status_code} {' '.join(said.split())}")
        return str(sent["Location"])


def read_story() -> Story:
    """Give the story that ships: people, and what they do one after the other."""
    text = resources.files("gaoyuan.portal.demonstration").joinpath("story.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def require_no_organisations() -> None:
    """Raise InputError where the portal has organisations besides its own: made-up people stay out of those."""
    if Organisation.objects.exclude(kind=Role.ADMINISTRATOR).exists():
        raise InputError(
            "the portal has organisations already",
            mend="Leave --sample out, or name a new folder with GAOYUAN_PORTAL.",
            zh="平台中已有机构",
            mend_zh="不写 --sample，或用 GAOYUAN_PORTAL 指定新文件夹",
        )


def play(story: Story, tell: Callable[[str], None] = lambda _: None) -> dict[str, Player]:
    """Make the people of a story and have them act; gives them by name. `tell` hears each step before it is done. Jobs
    are done at once, for no worker may be running yet.
    """
    before, queue.immediate = queue.immediate, True
    try:
        return _played(story, tell)
    finally:
        queue.immediate = before


def _played(story: Story, tell: Callable[[str], None]) -> dict[str, Player]:
    players = {name: _player(name, one, story["people"]) for name, one in story["people"].items()}
    marks: dict[str, str] = {}
    for step in story["steps"]:
        tell(str(step["says"]))
        who = players[step["by"]]
        path = _filled(step["page"], marks)
        if "link" in step:
            path = who.link(path, step["link"]) + step.get("then", "")
        prefix = f"{step['move']}-" if "move" in step else ""
        fields = {f"{prefix}{name}": _value(value, players) for name, value in (step.get("with") or {}).items()}
        end = f"/{step['move']}/" if "move" in step else step.get("form", "")
        marks[step.get("as", "last")] = who.fill(path, fields, end)
    return players


def _player(name: str, about: Mapping[str, str], people: Mapping[str, Mapping[str, str]]) -> Player:
    kind = Role(about["kind"])
    under = about.get("under")
    above = Organisation.objects.filter(name=people[under]["name"]).last() if under else None
    parent = above or Organisation.objects.filter(kind=Role.ADMINISTRATOR).first()
    own = Organisation.objects.create(
        name=about["name"], kind=kind, parent=parent, division=str(about.get("division", ""))
    )
    user = User.objects.create_user(f"sample-{name}", f"{name}@example.org", PASSWORD)
    Membership.objects.create(user=user, organisation=own)
    host = next(iter(settings.ALLOWED_HOSTS), "localhost").replace("*", "localhost")
    client = Client(headers={"accept-language": "zh-hans"}, SERVER_NAME=host)
    client.force_login(user, _BACKEND)
    return Player(name, user.username, own, client)


def _form_for(page: str, fields: Mapping[str, object], form: str) -> PageForm | None:
    """Find the form that is meant: by how its address ends, else the first that has all of the fields."""
    for one in forms_of(page):
        if one.action.endswith(form) if form else one.names >= set(fields):
            return one
    return None


def _filled(path: str, marks: Mapping[str, str]) -> str:
    """Put addresses that earlier steps led to into a path."""
    return re.sub(r"\{(\w+)\}", lambda found: marks[found[1]], path)


def _value(value: object, players: Mapping[str, Player]) -> object:
    """Give what is typed: a moment so many hours or days ahead, nine in the morning of a day, a day, the number of an
    organisation, what a choice says, a table as a file, or the text.
    """
    if isinstance(value, Mapping):
        now = timezone.localtime()
        if "choice" in value:
            return Choice(value["choice"])
        if "csv" in value:
            return SimpleUploadedFile("table.csv", value["csv"].replace("{today}", now.date().isoformat()).encode())
        if "morning" in value:
            day = now + dt.timedelta(days=value["morning"])
            return day.replace(hour=9, minute=0).strftime("%Y-%m-%dT%H:%M")
        if "party" in value:
            return str(players[value["party"]].organisation.pk)
        if "day" in value:
            return (now + dt.timedelta(days=value["day"])).date().isoformat()
        return (now + dt.timedelta(**value)).strftime("%Y-%m-%dT%H:%M")
    return value if isinstance(value, list) else str(value)
