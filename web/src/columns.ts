// The columns of the tables: what each is called, means and shows.

import { h } from "./dom";
import { count, decimal, percent, power, probability, tenTo, UNKNOWN } from "./format";
import type { Cell, Cluster, Model } from "./model";
import type { Column } from "./table";

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

export const EXPLAINS = {
  firms: "范围内该行业的企业数 Firms of the industry in the cluster",
  expected: "若该行业按各地企业总数均匀分布，这里应有的企业数 Firms expected if the industry were spread like all firms",
  quotient: "区位商：该行业在此地的比重 ÷ 在全部检验范围的比重，1 为平均 Share of the industry here over its share everywhere; 1 is average",
  q: "校正多重检验后的显著性，≤ 0.05 视为显著 Significance corrected for the number of tests; ≤ 0.05 is significant",
  area: "集群范围的面积 Area of the footprint",
  stability: "窗口半径改为 2 和 5 公里时成员的平均重合度，1 为完全一致 Mean overlap of members with those at window radii of 2 and 5 km",
};

export function clusterColumns(model: Model): Column<Cluster>[] {
  const code = (cluster: Cluster): string => (cluster.industryCode ? `${cluster.industryCode} ${cluster.industryName}` : cluster.industryName);
  return [
    { key: "order", zh: "#", en: "", explains: "按证据强度的位次 Place by strength of evidence", width: 46, numeric: true, value: (c) => known(c.order), show: (c) => count(c.order) },
    {
      key: "name", zh: "集群", en: "cluster", explains: "县区与行业 Place and industry", width: 200,
      value: (c) => c.name,
      show: (c) => h("div", { class: "two" },
        h("span", { class: "line" }, h("span", { class: "title", title: c.name }, c.name), c.recognised && c.foundBy ? h("span", { class: "badge", title: c.recognised }, "认定") : null),
        h("span", { class: "sub" }, [shortPlace(model, c), c.industryCode].filter(Boolean).join(" · ") || UNKNOWN)),
    },
    { key: "county", zh: "县区", en: "county", explains: "省、市、县区 Province, prefecture, county", width: 190, wide: true, value: (c) => c.place || null, show: (c) => c.place || UNKNOWN },
    { key: "industry", zh: "行业", en: "industry", explains: "国民经济行业分类 GB/T 4754-2017", width: 200, wide: true, value: (c) => code(c) || null, show: (c) => code(c) || UNKNOWN },
    { key: "firms", zh: "企业", en: "firms", explains: EXPLAINS.firms, width: 62, numeric: true, descending: true, value: (c) => known(c.firms), show: (c) => count(c.firms) },
    { key: "expected", zh: "期望", en: "expected", explains: EXPLAINS.expected, width: 70, numeric: true, descending: true, value: (c) => known(c.expected), show: (c) => decimal(c.expected) },
    { key: "lq", zh: "区位商", en: "LQ", explains: EXPLAINS.quotient, width: 64, numeric: true, descending: true, value: (c) => known(c.quotient), show: (c) => decimal(c.quotient) },
    { key: "q", zh: "q 值", en: "q", explains: EXPLAINS.q, width: 90, numeric: true, value: (c) => known(c.q), show: (c) => probability(c.q) },
    { key: "evidence", zh: "显著性", en: "−log₁₀ p", explains: "p 值的常用对数的相反数，越大证据越强 The larger, the stronger the evidence", width: 90, numeric: true, wide: true, descending: true, value: (c) => known(c.minusLog10P), show: (c) => decimal(c.minusLog10P) },
    { key: "area", zh: "面积", en: "area", unit: "km²", explains: EXPLAINS.area, width: 82, numeric: true, wide: true, descending: true, value: (c) => known(c.area), show: (c) => decimal(c.area) },
    { key: "stability", zh: "稳定度", en: "stability", explains: EXPLAINS.stability, width: 80, numeric: true, wide: true, descending: true, value: (c) => known(c.stability), show: (c) => decimal(c.stability) },
    { key: "recognised", zh: "认定名称", en: "recognised as", explains: "匹配到的官方认定集群 The officially recognised cluster it matches", width: 190, wide: true, value: (c) => c.recognised, show: (c) => c.recognised ?? UNKNOWN },
  ];
}

export function recognisedColumns(model: Model): Column<Cluster>[] {
  return [
    {
      key: "name", zh: "认定集群", en: "recognised cluster", explains: "官方名单上的名称 Name on the official list", width: 250,
      value: (c) => c.name, show: (c) => h("div", { class: "two" }, h("span", { class: "line" }, h("span", { class: "title", title: c.name }, c.name)), h("span", { class: "sub" }, shortPlace(model, c) || "县区未知 county unknown")),
    },
    { key: "industry", zh: "行业（推测）", en: "industry, guessed", explains: "我们按名称推测的行业 Our guess from the name", width: 120, value: (c) => c.theme ?? (c.industryName || null), show: (c) => c.theme ?? (c.industryName || UNKNOWN) },
    { key: "firms", zh: "企业", en: "firms", explains: "登记数据中该县该行业的企业数 Firms of that industry in that county in the register", width: 66, numeric: true, descending: true, value: (c) => known(c.firms), show: (c) => count(c.firms) },
    { key: "lq", zh: "区位商", en: "LQ", explains: EXPLAINS.quotient, width: 70, numeric: true, descending: true, value: (c) => known(c.quotient), show: (c) => decimal(c.quotient) },
    { key: "source", zh: "来源", en: "source", explains: "名单出处 Where the list was read", width: 320, wide: true, value: (c) => c.recognisedSource, show: (c) => c.recognisedSource ?? UNKNOWN },
  ];
}

export function countyColumns(model: Model): Column<Cell>[] {
  return [
    {
      key: "county", zh: "县区", en: "county", explains: "县区 County", width: 210,
      value: (c) => model.fullName(c.county),
      show: (c) => h("div", { class: "two" }, h("span", { class: "line" }, h("span", { class: "title" }, model.header.county.name[c.county]!)), h("span", { class: "sub" }, model.fullName(c.county))),
    },
    { key: "firms", zh: "企业", en: "firms", explains: "该行业企业数 Firms of the industry", width: 66, numeric: true, descending: true, value: (c) => c.firms, show: (c) => count(c.firms) },
    { key: "expected", zh: "期望", en: "expected", explains: EXPLAINS.expected, width: 74, numeric: true, descending: true, value: (c) => c.expected, show: (c) => decimal(c.expected) },
    { key: "lq", zh: "区位商", en: "LQ", explains: EXPLAINS.quotient, width: 66, numeric: true, descending: true, value: (c) => c.quotient, show: (c) => decimal(c.quotient) },
    { key: "share", zh: "占比", en: "share", unit: "%", explains: "占该县已编码企业的比重 Share of the county's coded firms", width: 66, numeric: true, descending: true, value: (c) => c.share * 100, show: (c) => percent(c.share) },
    { key: "q", zh: "q ≤", en: "q at most", explains: EXPLAINS.q, width: 78, numeric: true, value: (c) => c.q, show: (c) => (c.q < 2e-13 ? tenTo("", 12) : power(-Math.log10(c.q))) },
  ];
}

function shortPlace(model: Model, cluster: Cluster): string {
  return cluster.county >= 0 ? model.fullName(cluster.county).replace(/(省|自治区)/, "$1 ") : cluster.countyName;
}
