"""Statistics of many clusters (产业集群统计): a province, a batch, a list: the figures that the news give, each with
its coverage and with what every cluster contributed to it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gaoyuan.assess.facts.agreement import agree, counting
from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.facts.title_metrics import TITLES_OF_COUNT
from gaoyuan.assess.facts.wording import amount_zh
from gaoyuan.assess.plain_data import plain
from gaoyuan.assess.result_files import Sheet
from gaoyuan.assess.rules.model import Json
from gaoyuan.assess.rules.rulebook import as_date
from gaoyuan.assess.statistics.cluster_figures import (
    Basis,
    Contribution,
    Figure,
    Named,
    growth,
    number_from,
    share,
    total,
    weighted_share,
)
from gaoyuan.assess.statistics.cluster_lists import LEFT_OUT_HEADINGS, LeftOut, left_out_findings, left_out_rows
from gaoyuan.assess.statistics.cluster_records import REGISTER, ClusterRecord, Records, Said, Selection, read_records
from gaoyuan.codes import titles as title_vocabulary
from gaoyuan.workspace import Workspace

_SUMMED = ("firms", "output_yuan", "revenue_yuan", "employees", "innovation_platforms")
_GROWING = ("output_yuan", "revenue_yuan", "employees")
_SIZES = ((1.0e10, "100亿元", "10 bn yuan"), (1.0e11, "1000亿元", "100 bn yuan"))
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a selection of clusters on a day; yearly ones are of `year`. `clusters` has the names by id.

    `left_out` are the rows of a list that add no known cluster.
    """

    selection: Selection
    as_of: dt.date
    year: int
    clusters: Mapping[str, str]
    figures: Mapping[str, Figure]
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...] = ()

    def as_data(self) -> dict[str, Json]:
        """Give the statistics as plain data for JSON, with value, coverage and contributions of every figure."""
        data = plain(self)
        assert isinstance(data, dict)
        figures: list[Json] = []
        for figure in self.figures.values():
            entry = plain(figure)
            assert isinstance(entry, dict)
            figures.append({**entry, "value": figure.value, "known": figure.known, "coverage": figure.coverage})
        data["figures"] = figures
        return data

    def sheets(self) -> list[Sheet]:
        """Give the statistics as tables for people: the figures, what each cluster contributed, the findings."""
        figures = [
            [one.id, one.zh, one.en, in_words(one), one.least, _finite(one.most), one.unit_zh, one.year, one.known,
             one.of, one.over, one.possible or None, one.repeated or None]
            for one in self.figures.values()
        ]  # fmt: skip
        contributions = [
            [figure.id, one.cluster, self.clusters.get(one.cluster), one.least, _finite(one.most), one.year, one.over,
             one.before, one.possible or None, one.basis, one.source, one.run]
            for figure in self.figures.values() for one in figure.contributions
        ]  # fmt: skip
        unknown = [[one.id, name, self.clusters.get(name)] for one in self.figures.values() for name in one.unknown]
        notes = [[one.kind, one.zh, one.en, one.mend_zh, one.mend_en] for one in self.findings]
        return [
            Sheet("统计", _FIGURE_HEADINGS, figures),
            Sheet("各集群贡献", _CONTRIBUTION_HEADINGS, contributions),
            Sheet("未知", ("指标 figure", "集群标识 cluster", "集群名称 name"), unknown),
            Sheet("名单未计入", LEFT_OUT_HEADINGS, left_out_rows(self.left_out)),
            Sheet("说明", ("类别 kind", "说明", "note", "改法", "mend"), notes),
        ]


_FIGURE_HEADINGS = (
    "标识 id", "指标", "figure", "数值 in words", "下限 least", "上限 most", "单位 unit", "年份 year", "已知集群 known",
    "集群总数 of", "分母 over", "有效期未知 possible", "重复扣除 repeated",
)  # fmt: skip
_CONTRIBUTION_HEADINGS = (
    "指标 figure", "集群标识 cluster", "集群名称 name", "数值 least", "上限 most", "年份 year", "分母 over",
    "上年 before", "有效期未知 possible", "依据 basis", "来源 source", "运行 run",
)  # fmt: skip


def statistics(
    workspace: Workspace,
    selection: Selection | None = None,
    *,
    as_of: dt.date | str | None = None,
    year: int | None = None,
) -> Statistics:
    """Give the statistics of the clusters of a workspace that a selection names (all where None).

    `as_of` is the day on which titles have to hold (today where None); `year` is that of yearly figures, the last full
    one before it where None. Facts of that year come first, then facts without a year, then what the register adds up
    (firms, jobs, revenue); facts without a year stand beside those of the last full year.
    Raises StepMissing where no clusters were found yet.
    """
    selection = selection or Selection()
    day = as_date(as_of) if as_of is not None else dt.date.today()
    return statistics_of(read_records(workspace, selection, day), selection, day, year or day.year - 1)


def statistics_of(records: Records, selection: Selection, as_of: dt.date, year: int) -> Statistics:
    """Compute the figures from records that were read: the same ones always give the same figures."""
    findings = left_out_findings(records.left_out)
    listed = {one.row.id for one in records.left_out}
    findings += strangers_findings([name for name in records.strangers if name not in listed])
    ids = [one.id for one in records.clusters]
    figures: list[Figure] = [*_counts(records), _distinct_firms(records, ids)]
    last = as_of.year - 1
    told = {
        metric: _contributions(records.clusters, metric, year, last, findings)
        for metric in (*_SUMMED, *TITLES_OF_COUNT)
    }
    figures += [total(_named(metric), ids, told[metric].values(), year=_year_of(metric, year)) for metric in _SUMMED]
    for bound, zh, en in _SIZES:
        named = Named(f"clusters_from_{bound:.0f}", f"营业收入{zh}以上的集群", f"clusters with revenue from {en}",
                      "count", "个", "clusters")  # fmt: skip
        figures.append(number_from(named, ids, told["revenue_yuan"].values(), bound, year=year))
    for metric in _GROWING:
        figures.append(_growth(records.clusters, ids, metric, year, last))
    figures.append(_adoption(records.clusters, ids, told["firms"], year, last, findings))
    figures += _titled(records, ids, told)
    findings += _silent_years(records.clusters, year)
    findings += lost_title_findings(records) if records.titles else [_no_titles()]
    names = {one.id: one.name for one in records.clusters}
    return Statistics(
        selection, as_of, year, names, {one.id: one for one in figures}, tuple(findings), records.left_out
    )


def in_words(figure: Figure) -> str:
    """Say a figure as a Chinese sentence would: with 至少 where it is a lower bound, 未知 where nothing is known.

    >>> in_words(total(Named("firms", "企业数", "firms", "count", "家"), ["a"], []))
    '未知'
    """
    if figure.least is None:
        return "未知"
    said = amount_zh(figure.least, figure.kind, figure.unit_zh)
    if figure.value is not None:
        return said
    if figure.most is not None and figure.most != math.inf and figure.how != "share":
        return f"{said}～{amount_zh(figure.most, figure.kind, figure.unit_zh)}"
    return f"至少 {said}"


def _counts(records: Records) -> Iterator[Figure]:
    """Give how many clusters there are, how many of them are known to be recognised, and in how many counties."""
    clusters, ids = records.clusters, [one.id for one in records.clusters]

    def counted(id: str, zh: str, en: str, told: Iterable[tuple[ClusterRecord, str]]) -> Figure:  # noqa: A002
        told = list(told)
        parts = [Contribution(one.id, float(bool(of)), 1.0, None, of, one.run, "register") for one, of in told]
        named = [of for _, of in told if of]
        return total(Named(id, zh, en, "count", "个", en), ids, parts, repeated=float(len(named) - len(set(named))))

    if ids:
        yield counted("clusters", "产业集群", "clusters", [(one, one.id) for one in clusters])
    else:
        yield Figure("clusters", "产业集群", "clusters", "sum", "count", "个", "clusters", 0.0, 0.0, 0, (), ())
    # The shipped lists are incomplete: that a cluster is in none does not tell that it is not recognised.
    yield counted("recognised_clusters", "其中已认定（按内置名单）", "recognised clusters (of the shipped lists)",
                  [(one, one.recognised) for one in clusters])  # fmt: skip
    yield counted("counties", "涉及县区", "counties", [(one, one.county) for one in clusters if one.county])


def _distinct_firms(records: Records, ids: list[str]) -> Figure:
    named = Named(
        "firms_distinct", "企业数（登记数据，去重）", "firms of the register, each once", "count", "家", "firms"
    )
    parts = [
        Contribution(name, float(len(firms)), float(len(firms)), None, REGISTER, records.member_runs[name], "register")
        for name, firms in records.members.items()
    ]
    return total(named, ids, parts, repeated=_repeated(records.members.values()))


def _repeated(groups: Collection[Collection[str]]) -> float:
    """Give how many firms of groups are counted again because they are in several."""
    return float(sum(map(len, groups)) - len(set().union(*groups)))


_LISTS = "称号名单 lists of titles"


def _contributions(
    clusters: Iterable[ClusterRecord], metric: str, year: int, last_year: int, findings: list[Finding]
) -> dict[str, Contribution]:
    found = {}
    for one in clusters:
        said = _told(one, metric, year, last_year)
        if not said:
            continue
        least, most = min(part.value for part in said), max(part.value for part in said)
        if not agree([least, most]):
            findings.append(_disagree(one, metric, said))
        else:
            most = least = said[0].value
        if not said[0].complete:
            most = math.inf
        basis: Basis = "register" if said[0].source == REGISTER else "fact"
        found[one.id] = Contribution(one.id, least, most, said[0].year, said[0].source, said[0].run, basis)
    return found


def _told(record: ClusterRecord, metric: str, year: int, last_year: int) -> tuple[Said, ...]:
    """Give what counts of a metric (see `counting`), else facts without a year, else the register's sum."""
    facts = record.facts.get(metric, ())
    now = counting(((one.year, one) for one in facts), year, last_year, series=metrics()[metric].series)
    undated = tuple(one for one in facts if one.year is None)
    register = record.register.get(metric)
    return tuple(now) or undated or ((register,) if register else ())


def _growth(clusters: Iterable[ClusterRecord], ids: list[str], metric: str, year: int, last_year: int) -> Figure:
    known = metrics()[metric]
    named = Named(f"{metric.removesuffix('_yuan')}_growth", f"{known.zh}增速", f"growth of {known.en}", "rate")
    found = []
    for one in clusters:
        facts = [(said.year, said) for said in one.facts.get(metric, ())]
        now, before = (counting(facts, at, last_year, series=True) for at in (year, year - 1))
        if now and before and all(agree(said.value for said in told) for told in (now, before)):
            found.append(
                Contribution(
                    one.id, now[0].value, now[0].value, year, now[0].source, now[0].run, before=before[0].value
                )
            )
    return growth(named, ids, found, year=year)


def _adoption(
    clusters: Iterable[ClusterRecord], ids: list[str], firms: Mapping[str, Contribution], year: int,
    last_year: int, findings: list[Finding],
) -> Figure:  # fmt: skip
    """Give platform adoption: each cluster's share weighted by its firms."""
    told = _contributions(clusters, "platform_adoption", year, last_year, findings)
    parts = [
        Contribution(
            name, one.least, one.most, one.year, one.source, one.run, one.basis,
            over=firms[name].least if name in firms and firms[name].exact else None,
        )
        for name, one in told.items()
    ]  # fmt: skip
    return weighted_share(_named("platform_adoption"), ids, parts)


def _titled(records: Records, ids: list[str], told: Mapping[str, Mapping[str, Contribution]]) -> Iterator[Figure]:
    """Give the firms by title (a fact of the cluster, else the lists), and the share of firms with any title.

    Lists need not be whole, so what they give is a lower bound; holders whose period is not known are counted apart.
    """
    known = set(records.titles)
    for metric, titles in TITLES_OF_COUNT.items():
        facts = told[metric]
        without = [name for name in records.members if name not in facts] if known & set(titles) else []
        yield _holders(records, ids, _named(metric), titles, without, facts.values())
    for title in sorted(known - {title for titles in TITLES_OF_COUNT.values() for title in titles}):
        listed = title_vocabulary().get(title)
        zh, en = (listed.zh, listed.en) if listed else (title, title)
        yield _holders(records, ids, Named(f"title:{title}", zh, en, "count", "家", "firms"), (title,), records.members)
    if known:
        counted = _holders(records, ids, Named("", "", "", "count"), records.titles, records.members)
        parts = [replace(one, over=float(len(records.members[one.cluster]))) for one in counted.contributions]
        named = Named("titled_share", "有称号企业占比", "share of firms with a title", "share")
        over = _repeated(records.members.values())
        figure = share(named, ids, parts, repeated=counted.repeated, over_repeated=over)
        yield replace(figure, possible=counted.possible)


def _holders(
    records: Records,
    ids: list[str],
    named: Named,
    titles: Collection[str],
    clusters: Iterable[str],
    facts: Iterable[Contribution] = (),
) -> Figure:
    """Give the firms that hold one of the titles: in `clusters` those of the lists, elsewhere what the facts say."""
    parts, certain, maybe = list(facts), list[set[str]](), set[str]()
    for name in clusters:
        held = {
            firm: [holding for title, holding in records.holdings.get(firm, {}).items() if title in titles]
            for firm in records.members[name]
        }
        sure = {firm for firm, holdings in held.items() if any(one.certain for one in holdings)}
        runs = sorted({one.run for holdings in held.values() for one in holdings if one.run})
        sources = sorted({one.source for holdings in held.values() for one in holdings if one.source})
        possible = {firm for firm, holdings in held.items() if holdings} - sure
        parts.append(
            Contribution(
                name, float(len(sure)), math.inf, None, "|".join(sources) or _LISTS, "|".join(runs), "titles",
                possible=len(possible),
            )
        )  # fmt: skip
        certain.append(sure)
        maybe |= possible
    figure = total(named, ids, parts, repeated=_repeated(certain))
    return replace(figure, possible=len(maybe))


def _named(metric: str) -> Named:
    known = metrics()[metric]
    return Named(metric, known.zh, known.en, known.kind, known.unit_zh, known.unit_en)


def _year_of(metric: str, year: int) -> int | None:
    return year if metrics()[metric].series else None


def _finite(value: float | None) -> float | None:
    return None if value is None or value == math.inf else value


def _silent_years(clusters: Iterable[ClusterRecord], year: int) -> Iterator[Finding]:
    """Give for each yearly metric without a fact of the year which year has most."""
    for metric in (*_SUMMED, "platform_adoption"):
        known = metrics()[metric]
        years = [{one.year for one in record.facts.get(metric, ()) if one.year is not None} for record in clusters]
        counts = {at: sum(at in some for some in years) for some in years for at in some}
        if known.series and counts and year not in counts:
            best = max(counts, key=lambda at: (counts[at], at))
            yield Finding(
                "missing_year", metric,
                f"{known.zh}：没有集群有 {year} 年的数据，{best} 年有 {counts[best]} 个",
                f"{known.en}: no cluster has a value of {year}, {counts[best]} have one of {best}",
                f"改用 --year {best}，或补充数据", f"Use --year {best}, or add facts",
            )  # fmt: skip


def _disagree(record: ClusterRecord, metric: str, said: Iterable[Said]) -> Finding:
    values = " / ".join(f"{one.value:g} ({one.source or '?'})" for one in said)
    known = metrics()[metric]
    return Finding(
        "sources_disagree", metric, f"{record.name or record.id} {known.zh}：来源不一致（{values}）",
        f"{record.id} {known.en}: sources disagree ({values})", "核对后只保留一个来源；在此之前按区间计入",
        "Keep the one that holds; until then the range between them counts", used=True,
    )  # fmt: skip


def strangers_findings(strangers: Sequence[str]) -> list[Finding]:
    """Say of which clusters of a batch the workspace knows nothing."""
    if not strangers:
        return []
    named, count = _named_first(strangers), len(strangers)
    return [
        Finding(
            "not_found", "cluster", f"工作区中没有 {count} 个集群的数据（{named}），各项为未知",
            f"the workspace knows nothing of {count} clusters ({named}): all is unknown of them",
            "核对标识，或导入这些集群的事实", "Check the ids, or import facts of these clusters",
        )
    ]  # fmt: skip


def lost_title_findings(records: Records, titles: Collection[str] | None = None) -> list[Finding]:
    """Say how many rows of lists of titles count nowhere because their firm was not found, and which the first are."""
    lost = [one for one in records.lost_titles if titles is None or one.title in titles]
    if not lost:
        return []
    named = _named_first([f"{one.source}{f' 第 {one.row} 行' if one.row else ''} {one.name}" for one in lost])
    return [
        Finding(
            "not_found", "title", f"称号名单中 {len(lost)} 行的企业未在登记数据中找到，不计入确定数（{named}）",
            f"rows of lists of titles whose firm was not found, not counted for certain: {len(lost)}",
            "在表 title 中查看企业标识为空的行，核对名称和信用代码",
            "See the rows of the table title without enterprise_id; check names and credit codes",
        )
    ]  # fmt: skip


def _named_first(names: Sequence[str]) -> str:
    return "、".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")


def _no_titles() -> Finding:
    return Finding(
        "no_titles", "title", "没有导入称号名单，有称号企业的数量和占比未知",
        "no lists of titles were imported; titled firms are unknown",
        "导入名单：gaoyuan import WS titles FILE", "Import lists: gaoyuan import WS titles FILE",
    )  # fmt: skip
