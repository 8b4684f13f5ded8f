// What a reader has to know: what the map is not, where records are missing, how the figures came about, licences.

import mapLicence from "virtual:map-licence";
import { bilingual, h } from "./dom";
import { count, percent } from "./format";
import type { Model } from "./model";

export const NOT_OFFICIAL = "非国家标准地图，仅供数据分析";
const FULL = 0.95;

/** The provinces of the register in which records are missing. */
export function incomplete(model: Model): { name: string; coverage: number | null; years: number[]; firms: number }[] {
  return model.header.province
    .filter((province) => province.shown)
    .map((province) => ({ name: province.name, coverage: province.coverage, firms: province.firms, years: model.header.coverage[province.code] ?? [] }))
    .filter((province) => province.years.length > 0 || (province.coverage !== null && province.coverage < FULL));
}

export function noticesDialog(model: Model): HTMLDialogElement {
  const missing = incomplete(model);
  const noOutline = model.countyShapes.filter((shape) => shape.length === 0).length;
  const made = model.header.made;
  const dialog: HTMLDialogElement = h("dialog", { class: "notices", "aria-labelledby": "notices-title" },
    h("header", {}, h("h2", { id: "notices-title" }, bilingual("说明与数据质量", "Notes and data quality")), h("button", { type: "button", class: "close", "aria-label": "关闭 Close", click: () => dialog.close() }, "×")),
    h("section", {}, h("h3", {}, bilingual("登记数据的缺口", "Holes in the register")),
      missing.length === 0
        ? h("p", {}, "没有发现按省和成立年份的缺口。No holes by province and year of founding were found.")
        : h("div", {},
            h("p", {}, "下列省份缺少部分年份的登记数据，各省之间的企业数不可比较；占比与区位商以本地企业为分母，受影响较小。In these provinces records of some years are missing. Counts between provinces are not comparable; shares and location quotients suffer less."),
            h("table", { class: "coverage" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "省 province"), h("th", { scope: "col", class: "number" }, "企业 firms"), h("th", { scope: "col", class: "number" }, "覆盖 coverage"), h("th", { scope: "col" }, "缺口年份 years missing"))),
              h("tbody", {}, ...[...missing].sort((a, b) => (a.coverage ?? 2) - (b.coverage ?? 2)).map((p) => h("tr", {}, h("th", { scope: "row" }, p.name), h("td", { class: "number" }, count(p.firms)), h("td", { class: "number" }, p.coverage === null ? "—" : percent(p.coverage)), h("td", {}, spans(p.years)))))))),
    h("section", {}, h("h3", {}, bilingual("怎样读图", "How to read the map")),
      h("p", {}, "颜色表示所选行业在各县区的区位商、企业数或占比；灰色表示集聚不显著（q > 0.05）。橙色是发现的集群：有坐标的企业给出实际范围，其余按县区。Colours show the chosen industry's location quotient, firms or share by county; grey is not significant (q > 0.05). Orange are the clusters found: true footprints where firms have coordinates, else whole counties."),
      h("p", {}, "县区的 q 值按 1/20 个数量级向上取整保存。q values of counties are kept rounded up to a twentieth of a decade."),
      noOutline > 0 ? h("p", {}, `${noOutline} 个县级单位（多为开发区）没有边界数据，只在列表中出现。${noOutline} county-level units, mostly development zones, have no boundary and are in the lists only.`) : null),
    h("section", {}, h("h3", {}, bilingual("边界", "Boundaries")),
      h("p", {}, `${NOT_OFFICIAL} / not an official map.`), h("p", {}, model.header.boundaries)),
    h("section", {}, h("h3", {}, bilingual("来历", "Provenance")),
      h("p", {}, made ? `运行 run ${made.run} · ${made.when.slice(0, 16).replace("T", " ")} UTC · Gaoyuan ${made.version}` : "运行记录未知 run unknown"),
      h("p", {}, "行业：GB/T 4754-2017；行政区划：GB/T 2260，2023 年版。Industries: GB/T 4754-2017. Divisions: GB/T 2260, 2023 edition."),
      h("details", {}, h("summary", {}, "MapLibre GL JS · BSD-3-Clause"), h("pre", {}, mapLicence))));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}

/** Years as spans: 2009–2012, 2018. */
function spans(years: number[]): string {
  const found: string[] = [];
  for (let i = 0; i < years.length; ) {
    let j = i;
    while (years[j + 1] === years[j]! + 1) j++;
    found.push(i === j ? `${years[i]}` : `${years[i]}–${years[j]}`);
    i = j + 1;
  }
  return found.join("、");
}
