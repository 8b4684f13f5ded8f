from __future__ import annotations

import datetime as dt
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from gaoyuan.assess import State, editions, judge, judge_many
from gaoyuan.assess.facts.assembly import assemble
from gaoyuan.assess.facts.importing import import_facts
from gaoyuan.assess.facts.known import known_facts
from gaoyuan.assess.logic.states import ORDER
from gaoyuan.assess.titles.firms import enterprise_columns, read_firms
from gaoyuan.errors import StepMissing
from gaoyuan.workspace import Workspace, create_workspace, open_workspace

AS_OF = dt.date(2026, 6, 30)
BY_SECTOR = "cn-sme-size"
"""The size classes are asked by sector, which columns do not have: there are vectorised ones in gaoyuan.codes."""


def test_columns_say_of_each_firm_what_is_known_of_it_alone(told_sample: Workspace):
    firms = read_firms(told_sample, AS_OF)
    columns = enterprise_columns(firms, 0, len(firms.id), AS_OF)
    rules = [rule for rule in editions() if rule.subject == "enterprise" and rule.id != BY_SECTOR]
    judged = {rule.key: judge_many(rule, columns, AS_OF) for rule in rules}
    told = sorted(set(firms.facts["subject"]))
    titled = sorted(set(firms.grants.rows["enterprise_id"].dropna()) - set(told))
    others = random.Random(1).sample(sorted(set(firms.id) - set(told) - set(titled)), 15)
    lost = set(firms.grants.rows.loc[firms.grants.rows["enterprise_id"].isna(), "name"])
    of_their_name = [firm for firm, name in zip(firms.id, firms.name, strict=True) if name in lost]
    assert of_their_name
    at = {firm: position for position, firm in enumerate(firms.id)}
    seen: set[State] = set()
    for firm in [*told, *titled[:10], *of_their_name[:4], *others]:
        facts = known_facts(told_sample, firm, AS_OF)
        for rule in rules:
            alone = [one.state for one in judge(rule, facts, AS_OF).criteria.values()]
            among = [ORDER[int(outcome.states[at[firm]])] for outcome in judged[rule.key].outcomes]
            assert among == alone, (firm, rule.key)
            seen.update(alone)
    assert seen == set(State)


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ("revenue_yuan", [("", 5e7), (2025, 9e7)]),
        ("revenue_yuan", [("", 5e7), (2024, 9e7)]),
        ("revenue_yuan", [(2024, 5e7)]),
        ("employees", [("", 50), (2025, 90), (2024, 70)]),
        ("class1_ip", [("", 5), (2025, 9)]),
        ("class1_ip", [("", 5), (2023, 9)]),
        ("class1_ip", [(2025, 5), (2026, 9), ("", 7)]),
        ("class1_ip", [(2023, 5), (2024, 9)]),
    ],
)
def test_what_has_no_year_stands_beside_what_has_one_as_it_does_for_one_firm(
    uneven_workspace: Workspace, tmp_path: Path, metric: str, told: list[tuple[int | str, float]]
):
    workspace = open_workspace(shutil.copytree(uneven_workspace.path, tmp_path / "w"))
    firm = str(workspace.read("enterprise", ["enterprise_id"])["enterprise_id"][0].as_py())
    rows = [f"{firm},{metric},{year},{value},s{at}" for at, (year, value) in enumerate(told)]
    (tmp_path / "f.csv").write_text("\n".join(["标识,指标,年份,值,来源", *rows]), encoding="utf-8")
    (imported,) = import_facts(workspace, [tmp_path / "f.csv"])
    assert imported.rejected == 0
    firms = read_firms(workspace, AS_OF)
    at = int(np.flatnonzero(firms.id == firm)[0])
    among = enterprise_columns(firms, at, at + 1, AS_OF)
    alone, _ = assemble(known_facts(workspace, firm, AS_OF), AS_OF)
    for year in (2023, 2024, 2025):
        one, other = (columns.number(metric, year) for columns in (among, alone))
        assert (one.lo[0], one.hi[0]) == (other.lo[0], other.hi[0]), year


def test_a_part_of_the_firms_has_the_columns_of_that_part(told_sample: Workspace):
    firms = read_firms(told_sample, AS_OF)
    whole = enterprise_columns(firms, 0, len(firms.id), AS_OF)
    begin = len(firms.id) // 2
    part = enterprise_columns(firms, begin, begin + 500, AS_OF)
    for name in ("employees", "age_years", "innovative_title_in_force"):
        for side in ("lo", "hi"):
            one, other = (getattr(columns.number(name, AS_OF.year - 1), side) for columns in (part, whole))
            np.testing.assert_array_equal(one, other[begin : begin + 500])
    classes = [
        [(*words.labels, None)[position] for position in words.position[chosen]]
        for words, chosen in (
            (part.word("size_class"), slice(None)),
            (whole.word("size_class"), slice(begin, begin + 500)),
        )
    ]
    assert classes[0] == classes[1]


def test_without_clusters_there_are_no_coded_firms(tmp_path):
    with pytest.raises(StepMissing, match="observe"):
        read_firms(create_workspace(tmp_path / "empty"), AS_OF)
