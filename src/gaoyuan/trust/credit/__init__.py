"""What a bank and a guarantee fund work with: reasons, peers, the ledgers of a fund and of members who stand in.

`reasons` says what speaks for a loan and what against it, each with the figure that it rests on, and gives no score;
`peers` compares with others where there are enough; `fund` is the ledger of a risk-compensation fund under its rules,
`mutual` that of members who guarantee one another. All are plain functions: a balance is what its entries add up to.
"""

from gaoyuan.trust.credit.failure import CreditRefused
from gaoyuan.trust.credit.fund import FundEntry, FundRules, FundStanding, add_to_fund, fund_standing
from gaoyuan.trust.credit.mutual import (
    MutualEntry,
    MutualStanding,
    add_to_mutual,
    call_shares,
    mutual_standing,
    repayment_shares,
)
from gaoyuan.trust.credit.peers import FEWEST_PEERS, Quartiles, quartiles
from gaoyuan.trust.credit.reasons import CRITERIA, Reason, reasons_of

__all__ = [
    "CRITERIA",
    "FEWEST_PEERS",
    "CreditRefused",
    "FundEntry",
    "FundRules",
    "FundStanding",
    "MutualEntry",
    "MutualStanding",
    "Quartiles",
    "Reason",
    "add_to_fund",
    "add_to_mutual",
    "call_shares",
    "fund_standing",
    "mutual_standing",
    "quartiles",
    "reasons_of",
    "repayment_shares",
]
