"""Reading and checking the definition of a contest: a YAML or JSON file whose form `definition.schema.json` says."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast, get_args

import jsonschema.exceptions
import yaml

from gaoyuan.assess.contest.bodies import Body, mapping, mappings, text
from gaoyuan.assess.contest.canonical import Json, canonical, decimal_text, parse_time
from gaoyuan.assess.contest.definition import (
    DEADLINES,
    Correction,
    Criterion,
    Deadline,
    Definition,
    Group,
    Panel,
    ResultClass,
    RoundName,
    TieBreaker,
    Title,
    Track,
    every_criterion,
)
from gaoyuan.assess.contest.faults import DefinitionInvalid
from gaoyuan.errors import FileUnreadable

__all__ = ["definition_from", "read_definition"]


def read_definition(path: Path) -> Definition:
    """Read a definition from a YAML or JSON file.

    Raises FileUnreadable where the file is none, DefinitionInvalid where its contents break the schema or contradict
    themselves: weights that do not add up, ids given twice, a tie-breaker that names no criterion, deadlines out of
    order, fewer scores asked for than trimming leaves.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileUnreadable("没有此文件 there is no such file", where=str(path), mend="Check the path.") from None
    except (UnicodeDecodeError, IsADirectoryError) as fault:
        raise FileUnreadable(
            f"不是 UTF-8 文本 this is no text in UTF-8 ({fault})", where=str(path), mend="Save it as UTF-8."
        ) from None
    try:
        return definition_from(_plain(yaml.load(content, Loader=_DefinitionLoader)))
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise DefinitionInvalid(
            f"不是 YAML 或 JSON this is neither YAML nor JSON: {fault}", where=str(path), mend="Correct that line."
        ) from None
    except DefinitionInvalid as fault:
        place = f"{path}: {fault.where}" if fault.where else str(path)
        raise DefinitionInvalid(fault.what, where=place, mend=fault.mend) from None


def definition_from(given: Json) -> Definition:
    """Check a definition that was read and give it typed.

    Raises DefinitionInvalid, whose `where` is the part's path.
    """
    source = _plain(given)
    fault = jsonschema.exceptions.best_match(_validator().iter_errors(source))
    if fault is not None:
        raise DefinitionInvalid(
            f"竞赛定义不合规格 the definition breaks its schema: {fault.message}",
            where=fault.json_path,
            mend="见 examples/contest.yaml See examples/contest.yaml.",
        )
    body = cast("Body", source)
    canonical(body)
    panels, scoring, conflicts = mapping(body, "panel"), mapping(body, "scoring"), mapping(body, "conflicts")
    made = Definition(
        source=body,
        id=text(body, "id"),
        title=_title(body),
        tracks=tuple(_track(part) for part in mappings(body, "tracks")),
        criteria=tuple(_criterion(part) for part in mappings(body, "criteria")),
        points=Decimal(str(body.get("points", "100"))),
        score_decimals=cast("int", body.get("score_decimals", 1)),
        panels={name: _panel(mapping(panels, name)) for name in get_args(RoundName)},
        same_organisation=bool(conflicts.get("same_organisation", True)),
        same_county=bool(conflicts.get("same_county", False)),
        correction=cast("Correction", scoring.get("correction", "none")),
        trim=cast("int", scoring.get("trim", 0)),
        decimals=cast("int", scoring.get("decimals", 4)),
        ties=tuple(
            TieBreaker(cast("Literal['criterion']", part["by"]), cast("str | None", part.get("criterion")))
            for part in mappings(body, "ties")
        ),
        deadlines=_deadlines(mapping(body, "deadlines")),
    )
    _check(made)
    return made


class _DefinitionLoader(yaml.SafeLoader):
    """Reads YAML without making dates of texts: the offset of a deadline stays as it was written."""


_DefinitionLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((files("gaoyuan.assess.contest") / "definition.schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema)


_DECIMALS = {"weight", "max", "points"}


def _plain(value: Json | float, name: str = "") -> Json:
    """Give the normal form: points and weights as decimal strings, ids that YAML read as numbers as text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float) and name in _DECIMALS:
        return decimal_text(Decimal(repr(value)))
    if isinstance(value, int) and name in ("id", "criterion"):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part, str(key)) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        raise DefinitionInvalid(f"此处应为整数 a whole number is asked for, not {value!r}", where=name)
    return value


def _title(body: Body) -> Title:
    title = mapping(body, "title")
    return Title(text(title, "zh"), text(title, "en"))


def _criterion(body: Body) -> Criterion:
    weight, maximum = body.get("weight"), body.get("max")
    return Criterion(
        text(body, "id"),
        _title(body),
        None if weight is None else Decimal(str(weight)),
        None if maximum is None else Decimal(str(maximum)),
        tuple(_criterion(part) for part in mappings(body, "criteria")),
    )


def _track(body: Body) -> Track:
    return Track(
        text(body, "id"),
        _title(body),
        tuple(Group(text(part, "id"), _title(part)) for part in mappings(body, "groups")),
        cast("int", body["advance"]),
        tuple(
            ResultClass(text(part, "id"), _title(part), cast("int", part["places"]))
            for part in mappings(body, "classes")
        ),
    )


def _panel(body: Body) -> Panel:
    return Panel(cast("int", body["size"]), cast("int", body["min_scores"]))


def _deadlines(body: Body) -> dict[Deadline, dt.datetime]:
    moments: dict[Deadline, dt.datetime] = {}
    for name in DEADLINES:
        if name in body:
            try:
                moments[name] = parse_time(text(body, name))
            except ValueError as fault:
                raise DefinitionInvalid(
                    f"截止时间有误 this is no moment: {fault}",
                    where=f"$.deadlines.{name}",
                    mend="写成 Write it as 2026-05-31T18:00+08:00.",
                ) from None
    order = list(moments.items())
    for (earlier, first), (later, second) in pairwise(order):
        if first >= second:
            raise DefinitionInvalid(
                f"截止时间次序颠倒 {later} ({second}) 不晚于 does not come after {earlier} ({first})",
                where=f"$.deadlines.{later}",
            )
    return moments


def _check(made: Definition) -> None:
    _check_weights(made.criteria, "$.criteria")
    groups = [group.id for track in made.tracks for group in track.groups]
    for names, what in (
        ([track.id for track in made.tracks], "赛道 track"),
        (groups, "小组 group"),
        ([criterion.id for criterion in every_criterion(made.criteria)], "指标 criterion"),
        *(([part.id for part in track.classes], f"{track.id} 结果类别 class") for track in made.tracks),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise DefinitionInvalid(f"{what} 编号重复 has an id that is given twice: {', '.join(twice)}")
    for at, breaker in enumerate(made.ties):
        if breaker.criterion is not None and breaker.criterion not in made.leaves_of:
            raise DefinitionInvalid(
                f"没有此指标 there is no criterion {breaker.criterion!r}", where=f"$.ties[{at}].criterion"
            )
    for name, panel in made.panels.items():
        where = f"$.panel.{name}"
        if panel.min_scores > panel.size:
            raise DefinitionInvalid(
                f"最少评分数 {panel.min_scores} 大于评委数 more scores asked for than the panel has ({panel.size})",
                where=where,
            )
        if panel.min_scores <= 2 * made.trim:
            raise DefinitionInvalid(
                f"去掉最高最低各 {made.trim} 个后无分可用 trimming {made.trim} on either side leaves nothing of"
                f" {panel.min_scores} scores",
                where=where,
                mend=f"min_scores 至少 at least {2 * made.trim + 1}.",
            )


def _check_weights(siblings: tuple[Criterion, ...], where: str) -> None:
    for at, part in enumerate(siblings):
        if part.maximum is not None and part.maximum <= 0:
            raise DefinitionInvalid(f"满分须大于零 {part.id}: the maximum must be above zero", where=f"{where}[{at}]")
        _check_weights(part.criteria, f"{where}[{at}].criteria")
    weights = [part.weight for part in siblings if part.weight is not None]
    if not weights:
        return
    if len(weights) < len(siblings):
        missing = ", ".join(part.id for part in siblings if part.weight is None)
        raise DefinitionInvalid(f"同级指标缺权重 siblings have weights, these have none: {missing}", where=where)
    if sum(weights) not in (1, 100):
        raise DefinitionInvalid(
            f"同级权重之和应为 1 或 100: weights of siblings add up to {sum(weights)}, not to 1 or 100",
            where=where,
        )
