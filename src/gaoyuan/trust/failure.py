"""How a check of evidence fails: every way is an error with a name, so that no caller can overlook a false answer.

InputError
└── NotTrusted                  what was given does not prove what it is said to prove
├── ProofInvalid            a proof of the tree does not lead to the root
├── JsonInvalid             a document has no canonical form, or is not in it
├── OpeningInvalid          a disclosed value is not the one that was committed to
├── KeyInvalid              a key is malformed, or of a kind that is not known here
├── NoteInvalid             a signed note or checkpoint is malformed, or nobody trusted has signed it
├── PolicyUnmet             too few of the witnesses that are demanded have cosigned
├── LogBroken               a log's tiles, entries and checkpoint contradict each other
├── CredentialInvalid       a verifiable credential's proof does not hold
└── PackInvalid             an evidence pack is malformed, or something in it does not hold
"""

from __future__ import annotations

from gaoyuan.errors import InputError

__all__ = [
    "CredentialInvalid",
    "JsonInvalid",
    "KeyInvalid",
    "LogBroken",
    "NotTrusted",
    "NoteInvalid",
    "OpeningInvalid",
    "PackInvalid",
    "PolicyUnmet",
    "ProofInvalid",
]


class NotTrusted(InputError):
    """What was given does not prove what it is said to prove."""


class ProofInvalid(NotTrusted):
    """A proof of the tree does not lead to the root."""


class JsonInvalid(NotTrusted):
    """A document has no canonical form, or is not in it."""


class OpeningInvalid(NotTrusted):
    """A disclosed value is not the one that was committed to."""


class KeyInvalid(NotTrusted):
    """A key is malformed, or of a kind that is not known here."""


class NoteInvalid(NotTrusted):
    """A signed note or checkpoint is malformed, or nobody trusted has signed it."""


class PolicyUnmet(NotTrusted):
    """Too few of the witnesses that are demanded have cosigned."""


class LogBroken(NotTrusted):
    """A log's tiles, entries and checkpoint contradict each other."""


class CredentialInvalid(NotTrusted):
    """A verifiable credential's proof does not hold."""


class PackInvalid(NotTrusted):
    """An evidence pack is malformed, or something in it does not hold."""
