"""How passwords are kept: Argon2id, with no more memory than many who sign in at once leave the server."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB and three passes: more than the least that OWASP's Password Storage Cheat Sheet asks for,
    which is two passes. Django's own takes 100 MiB, of every thread in which somebody signs in. Passwords that were
    kept by that are kept by this from the next sign-in on.
    """

    memory_cost = 19 * 1024
    time_cost = 3
    parallelism = 1
