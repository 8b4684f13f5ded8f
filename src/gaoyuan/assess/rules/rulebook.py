"""The shipped editions of official rules, and those of the user's own: reading, checking, choosing.

An edition is one YAML file, validated by `editions/edition.schema.json`. A new edition of a document is a new file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from gaoyuan.assess.facts.yaml_reading import read_yaml
from gaoyuan.assess.rules.checking import check_edition
from gaoyuan.assess.rules.model import (
    APPLICATIONS,
    Application,
    Duty,
    Edition,
    Json,
    Setting,
    Status,
)
from gaoyuan.assess.rules.reading import read_criteria
from gaoyuan.errors import InputError, NotFound

FOLDER = Path(__file__).parents[1] / "editions"
_MOST_IDS = 256
_APPLIED_ZH: Mapping[Application, str] = {"new": "新申报", "renewal": "复核"}


@cache
def schema() -> Mapping[str, Any]:
    """Give the JSON Schema of an edition's file."""
    return json.loads((FOLDER / "edition.schema.json").read_text("utf-8"))


@cache
def editions() -> tuple[Edition, ...]:
    """Give the shipped editions, ordered by id and edition.

    >>> any(edition.key == "cn-sme-cluster.2022" for edition in editions())
    True
    """
    return tuple(_shipped(file) for file in sorted(FOLDER.glob("*.yaml")))


@cache
def _shipped(file: Path) -> Edition:
    """Read a shipped edition, which the tests hold against the schema."""
    return _made(_loaded(file))


def edition(
    id: str,  # noqa: A002 - the users' word
    as_of: dt.date | str | None = None,
    application: Application = "new",
    *,
    among: Iterable[Edition] | None = None,
) -> Edition:
    """Give the edition of a rule that is in force on a day (today where None) for an application.

    `id` is a rule's id (`cn-little-giant`) or one edition of it (`cn-little-giant.2022`), whatever the day. `among` are
    the editions to choose from, the shipped ones where None. Raises NotFound for an id that there is not, InputError
    where no edition is in force then.

    >>> edition("cn-sme-cluster", "2025-06-01").document_number
    '工信部企业〔2022〕119号'
    """
    known = _of_rule(id) if among is None else tuple(among)
    day = as_date(as_of) if as_of is not None else dt.date.today()
    for one in known:
        if one.key == id:
            return one
    candidates = [one for one in known if one.id == id]
    if not candidates:
        names = ", ".join(sorted({one.id for one in known}))
        raise NotFound(
            f"no rule {id!r}",
            mend=f"Rules are: {names}. Or name a file of your own that ends in .yaml.",
            zh=f"没有名为 {id!r} 的规则",
            mend_zh="规则名见 gaoyuan rules，或给自己的 .yaml 文件",
        )
    valid = [one for one in candidates if one.in_force(day, application)]
    if not valid:
        spans = "; ".join(_span(one, application) for one in candidates)
        raise InputError(
            f"no edition of {id!r} is in force on {day} for {application} applications ({spans})",
            mend=f"Give another date, or name an edition: {', '.join(one.key for one in candidates)}.",
            zh=f"{id} 在 {day} 没有适用于{_APPLIED_ZH[application]}的版本（{spans}）",
            mend_zh=f"换一个日期，或指明版本：{'、'.join(one.key for one in candidates)}",
        )
    return max(valid, key=lambda one: (one.effective[application][0] or dt.date.min, one.edition))


@lru_cache(maxsize=_MOST_IDS)
def _of_rule(id: str) -> tuple[Edition, ...]:  # noqa: A002 - the users' word
    """Give the shipped editions of a rule, or one by its key; all of them where there is none of that name."""
    files = [file for file in sorted(FOLDER.glob("*.yaml")) if id in (file.stem, file.stem.rpartition(".")[0])]
    return tuple(_shipped(file) for file in files) or editions()


def read_edition(file: Path) -> Edition:
    """Read an edition from a YAML file, the user's own or a shipped one.

    Raises InputError that names what is wrong and where for a file that does not follow the schema or speaks of
    metrics or settings that there are not, or that could not be judged (`checking`).
    """
    return edition_of(_loaded(file), str(file))


def _loaded(file: Path) -> Any:  # noqa: ANN401 - as the file has it
    # Dates stay text, so that a file is the same data as its JSON snapshot.
    return read_yaml(file, "the rule file", dates_as_text=True)


def edition_of(data: Any, where: str = "rule") -> Edition:  # noqa: ANN401 - checked against the schema first
    """Make an edition of plain data: of a file, or of the snapshot that a verdict keeps."""
    # Shipped editions are checked in the tests, so that most who judge need no validator: its import is slow.
    import jsonschema

    try:
        faults = sorted(
            jsonschema.Draft202012Validator(schema()).iter_errors(data), key=lambda fault: list(map(str, fault.path))
        )
    except RecursionError:
        raise InputError(
            "the criteria are nested too deep",
            where=where,
            mend="Nest them less.",
            zh="条目嵌套过深",
            mend_zh="减少嵌套",
        ) from None
    if faults:
        at = "/".join(map(str, faults[0].absolute_path)) or "the top"
        raise InputError(
            f"the rule does not follow the schema at {at}: {_short(faults[0].message)}",
            where=where,
            mend="Compare with the shipped editions and edition.schema.json.",
            zh=f"规则文件在 {at} 处不合规定格式",
            mend_zh="与自带的版本和 edition.schema.json 对照",
        )
    try:
        made = _made(data)
    except (ValueError, TypeError, OverflowError) as fault:
        raise InputError(
            f"the rule cannot be used: {fault}",
            where=where,
            mend="Mend that place of the file.",
            zh="规则文件不能使用",
            mend_zh="改正文件中的该处",
        ) from None
    check_edition(made, where)
    return made


def as_date(given: dt.date | str) -> dt.date:
    """Give a date; text is ISO 8601. Raises InputError for what is no date."""
    if isinstance(given, dt.datetime):
        return given.date()
    if isinstance(given, dt.date):
        return given
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise InputError(
            f"{given!r} is no date",
            mend="Write dates as 2026-04-01.",
            zh=f"{given!r} 不是日期",
            mend_zh="日期写成 2026-04-01",
        ) from None


def _made(data: Mapping[str, Any]) -> Edition:
    document, region = data["document"], data["region"]
    notes = data.get("notes", [])
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Edition(
        id=data["id"],
        edition=data["edition"],
        title_zh=data["title"]["zh"],
        title_en=data["title"]["en"],
        document_number=document["number"] or "",
        issuer_zh=document["issuer"]["zh"],
        issuer_en=document["issuer"]["en"],
        url=document["url"] or "",
        published=_day(document["published"]),
        effective=_effective(data),
        supersedes=data["supersedes"],
        region=region["code"],
        region_zh=region["zh"],
        subject=data["subject"],
        status=Status(data["status"]),
        last_checked=dt.date.fromisoformat(data["last_checked"]),
        settings={name: _setting(name, entry) for name, entry in data.get("settings", {}).items()},
        criteria=read_criteria(data["criteria"]),
        duties=tuple(_duty(entry) for entry in data.get("duties", [])),
        notes_zh=tuple(note["zh"] for note in notes),
        notes_en=tuple(note["en"] for note in notes),
        data=data,
        text=json.dumps(data, ensure_ascii=False),
        sha256=hashlib.sha256(canonical.encode("utf-8")).hexdigest(),
    )


def _effective(data: Mapping[str, Any]) -> dict[Application, tuple[dt.date | None, dt.date | None]]:
    own = data.get("effective_for", {})
    named: list[Application] = [name for name in APPLICATIONS if name in data["application"]]
    spans = [own.get(name, data["effective"]) for name in named]
    return {name: (_day(span["from"]), _day(span["to"])) for name, span in zip(named, spans, strict=True)}


def _setting(name: str, entry: Mapping[str, Any]) -> Setting:
    return Setting(
        name=name,
        default=entry["default"],
        zh=entry["zh"],
        en=entry["en"],
        choices=tuple(entry.get("choices", ())),
        status=Status(entry.get("status", "official")),
    )


def _duty(entry: Mapping[str, Json]) -> Duty:
    return Duty(**{**entry, "status": Status(str(entry["status"]))})  # type: ignore[arg-type]


def _day(given: str | None) -> dt.date | None:
    return dt.date.fromisoformat(given) if given else None


def _span(one: Edition, application: Application) -> str:
    begin, end = one.effective.get(application, (None, None))
    return f"{one.key}: {begin or '…'} to {end or '…'}" if application in one.effective else f"{one.key}: not for these"


def _short(message: str, most: int = 300) -> str:
    return message if len(message) <= most else message[:most] + " …"
