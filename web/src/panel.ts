// The panel beside the map: every figure of a cluster or a county, with its unit and what it means.

import { EXPLAINS } from "./columns";
import { bilingual, h, source } from "./dom";
import { count, decimal, money, percent, power, probability } from "./format";
import type { Cell, Cluster, Model } from "./model";

export interface PanelActions {
  close(): void;
  industry(index: number): void;
  cluster(index: number): void;
  county(index: number): void;
  zoom(): void;
}

const STRONGEST = 12;

type Figure = [zh: string, en: string, value: string | Node, explains: string, key: string];

function figures(rows: Figure[], kind: "figures" | "headline" = "figures"): HTMLElement {
  return h("dl", { class: kind }, ...rows.filter(([, , value]) => value !== "").map(([zh, en, value, explains, key]) =>
    h("div", {}, h("dt", {}, bilingual(zh, en), h("span", { class: "explains" }, explains)), h("dd", { "data-figure": key }, value))));
}

function head(kicker: string, title: string, under: (Node | string | null)[], actions: PanelActions): HTMLElement {
  return h("header", {},
    h("p", { class: "kicker" }, kicker),
    h("h2", { tabindex: -1 }, title),
    ...under.filter((line): line is Node | string => line !== null).map((line) => h("p", { class: "under" }, line)),
    h("button", { type: "button", class: "close", "aria-label": "关闭 Close", click: () => actions.close() }, "×"));
}

export function clusterPanel(model: Model, cluster: Cluster, actions: PanelActions): HTMLElement[] {
  const listed = cluster.foundBy === null;
  const industry = cluster.industryCode ? `${cluster.industryCode} ${cluster.industryName}` : cluster.industryName;
  const here = cluster.firms / cluster.placeFirms;
  const everywhere = cluster.industryFirms / cluster.testedFirms;
  const sentence = listed
    ? "这个集群在官方名单上，但登记数据没有显示出足够的集聚。可能的原因：登记数据缺失、企业登记在别处，或行业推测不准。It is on an official list, but the register does not show it: records may be missing, firms registered elsewhere, or our guess of its industry wrong."
    : Number.isFinite(here) && Number.isFinite(everywhere)
      ? `这里每 100 家企业有 ${decimal(here * 100)} 家属于该行业，整个检验范围为 ${decimal(everywhere * 100)} 家。Of 100 firms here ${decimal(here * 100)} are in the industry, ${decimal(everywhere * 100)} everywhere.`
      : null;
  const unknown = (value: number, shown: string | Node): string | Node => (Number.isFinite(value) ? shown : "");
  return [
    head(listed ? "认定集群 · 登记数据未显示 Recognised, not shown" : "产业集群 Cluster", cluster.name, [cluster.place || null, industry || null], actions),
    h("div", { class: "badges" },
      cluster.foundBy === "cells" ? h("span", { class: "tag" }, "按坐标发现 found by coordinates") : null,
      cluster.foundBy === "counties" ? h("span", { class: "tag" }, "按县区发现 found by counties") : null,
      cluster.within === 1 ? h("span", { class: "tag" }, "≤ 100 km²") : null,
      cluster.recognised && !listed ? h("span", { class: "tag strong" }, "认定 recognised") : null),
    sentence ? h("p", { class: "sentence" }, sentence) : h("span"),
    h("div", { class: "actions" },
      cluster.industry >= 0 ? h("button", { type: "button", class: "button", click: () => actions.industry(cluster.industry) }, "在图上看该行业 ", h("small", {}, "Map this industry")) : null,
      cluster.point ? h("button", { type: "button", class: "button quiet", click: () => actions.zoom() }, "飞到 ", h("small", {}, "Zoom to")) : null,
      cluster.county >= 0 ? h("button", { type: "button", class: "button quiet", click: () => actions.county(cluster.county) }, `${cluster.countyName} `, h("small", {}, "County")) : null),
    figures([
      ["企业", "firms", unknown(cluster.firms, `${count(cluster.firms)} 家`), listed ? "登记数据中该县该行业的企业数 Of that industry in that county in the register" : EXPLAINS.firms, "firms"],
      ["期望", "expected", unknown(cluster.expected, `${decimal(cluster.expected)} 家`), EXPLAINS.expected, "expected"],
      ["区位商", "LQ", unknown(cluster.quotient, decimal(cluster.quotient)), EXPLAINS.quotient, "lq"],
      ["q 值", "q value", unknown(cluster.q, probability(cluster.q)), EXPLAINS.q, "q"],
    ], "headline"),
    figures([
      ["p 值", "p value", unknown(cluster.minusLog10P, power(cluster.minusLog10P)), `无集聚时最强窗口中有这么多企业的概率 Probability of as many firms in the strongest window without any clustering`, "p"],
      ["行业内位次", "rank in industry", unknown(cluster.rank, count(cluster.rank)), "同一行业的集群按证据强度排列 Among the clusters of the industry, by evidence", "rank"],
      ["面积", "area", unknown(cluster.area, `${decimal(cluster.area)} km²`), EXPLAINS.area, "area"],
      ["稳定度", "stability", unknown(cluster.stability, decimal(cluster.stability)), EXPLAINS.stability, "stability"],
      ["范围内企业", "all firms here", unknown(cluster.placeFirms, `${count(cluster.placeFirms)} 家`), "集群范围内所有行业的企业 Firms of all industries on its ground", "place_firms"],
      ["最强窗口", "strongest window", unknown(cluster.windowFirms, `${count(cluster.windowFirms)} / ${count(cluster.windowPlaceFirms)} 家`), "p 值所指窗口中该行业与全部企业 Firms of the industry, and all, in the window p is of", "window"],
      ["行业企业总数", "industry, all places", unknown(cluster.industryFirms, `${count(cluster.industryFirms)} 家`), "检验范围内该行业企业 Firms of the industry in the whole test", "industry_firms"],
      ["检验企业", "firms tested", unknown(cluster.testedFirms, `${count(cluster.testedFirms)} 家`), "检验范围内全部企业 All firms in the test", "tested_firms"],
      ["检验次数", "tests", unknown(cluster.tests, count(cluster.tests)), "q 值为之校正的检验次数（地点 × 行业） Places × industries that q corrects for", "tests"],
      ["从业人员", "employees", unknown(cluster.employees, `${count(cluster.employees)} 人`), "成员企业之和（登记有数的） Summed over members that give it", "employees"],
      ["营业收入", "revenue", unknown(cluster.revenue, money(cluster.revenue)), `成员企业之和；${percent(cluster.sizeCoverage)} 的成员有数 Summed; known for ${percent(cluster.sizeCoverage)} of members`, "revenue"],
    ]),
    cluster.counties.length > 1 ? h("section", {}, h("h3", {}, bilingual("涉及县区", "counties")), h("p", {}, cluster.counties.map((county) => model.header.county.name[county]!).join("、"))) : h("span"),
    cluster.recognised ? h("section", {}, h("h3", {}, bilingual("官方认定", "recognised as")), h("p", { "data-figure": "recognised" }, cluster.recognised), cluster.recognisedSource ? h("p", { class: "source" }, source(cluster.recognisedSource)) : null) : h("span"),
    h("p", { class: "id" }, cluster.id),
  ];
}

export function countyPanel(model: Model, county: number, industry: number, actions: PanelActions): HTMLElement[] {
  const { header, arrays } = model;
  const number = (name: string): number => arrays[`county_${name}`]![county]!;
  const whole = (name: string, unit: string): string => (number(name) >= 0 ? `${count(number(name))}${unit}` : "");
  const measure = (name: string): string => (Number.isFinite(number(name)) ? decimal(number(name)) : "");
  const province = model.provinceOf(county);
  const strongest = model.strongest(county, STRONGEST);
  const clusters = model.clusters.filter((c) => c.foundBy && c.counties.includes(county));
  const chosen = industry >= 0 ? model.cellOf(industry, county) : null;
  return [
    head(`县区 County · ${header.county.code[county]}`, header.county.name[county]!, [model.fullName(county)], actions),
    industry >= 0
      ? h("section", { class: "chosen-industry" }, h("h3", {}, `${header.industry.code[industry]} ${header.industry.name[industry]}`),
          chosen
            ? figures([
                ["企业", "firms", `${count(chosen.firms)} 家`, `期望 ${decimal(chosen.expected)} 家 expected ${decimal(chosen.expected)}`, "firms"],
                ["区位商", "LQ", decimal(chosen.quotient), EXPLAINS.quotient, "lq"],
                ["占比", "share", percent(chosen.share), "占该县已编码企业 Of the county's coded firms", "share"],
                ["q 值至多", "q at most", power(-Math.log10(chosen.q)), chosen.significant ? "显著 significant" : "不显著 not significant", "q"],
              ], "headline")
            : h("p", { class: "muted" }, "登记数据中这里没有该行业的企业。No firm of this industry is registered here."))
      : h("span"),
    h("section", {},
      h("h3", {}, bilingual("最突出的行业", "strongest industries")),
      strongest.length === 0 ? h("p", { class: "muted" }, "没有高于平均的行业 None above average") : h("ol", { class: "industries" }, ...strongest.map((cell) => strongestRow(model, cell, strongest[0]!.quotient, actions))),
      h("p", { class: "explains" }, "小类，按证据强度排列（似然比）；数字为企业数与区位商。Classes by evidence (likelihood ratio), with firms and LQ.")),
    clusters.length > 0
      ? h("section", {}, h("h3", {}, bilingual(`这里的集群（${clusters.length}）`, "clusters here")),
          h("ul", { class: "links" }, ...clusters.slice(0, 20).map((c) => h("li", {}, h("button", { type: "button", class: "link", click: () => actions.cluster(c.index) }, c.name)))),
          clusters.length > 20 ? h("p", { class: "muted" }, `另有 ${clusters.length - 20} 个，见列表 and ${clusters.length - 20} more`) : null)
      : h("span"),
    figures([
      ["企业", "firms", whole("firms", " 家"), "登记数据中的企业 Firms in the register", "county_firms"],
      ["已编码", "coded", whole("coded", " 家"), "知道行业的企业 Firms with an industry", "county_coded"],
      ["多样性", "diversity", whole("diversity", " 个"), "区位商不小于 1 的小类数 Classes with LQ ≥ 1", "diversity"],
      ["专业化", "Krugman index", measure("krugman"), "克鲁格曼专业化指数，0–2，越大越不同于平均 0 to 2; the larger, the more unlike the average", "krugman"],
      ["熵", "entropy", measure("entropy") && `${measure("entropy")} bit`, "行业构成的香农熵，越大越分散 Shannon entropy of the mix of classes", "entropy"],
      ["经济复杂度", "complexity", measure("complexity"), "经济复杂度指数，0 为各县平均 Economic complexity index; 0 is the mean of counties", "complexity"],
    ]),
    province?.coverage != null && province.coverage < 0.95
      ? h("p", { class: "warning" }, `${province.name}的登记数据约含应有企业的 ${percent(province.coverage)}；请看占比和区位商，不要与外省比较企业数。The register holds about ${percent(province.coverage)} of this province's firms: compare shares, not counts.`)
      : h("span"),
  ];
}

function strongestRow(model: Model, cell: Cell, widest: number, actions: PanelActions): HTMLElement {
  const { code, name } = model.header.industry;
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  bar.style.width = `${Math.max(3, Math.min(100, (100 * Math.log(cell.quotient + 1)) / Math.log(widest + 1)))}%`;
  return h("li", {}, h("button", { type: "button", click: () => actions.industry(cell.industry), title: "在图上看该行业 Map this industry" },
    h("span", { class: "name" }, h("span", { class: "code" }, code[cell.industry]!), name[cell.industry]!), h("span", { class: "value" }, `${count(cell.firms)} 家 · LQ ${decimal(cell.quotient)}`), bar));
}
