"""The file of a map of designations (YAML), and the record of its moves beside it.

    rule: cq-33618-map
    region: "500000"
    units: [万盛经济技术开发区]        # besides the counties of the region
    options: [智能网联新能源汽车, …]   # where the rule has no list of its own
    designations:
      - {unit: 江北区, role: leading, industry: 智能网联新能源汽车, since: 2023-11-01}

The record (`NAME.history.jsonl`) has one event a line, each with who, when and why, and with the hash of the one
before: lines are only ever added, and one that is changed or taken out is found. A move writes the map anew:
comments in the file are lost.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gaoyuan.assess.contest.bodies import mappings
from gaoyuan.assess.contest.canonical import Json
from gaoyuan.assess.contest.record import Event, event_after, read_events
from gaoyuan.assess.designations.moves import (
    OPERATIONS,
    Breach,
    Designation,
    DesignationRule,
    Move,
    Operation,
    breaches,
    moved,
)
from gaoyuan.assess.designations.moves import designation_rule as rule_of_edition
from gaoyuan.assess.facts.yaml_reading import read_yaml
from gaoyuan.assess.rules.rulebook import edition, read_edition
from gaoyuan.codes import counties, region_prefix
from gaoyuan.errors import InputError

_KNOWN = {"rule", "region", "units", "options", "designations", "title"}
_PARTS = ("unit", "role", "industry", "since")


@dataclass(frozen=True, slots=True)
class DesignationMap:
    """A map as its file has it, with its rule and its history."""

    file: Path
    rule: DesignationRule
    designations: tuple[Designation, ...]
    history: tuple[Event, ...]
    data: Mapping[str, Any]

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Everywhere that the map breaks its rule."""
        return breaches(self.designations, self.rule)

    @property
    def agrees_with_history(self) -> bool:
        """Whether the map is what its history leads to; true where there is no history yet."""
        return not self.history or self.history[-1].body["after"] == _plain(self.designations)

    @property
    def broken_off(self) -> bool:
        """Whether the last move stands in the history while the map's next text still waits beside the file."""
        if not self.history or self.history[-1].body["before"] != _plain(self.designations):
            return False
        partial = _partial(self.file)
        return partial.is_file() and partial.read_bytes() == _text(self.data, mappings(self.history[-1].body, "after"))


def read_map(file: Path) -> DesignationMap:
    """Read a map with its rule and its history, both of one moment: a move that is under way is waited for.

    Raises InputError that names the place for a file that cannot be used, RecordBroken for a history whose lines were
    changed or taken out.
    """
    if not file.is_file():  # without a folder there is nothing to hold; reading says what is wrong
        return _read(file)
    with _locked(file, fcntl.LOCK_SH):
        return _read(file)


def _read(file: Path) -> DesignationMap:
    data = read_yaml(file, "the map", dates_as_text=True)
    strange = sorted(map(str, set(data) - _KNOWN)) if isinstance(data, dict) else []
    if not isinstance(data, dict) or not isinstance(data.get("rule"), str) or strange:
        what = f"unknown parts: {', '.join(strange)}" if strange else "it names no rule"
        mend = f"Parts of a map are: {', '.join(sorted(_KNOWN))}."
        raise InputError(
            f"this is no map of designations ({what})",
            where=str(file),
            mend=mend,
            zh="这不是产业布局表",
            mend_zh=f"布局表的各部分：{'、'.join(sorted(_KNOWN))}",
        )
    for part in ("units", "options"):
        names = data.get(part)
        if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            raise InputError(
                f"`{part}` is no list of names",
                where=str(file),
                mend=f"Write {part}: [甲, 乙].",
                zh=f"{part} 不是名称列表",
                mend_zh=f"写成 {part}: [甲, 乙]",
            )
    rows = data.get("designations") or []
    if not isinstance(rows, list):
        raise InputError(
            "`designations` is no list",
            where=str(file),
            mend="Write one entry a designation.",
            zh="designations 不是列表",
            mend_zh="每项布局写一条",
        )
    held = tuple(_designation(row, f"{file}, designations {at}") for at, row in enumerate(rows, 1))
    history = history_file(file)
    events = read_events(history.read_bytes(), where=str(history)) if history.exists() else ()
    return DesignationMap(file, _rule(data, file), held, events, data)


def history_file(file: Path) -> Path:
    """Give the file of a map's history."""
    return file.with_name(f"{file.stem}.history.jsonl")


def make_move(held: DesignationMap, move: Move, at: dt.datetime) -> DesignationMap:
    """Carry out a move: first its line in the history, then the map's file, which appears whole.

    The map is read anew, while other processes that would move it wait, so the move follows the last one whoever made
    it. Where writing fails, both files stay as they were. A process that is killed in between leaves the map's next
    text as a partial file beside it: `broken_off` tells so, and the next move first puts that in place. One that is
    killed while the line is written may leave half of it, which `read_map` tells as a RecordBroken. The map is written
    as plain YAML: comments in it are lost.

    Raises DesignationRefused for a move that the rule does not allow, InputError for one without who or why, where the
    map was changed by hand since its last move, or where a file cannot be written.
    """
    if not move.who.strip() or not move.why.strip():
        raise InputError(
            "a move needs who asks for it and why",
            mend="Give --who and --why.",
            zh="变更须写明谁提出和为什么",
            mend_zh="给出 --who 和 --why",
        )
    with _locked(held.file, fcntl.LOCK_EX):
        now = _read(held.file)
        if now.broken_off:
            _partial(now.file).replace(now.file)
            now = _read(held.file)
        return _moved(now, move, at)


def _moved(held: DesignationMap, move: Move, at: dt.datetime) -> DesignationMap:
    if not held.agrees_with_history:
        raise InputError(
            "the map was changed by hand since its last recorded move",
            where=str(held.file),
            mend=f"Undo that, or take {history_file(held.file).name} away and begin a new history.",
            zh="布局表自上次记录的变更后被手工改动",
            mend_zh=f"撤回改动，或移走 {history_file(held.file).name}，重新开始记录",
        )
    after = moved(held.designations, move, held.rule)
    body = {
        "operation": move.operation, "unit": move.unit, "industry": move.industry, "role": move.role,
        "on": move.on.isoformat(), "why": move.why, "rule": held.rule.key,
        "before": _plain(held.designations), "after": _plain(after),
    }  # fmt: skip
    event = event_after(held.history[-1] if held.history else None, "moved", body, actor=move.who, at=at)
    data = {**held.data, "designations": _plain(after)}
    partial, history = _partial(held.file), history_file(held.file)
    size = history.stat().st_size if history.exists() else None
    try:
        _write(partial, _text(held.data, _plain(after)), "wb")
        _write(history, event.line, "ab")
        partial.replace(held.file)
    except OSError as fault:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        if size is not None:
            os.truncate(history, size)
        else:
            history.unlink(missing_ok=True)
        raise InputError(
            f"the move cannot be written ({fault.strerror})",
            where=str(held.file),
            mend="Make room, or see who may write there; the map and its history are as they were.",
            zh="变更无法写入",
            mend_zh="腾出空间，或核对写入权限；布局表和记录保持原样",
        ) from fault
    return DesignationMap(held.file, held.rule, after, (*held.history, event), data)


@contextmanager
def _locked(file: Path, kind: int) -> Iterator[None]:
    """Hold the folder of a map: the map's file itself is another one after each move."""
    folder = os.open(file.absolute().parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, kind)
        yield
    finally:
        os.close(folder)


def _partial(file: Path) -> Path:
    return file.with_name(f".{file.name}.partial")


def _write(file: Path, content: bytes, mode: str) -> None:
    with file.open(mode) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _text(given: Mapping[str, Any], designations: Iterable[Mapping[str, Json]]) -> bytes:
    """Give the text of a map with other designations, whichever order the parts of these come in."""
    data = {**given, "designations": [{name: row[name] for name in _PARTS} for row in designations]}
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode("utf-8")


def move_of(operation: str, unit: str, industry: str, role: str | None, *, on: dt.date, who: str, why: str) -> Move:
    """Make a move of what a person gave; raises InputError for an operation that is none, or without its role."""
    known: Operation | None = next((one for one in OPERATIONS if one == operation), None)
    if known is None:
        raise InputError(
            f"there is no operation {operation!r}",
            mend=f"Operations are: {', '.join(OPERATIONS)}.",
            zh=f"没有名为 {operation!r} 的操作",
            mend_zh=f"可用：{'、'.join(OPERATIONS)}",
        )
    if not unit or not industry or (known != "remove" and not role):
        raise InputError(
            "a move needs unit, industry and role",
            mend="Give --unit, --industry and --role.",
            zh="变更须写明单元、产业和类别",
            mend_zh="给出 --unit、--industry 和 --role",
        )
    return Move(known, unit.strip(), industry.strip(), None if known == "remove" else role, on, who, why)


def _rule(data: Mapping[str, Any], file: Path) -> DesignationRule:
    name = str(data["rule"])
    own = (file.parent / name) if name.endswith((".yaml", ".yml")) else None
    found = read_edition(own) if own is not None else edition(name)
    units = data.get("units")
    region = str(data.get("region") or found.region)
    if region.isdigit():
        prefix = region_prefix(region)
        units = [*(units or ()), *(one.name for code, one in counties().items() if code.startswith(prefix))]
    return rule_of_edition(found, units=units, options=data.get("options"))


def _designation(row: object, where: str) -> Designation:
    if not isinstance(row, Mapping) or not all(row.get(name) for name in ("unit", "role", "industry")):
        raise InputError(
            "a designation needs unit, role and industry",
            where=where,
            mend="Fill in what is missing.",
            zh="布局须有单元、类别和产业",
            mend_zh="补上所缺的",
        )
    since = row.get("since")
    try:
        day = since if isinstance(since, dt.date) or since is None else dt.date.fromisoformat(str(since))
    except ValueError:
        raise InputError(
            f"{since!r} is no date",
            where=where,
            mend="Write dates as 2023-11-01.",
            zh=f"{since!r} 不是日期",
            mend_zh="日期写成 2023-11-01",
        ) from None
    return Designation(str(row["unit"]), str(row["role"]), str(row["industry"]), day)


def _plain(designations: tuple[Designation, ...]) -> list[dict[str, str | None]]:
    return [
        {"unit": one.unit, "role": one.role, "industry": one.industry,
         "since": one.since.isoformat() if one.since else None}
        for one in sorted(designations, key=lambda one: (one.unit, one.role, one.industry))
    ]  # fmt: skip
