"""Titles that firms hold (企业称号): the ladder of small and medium firms, champions, high-technology firms and others,
and how they are written in lists.

The national ladder (优质中小企业梯度培育) rises from innovative firms (创新型) over specialised ones (专精特新) to
little giants (小巨人); champions (单项冠军) stand above it.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal, TypeAlias, cast

from gaoyuan.codes.administrative_divisions import Level, divisions
from gaoyuan.codes.tables import rows_of
from gaoyuan.errors import NotFound

TitleLevel: TypeAlias = Literal["national", "provincial", "city"]

_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_OWN_PLAN = ("大连市", "青岛市", "宁波市", "厦门市", "深圳市")
_CORPS = ("新疆生产建设兵团", "兵团")

_IGNORED = re.compile(r"[\"'“”‘’「」『』〝〞﹁﹂﹃﹄《》<>*·,，、;；:：()（）\[\]【】〔〕{}]+")
_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?:年?度?[-—–~～至到](?P<until>(?:19|20)\d{2}))?(?!\d)"
    r"(?:年?度|年(?:\d{1,2}月(?:\d{1,2}日)?)?)?"
)
_BATCH = re.compile(r"第?(?P<number>[一二三四五六七八九十百]+|\d{1,3})批次?|首批")
_NEUTRAL = re.compile(r"荣誉称号|称号|名单|复核通过|通过复核|复审通过|通过复审|认定|有效期内")
_LEVEL_WORDS = {
    "national": ("国家级", "国家", "全国", "工业和信息化部", "工信部"),
    "provincial": ("自治区级", "自治区", "省级", "全省", "省"),
    "city": ("市级", "全市", "市"),
    "county": ("区县级", "县级", "区级"),
}


@dataclass(frozen=True, slots=True)
class Title:
    """A title of the vocabulary. `validity_years` is None where no rule was found that says it, `ladder_rank` (1 is the
    lowest) where the title is none of the national ladder; how sure the validity is is said in words: official,
    secondary, or from memory. `unmarked` tells whether the bare name means this title, `placed` whether it does with
    the name of a place before it.
    """

    id: str
    zh: str
    en: str
    level: TitleLevel
    unmarked: bool
    placed: bool
    validity_years: int | None
    validity_confidence: str
    ladder_rank: int | None
    aliases: tuple[str, ...]
    source: str
    note: str

    def valid_until(self, granted: dt.date) -> dt.date | None:
        """Give the last day of a title granted on a day, None where its validity is not known.

        >>> title("little_giant").valid_until(dt.date(2023, 7, 14))
        datetime.date(2026, 7, 13)
        """
        return None if self.validity_years is None else last_day(granted, self.validity_years)


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What a text says of a title: which, of which batch and which year, None where it does not say."""

    title: Title
    batch: str | None
    year: int | None


@cache
def titles() -> Mapping[str, Title]:
    """Give the titles of the vocabulary by id.

    >>> [title.zh for title in titles().values() if title.ladder_rank == 3]
    ['专精特新“小巨人”企业']
    """
    return MappingProxyType(
        {
            row["id"]: Title(
                row["id"],
                row["zh"],
                row["en"],
                cast(TitleLevel, row["level"]),
                row["unmarked"] == "yes",
                row["placed"] == "yes",
                int(row["validity_years"]) if row["validity_years"] else None,
                row["validity_confidence"],
                int(row["ladder_rank"]) if row["ladder_rank"] else None,
                tuple(row["aliases"].split("|")),
                row["source"],
                row["note"],
            )
            for row in rows_of("enterprise_titles.csv")
        }
    )


def title(name: str) -> Title:
    """Give a title by its id; raises NotFound where the vocabulary has none.

    >>> title("srdi_sme").zh
    '专精特新中小企业'
    """
    try:
        return titles()[name]
    except KeyError:
        raise NotFound(f"no title {name!r}", mend=f"Titles are: {', '.join(titles())}.") from None


def recognise_title(text: str) -> Title | None:
    """Give the title that a text names, None where it names none that is known, or may mean several.

    Quotation marks, brackets, blanks, years, batches and words such as 名单 make no difference; the level does, be it
    said (国家级, 省级) or by the name of a place. Nothing is guessed: candidates (培育), proposals (拟认定) and revoked
    titles are none, and 市级 without a place may be that of a prefecture or of a municipality.

    >>> [found and found.id for found in map(recognise_title, ["第五批专精特新「小巨人」企业（2023年）", "培育企业"])]
    ['little_giant', None]
    >>> [recognise_title(f"{place}专精特新中小企业").id for place in ("", "省级", "重庆市", "潍坊市")]
    ['srdi_sme', 'srdi_sme', 'srdi_sme', 'city_srdi_sme']
    """
    reading = read_title(text)
    return None if reading is None else reading.title


@lru_cache(maxsize=65536)
def read_title(text: str) -> TitleReading | None:
    """Read a text as `recognise_title` does, with the batch and the year that it names.

    >>> reading = read_title("2023年第五批国家级专精特新“小巨人”企业")
    >>> reading.title.id, reading.batch, reading.year
    ('little_giant', '第五批', 2023)
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).upper())
    years = {match["year"]: match["until"] for match in _YEAR.finditer(plain)}
    batches = {match.group() for match in _BATCH.finditer(plain)}
    name = _IGNORED.sub("", _BATCH.sub("", _YEAR.sub("", plain)))
    name = _NEUTRAL.sub("", name)
    found = _titles_of(name)
    if len(found) != 1:
        return None
    (year,) = years if len(years) == 1 and None in years.values() else (None,)
    return TitleReading(found[0], batches.pop() if len(batches) == 1 else None, int(year) if year else None)


def last_day(first: dt.date, years: int) -> dt.date:
    """Give the last day of a number of whole years that begin on a day.

    >>> last_day(dt.date(2024, 2, 29), 1)
    datetime.date(2025, 2, 27)
    """
    try:
        return first.replace(year=first.year + years) - dt.timedelta(days=1)
    except ValueError:
        return first.replace(year=first.year + years, day=28) - dt.timedelta(days=1)


def _titles_of(name: str) -> list[Title]:
    """Give the titles that a name without years, batches and marks may mean; levels stand before it or behind it."""
    core, place = _without_place(name)
    levels: set[str] = set()
    while core not in _by_alias():
        word = next((word for word in _level_words() if core.startswith(word) or core.endswith(word)), None)
        if word is None:
            return []
        core = core.removeprefix(word) if core.startswith(word) else core.removesuffix(word)
        levels.add(_level_words()[word])
    known = _by_alias()[core]
    if place is None and not levels:
        return [found for found in known if found.unmarked]
    if place == "own plan" and levels <= {"city"}:
        return [found for found in known if found.level == "provincial" and found.ladder_rank is not None]
    if levels == {"city"} and place in (None, "municipality"):
        # A municipality's own level is that of a province; without a place nobody knows whose level is meant.
        return [found for found in known if found.level == "provincial"] if place else []
    if levels:
        return [found for found in known if {found.level} == levels]
    return [found for found in known if found.placed and (found.level == "city") == (place == "city")]


def _without_place(name: str) -> tuple[str, str | None]:
    """Take the names of places from the beginning of a name; gives with it what kind of place was the last."""
    kind = None
    while (found := next((place for place in _places() if name.startswith(place)), None)) is not None:
        kind = _places()[found]
        name = name.removeprefix(found).removeprefix("级")
    return name, kind


@cache
def _places() -> Mapping[str, str]:
    """Give the names of provinces and prefectures, the longest first, with what kind of place each is."""
    kinds: dict[str, str] = dict.fromkeys(_CORPS, "province")
    for (level, _), division in divisions().items():
        if level == Level.PROVINCE:
            short = re.sub(r"(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "", division.name)
            kind = "municipality" if division.name in _MUNICIPALITIES else "province"
            kinds |= {division.name: kind, short: kind}
        elif level == Level.PREFECTURE and division.name.endswith(("市", "州", "盟", "地区")):
            kinds[division.name] = "own plan" if division.name in _OWN_PLAN else "city"
    return MappingProxyType(dict(sorted(kinds.items(), key=lambda item: -len(item[0]))))


@cache
def _level_words() -> Mapping[str, str]:
    words = {word: level for level, given in _LEVEL_WORDS.items() for word in given}
    return MappingProxyType(dict(sorted(words.items(), key=lambda item: -len(item[0]))))


@cache
def _by_alias() -> Mapping[str, tuple[Title, ...]]:
    known: dict[str, list[Title]] = {}
    for found in titles().values():
        for alias in found.aliases:
            known.setdefault(_IGNORED.sub("", unicodedata.normalize("NFKC", alias).upper()), []).append(found)
    return MappingProxyType({alias: tuple(found) for alias, found in known.items()})
