"""All that a face of an atlas shows: the atlas, its profile filled, what it finds, and where the data are from."""

from __future__ import annotations

from dataclasses import dataclass

from gaoyuan.chain.atlas import Atlas, FilledList, FilledMap, FilledProfile, Findings, fill_profile, findings
from gaoyuan.chain.atlas.profiles import Profile, Words
from gaoyuan.chain.atlas.rows import AtlasRows
from gaoyuan.chain.locality import Locality
from gaoyuan.report.run_notes import Origin, read_runs
from gaoyuan.workspace import Workspace

NO_ROWS = Words("没有符合条件的记录", "nothing meets the conditions")
_SHOWN = Words("见网页", "see the web page")
_TABLES = ("product", "uses", "makes", "trade", "enterprise", "title")
_MOST_SOURCES = 4


@dataclass(frozen=True, slots=True)
class AtlasContent:
    """What the faces of an atlas show."""

    atlas: Atlas
    profile: Profile
    locality: Locality
    filled: FilledProfile
    findings: Findings
    rows: AtlasRows
    sources: tuple[Words, ...]

    def named_links(self) -> list[dict[str, object]]:
        """Give the links with the names of their products."""
        nodes = self.atlas.nodes
        names = dict(zip(nodes["product"].to_pylist(), nodes["product_name"].to_pylist(), strict=True))
        return [
            {**link, "product_name": names[link["product"]], "input_name": names[link["input"]]}
            for link in self.atlas.links.to_pylist()
        ]

    def rules(self) -> list[tuple[str, Words]]:
        """Say where the states part."""
        rule = self.profile.states
        return [
            (
                "强 strong",
                Words(f"本地企业至少 {rule.few_makers} 家", f"at least {rule.few_makers} local makers"),
            ),
            (
                "弱 weak",
                Words(
                    f"本地企业少于 {rule.few_makers} 家，或已知采购中本地部分低于 {rule.low_local_share:.0%}",
                    f"fewer than {rule.few_makers} local makers, or less than {rule.low_local_share:.0%} of known "
                    "purchases local",
                ),
            ),
            ("单一来源 single source", Words("本地企业只有 1 家", "one local maker")),
            (
                "依赖进口 imported",
                Words(
                    f"没有本地企业，全国使用量中进口不低于 {rule.imported_share:.0%}",
                    f"no local maker, and {rule.imported_share:.0%} or more of the country's use is imported",
                ),
            ),
            ("缺失 missing", Words("没有本地企业，也不以进口为主", "no local maker, and not mostly imported")),
            (
                "未知 unknown",
                Words(
                    "没有本地企业的记录，而同行业的本地企业都未报告产品",
                    "no local maker is recorded, and no local firm of the industry has said what it makes",
                ),
            ),
        ]

    def map_words(self, one: FilledMap) -> Words:
        """Say of a map whether it is there."""
        if one.no_data is not None:
            return one.no_data
        return _SHOWN if one.table is None else self.list_words(one.table)

    def list_words(self, one: FilledList) -> Words:
        """Say of a list how long it is, or what is missing."""
        if one.no_data is not None:
            return one.no_data
        if not one.rows:
            return NO_ROWS
        return Words(f"{len(one.rows):,} 行", f"{len(one.rows):,} rows")


def atlas_content(atlas: Atlas, profile: Profile, workspace: Workspace, locality: Locality) -> AtlasContent:
    """Gather what the faces of an atlas show. Raises FileUnreadable as `fill_profile` does."""
    return AtlasContent(
        atlas,
        profile,
        locality,
        fill_profile(profile, atlas, workspace, locality),
        findings(atlas),
        AtlasRows(atlas, workspace, locality),
        tuple(_sources(workspace)),
    )


def _sources(workspace: Workspace) -> list[Words]:
    """Say of each table that the atlas reads which run wrote it last, what that read, and who says it."""
    notes = read_runs(workspace)
    found: list[Words] = []
    for table in _TABLES:
        if not workspace.has(table):
            continue
        run = next((own.id for own in notes.runs.values() if table in own.outputs), "")
        origin = Origin(run, table, _said_by(workspace, table))
        zh, en = (notes.of(origin, language=language) for language in ("zh", "en"))
        version = workspace.version(table)
        zh_text, en_text = (one[0].text if one else "" for one in (zh, en))
        found.append(Words(f"{zh_text}；第 {version} 版", f"{en_text}; version {version}"))
    return found


def _said_by(workspace: Workspace, table: str) -> str:
    rows = workspace.table(table)
    if "source" not in rows.columns:
        return ""
    names = workspace.to_arrow(rows.select("source").distinct().limit(_MOST_SOURCES + 1))["source"].to_pylist()
    said = sorted({str(name) for name in names if name})
    return "、".join(said[:_MOST_SOURCES]) + ("等" if len(said) > _MOST_SOURCES else "")
