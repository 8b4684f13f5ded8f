"""Official rules as data, and verdicts on clusters, enterprises and regions that show their evidence.

>>> from gaoyuan.assess import judge
>>> judge("cn-sme-cluster", {"sme_output_share": 0.69}, as_of="2025-06-01").criteria["1.5"].state.value
'unmet'
"""

from __future__ import annotations

from gaoyuan.assess.facts.columns import FactColumns, columns_of
from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.parsing import Fact, Facts, parse_facts
from gaoyuan.assess.logic.states import State
from gaoyuan.assess.rules.model import Criterion, Edition, Status
from gaoyuan.assess.rules.rulebook import edition, edition_of, editions, read_edition
from gaoyuan.assess.verdicts.judging import Judgements, judge, judge_many
from gaoyuan.assess.verdicts.verdict import CriterionVerdict, Evidence, Verdict

__all__ = [
    "Criterion",
    "CriterionVerdict",
    "Edition",
    "Evidence",
    "Fact",
    "FactColumns",
    "Facts",
    "Finding",
    "Judgements",
    "Metric",
    "State",
    "Status",
    "Verdict",
    "columns_of",
    "edition",
    "edition_of",
    "editions",
    "judge",
    "judge_many",
    "metrics",
    "parse_facts",
    "read_edition",
]
