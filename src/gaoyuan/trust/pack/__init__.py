"""Evidence packs: one file that a bank checks offline, without an account, and without trusting the platform.

A pack is records of one enterprise that the log has, as much of each as the enterprise shows, with one proof for all, a
cosigned checkpoint, the signatures of both parties, the consent that the pack is made under, and figures. Read in this
order: `sealing` and `body` (the file), `records` (what is shown of each), `statements` and `signing` (who signed),
`completeness` (nothing left out), `trades`, `rings` and `figures` (what follows), `word` (what the platform says beyond
the records), `making`, `verifying`, `words`.
"""

from gaoyuan.trust.pack.making import make_pack, summary_credential
from gaoyuan.trust.pack.records import PackRecord, show
from gaoyuan.trust.pack.statements import read_statement, sign_records
from gaoyuan.trust.pack.verifying import Check, Report, State, Verdict, verify_pack

__all__ = [
    "Check",
    "PackRecord",
    "Report",
    "State",
    "Verdict",
    "make_pack",
    "read_statement",
    "show",
    "sign_records",
    "summary_credential",
    "verify_pack",
]
