"""A process of a portal that is served elsewhere, run with its environment: it does what tests ask for.

Each line that comes is `[file, function, word, ...]` as JSON; the function is called with `person` and the words, and a
line goes back: `{"answer": ...}`, or `{"fault": ...}` where it failed. Tests themselves cannot do that, for they have
another database.
"""

from __future__ import annotations

import contextlib
import json
import runpy
import sys
import traceback
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from gaoyuan.portal.accounts.models import Organisation


def person(name: str, organisation: Organisation) -> str:
    """Make somebody of an organisation, who is signed in; gives the key of the session."""
    from django.test import Client

    from gaoyuan.portal.accounts.models import Membership, User

    user, new = User.objects.get_or_create(username=name)
    if new:
        Membership.objects.create(user=user, organisation=organisation)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def main() -> None:
    """Answer until nobody asks any more."""
    django.setup()
    files: dict[str, dict[str, Any]] = {}
    answers, told = sys.stdout, {}
    for line in sys.stdin:
        file, function, *words = json.loads(line)
        try:
            with contextlib.redirect_stdout(sys.stderr):
                if file not in files:
                    files[file] = runpy.run_path(file)
                told = {"answer": files[file][function](person, *words)}
        except Exception:
            told = {"fault": traceback.format_exc()}
        print(json.dumps(told), file=answers, flush=True)


if __name__ == "__main__":
    main()
