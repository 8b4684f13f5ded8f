// The page: its state, and how each part follows from it.

import { breaksOf, CLASS_NONE, CLASS_NOT_SIGNIFICANT, stepOf, type Measure } from "./colours";
import { clusterColumns, countyColumns, recognisedColumns } from "./columns";
import { csv, download } from "./csv";
import { bilingual, h } from "./dom";
import { count, decimal, percent } from "./format";
import { legend } from "./legend";
import { ClusterMap } from "./map";
import type { Cell, Cluster, Model } from "./model";
import { incomplete, NOT_OFFICIAL, noticesDialog } from "./notices";
import { clusterPanel, countyPanel, type PanelActions } from "./panel";
import { ALL, IndustryPicker } from "./picker";
import { Table } from "./table";
import type { Shape } from "./unpack";

type Tab = "found" | "counties" | "listed";
const NARROW = 820;

export class Page {
  private industry = ALL;
  private measure: Measure = "lq";
  private onlySignificant = true;
  private tab: Tab = "found";
  private query = "";
  private cluster: Cluster | null = null;
  private county: number | null = null;

  private readonly map: ClusterMap | null;
  private readonly picker: IndustryPicker;
  private readonly tables: { found: Table<Cluster>; counties: Table<Cell>; listed: Table<Cluster> };
  private readonly mapBox = h("div", { id: "map", role: "region", "aria-label": "地图：表格里有同样的内容 Map; the tables hold the same" });
  private readonly legendBox = h("section", { class: "legend", id: "legend", "aria-label": "图例 Legend" });
  private readonly panel = h("aside", { class: "panel", id: "panel", "aria-label": "详情 Details", hidden: true });
  private readonly tip = h("div", { class: "tip", id: "tip", hidden: true });
  private readonly tableBox = h("div", { class: "table-box", id: "table", role: "tabpanel" });
  private readonly counter = h("span", { class: "counter", id: "counter", role: "status" });
  private readonly search = h("input", { type: "search", id: "filter", placeholder: "筛选名称、地区 Filter", "aria-label": "按名称、地区、行业筛选 Filter by name, place or industry" });
  private readonly side: HTMLElement;
  private readonly expandButton: HTMLButtonElement;
  private readonly tabs: Record<Tab, HTMLButtonElement>;
  private readonly measures: Record<Measure, HTMLInputElement>;
  private readonly significant: HTMLInputElement;
  private readonly foundClusters: Cluster[];
  private readonly listedClusters: Cluster[];
  private readonly missing: ReturnType<typeof incomplete>;

  constructor(
    app: HTMLElement,
    private readonly model: Model,
  ) {
    this.foundClusters = model.clusters.filter((cluster) => cluster.foundBy !== null);
    this.listedClusters = model.clusters.filter((cluster) => cluster.foundBy === null);
    this.missing = incomplete(model);
    this.picker = new IndustryPicker(model, (industry) => this.setIndustry(industry));
    const dialog = noticesDialog(model);

    this.measures = {
      lq: this.radio("lq"),
      firms: this.radio("firms"),
      share: this.radio("share"),
    };
    this.significant = h("input", { type: "checkbox", id: "significant", checked: true, change: () => { this.onlySignificant = this.significant.checked; this.colour(); } });
    this.tabs = { found: this.tabButton("found", "集群", "clusters"), counties: this.tabButton("counties", "县区", "counties"), listed: this.tabButton("listed", "认定未见", "recognised, not shown") };
    const opened = (cluster: Cluster): void => this.openCluster(cluster, true);
    const sorted = (): void => this.tell();
    this.tables = {
      found: new Table(clusterColumns(model), "没有符合的集群 No such cluster", { key: "order", descending: false }, opened, sorted, "发现的集群 Clusters found"),
      counties: new Table(countyColumns(model), "请先选择一个行业 Choose an industry first", { key: "lq", descending: true }, (cell) => this.openCounty(cell.county, true), sorted, "县区 Counties"),
      listed: new Table(recognisedColumns(model), "没有 None", { key: "name", descending: false }, opened, sorted, "认定但登记数据未显示的集群 Recognised clusters that the register does not show"),
    };
    this.search.addEventListener("input", () => { this.query = this.search.value; this.fill(); });

    this.expandButton = h("button", { type: "button", class: "icon", id: "expand", "aria-pressed": "false", title: "全部列 All columns", click: () => this.expand(!this.side.classList.contains("wide")) }, "⤢ ", h("span", {}, "全部列"), h("span", { class: "en", lang: "en" }, " All columns"));
    this.side = h("section", { class: "side", "aria-label": "列表 Lists" },
      h("div", { class: "tabs", role: "tablist", "aria-label": "列表 Lists", keydown: (event: KeyboardEvent) => this.tabKey(event) }, this.tabs.found, this.tabs.counties, this.tabs.listed),
      h("div", { class: "tools" }, this.search, this.counter, this.expandButton, h("button", { type: "button", class: "icon", id: "csv", title: "下载表格 Download the table as CSV", click: () => this.download() }, "↓ CSV")),
      this.tableBox);
    const warn = this.missing.length > 0
      ? h("button", { type: "button", class: "warn-button", id: "coverage", click: () => dialog.showModal() }, "⚠ ", bilingual("登记数据有缺口", "register has holes"))
      : null;
    app.replaceChildren(
      h("header", { class: "top" },
        h("div", { class: "brand" }, h("h1", {}, "产业集群地图"), h("p", {}, h("span", { lang: "en" }, "Cluster map"), " · ", model.header.title)),
        this.picker.element,
        h("fieldset", { class: "measures" }, h("legend", { class: "hidden" }, "着色 Colour by"),
          ...(["lq", "firms", "share"] as const).map((measure) => h("label", { for: `measure-${measure}` }, this.measures[measure], h("span", {}, { lq: "区位商", firms: "企业数", share: "占比" }[measure], h("small", { lang: "en" }, { lq: "LQ", firms: "Firms", share: "Share" }[measure]))))),
        h("label", { class: "check", for: "significant" }, this.significant, h("span", {}, "只看显著 ", h("small", { lang: "en" }, "q ≤ 0.05"))),
        h("div", { class: "right" }, warn, h("button", { type: "button", class: "icon", id: "notes", click: () => dialog.showModal() }, bilingual("说明", "Notes")))),
      h("main", {},
        h("div", { class: "stage" }, h("div", { class: "view" }, this.mapBox, h("button", { type: "button", class: "home", title: "看全图 Whole map", "aria-label": "看全图 Whole map", click: () => this.map?.home() }, "⌂"), this.tip, this.panel), this.legendBox,
          h("p", { class: "credit" }, h("strong", {}, NOT_OFFICIAL), h("span", { lang: "en" }, " Not an official map"), " · 边界 Boundaries © OpenStreetMap contributors (ODbL)")),
        this.side),
      dialog);
    this.map = this.makeMap();
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.panel.hidden && !dialog.open) this.close();
    });
    this.setTab("found");
  }

  private makeMap(): ClusterMap | null {
    try {
      return new ClusterMap(this.mapBox, this.model, {
        county: (index) => this.openCounty(index, false),
        cluster: (index) => this.openCluster(this.model.clusters[index]!, false),
        hover: (county, cluster, x, y) => this.hover(county, cluster, x, y),
      });
    } catch (error) {
      this.mapBox.replaceChildren(h("p", { class: "failed" }, "浏览器不能显示地图（需要 WebGL 2），表格照常可用。The map needs WebGL 2; the tables work without it."));
      console.warn(error);
      return null;
    }
  }

  private setIndustry(industry: number): void {
    this.industry = industry;
    this.picker.show(industry);
    this.fill();
    if (this.county !== null) this.openCounty(this.county, false, false);
  }

  /** The colours of the counties and the legend. */
  private colour(): void {
    const { model } = this;
    const any = this.industry !== ALL;
    const measure = any ? this.measure : "firms";
    for (const key of ["lq", "share"] as const) this.measures[key].disabled = !any;
    this.measures[measure].checked = true;
    this.significant.disabled = !any;
    const classes = new Int8Array(model.header.county.code.length).fill(CLASS_NONE);
    const values = new Map<number, number>();
    let notSignificant = 0;
    if (any) {
      for (const cell of model.cells(this.industry)) {
        if (this.onlySignificant && !cell.significant) {
          classes[cell.county] = CLASS_NOT_SIGNIFICANT;
          notSignificant++;
        } else values.set(cell.county, measure === "lq" ? cell.quotient : measure === "share" ? cell.share : cell.firms);
      }
    } else {
      model.arrays["county_firms"]!.forEach((firms, county) => { if (firms > 0) values.set(county, firms); });
    }
    const breaks = breaksOf(measure, [...values.values()]);
    const counties = new Map<number, number>();
    for (const [county, value] of values) {
      const step = stepOf(value, breaks);
      classes[county] = step;
      counties.set(step, (counties.get(step) ?? 0) + 1);
    }
    void this.map?.colour(classes);
    const shown = this.foundShown().filter((cluster) => cluster.point).length;
    const most = this.map?.mostPoints ?? 0;
    this.legendBox.replaceChildren(...legend({
      measure, breaks, counties, notSignificant, hasIndustry: any,
      none: classes.length - values.size - notSignificant,
      warning: measure === "firms" && this.missing.length > 0 && this.model.header.province.filter((p) => p.shown).length > 1 ? "各省缺口不同，企业数不可跨省比较 Counts are not comparable between provinces" : null,
      points: shown > most ? `集群，图上为最强的 ${most} 个 the ${most} strongest clusters` : `集群 ${count(shown)} 个 clusters found`,
    }));
  }

  private foundShown(): Cluster[] {
    return this.foundClusters.filter((cluster) => this.inIndustry(cluster) && this.matches(`${cluster.name} ${cluster.place} ${cluster.industryCode} ${cluster.industryName} ${cluster.recognised ?? ""}`));
  }

  private inIndustry(cluster: Cluster): boolean {
    if (this.industry === ALL) return true;
    const { code, section } = this.model.header.industry;
    const chosen = code[this.industry]!;
    if (cluster.industry < 0) return false;
    return chosen.length === 1 ? section[cluster.industry] === chosen : cluster.industryCode.startsWith(chosen);
  }

  private matches(text: string): boolean {
    const lower = text.toLowerCase();
    return this.query.trim().toLowerCase().split(/\s+/).every((word) => lower.includes(word));
  }

  /** The rows of the table and the clusters on the map. */
  private fill(): void {
    const found = this.foundShown();
    void this.map?.show([...found].sort((a, b) => b.minusLog10P - a.minusLog10P), this.industry !== ALL);
    if (this.tab === "found") this.tables.found.set(found);
    else if (this.tab === "listed")
      this.tables.listed.set(this.listedClusters.filter((c) => this.matches(`${c.name} ${c.place} ${c.theme ?? ""} ${c.industryName}`)));
    else this.tables.counties.set(this.industry === ALL ? [] : this.model.cells(this.industry).filter((cell) => this.matches(this.model.fullName(cell.county))));
    this.tell();
    this.colour();
    this.mark(false);
  }

  private tell(): void {
    this.counter.textContent = `${count(this.table().rows.length)} 行 rows`;
  }

  private table(): Table<Cluster> | Table<Cell> {
    return this.tables[this.tab];
  }

  private setTab(tab: Tab): void {
    this.tab = tab;
    for (const [key, button] of Object.entries(this.tabs)) {
      button.setAttribute("aria-selected", String(key === tab));
      button.tabIndex = key === tab ? 0 : -1;
    }
    this.tableBox.setAttribute("aria-labelledby", this.tabs[tab].id);
    this.tableBox.replaceChildren(this.table().element);
    this.fill();
  }

  private openCluster(cluster: Cluster, fly: boolean): void {
    this.cluster = cluster;
    this.county = null;
    this.show(clusterPanel(this.model, cluster, this.actions()));
    void this.map?.select(cluster.counties, cluster);
    this.mark(!fly);
    if (fly) this.zoom();
  }

  private openCounty(county: number, fly: boolean, focus = true): void {
    this.county = county;
    this.cluster = null;
    this.show(countyPanel(this.model, county, this.industry, this.actions()), focus);
    void this.map?.select([county], null);
    this.mark(!fly);
    if (fly) this.zoom();
  }

  private show(content: HTMLElement[], focus = true): void {
    this.expand(false);
    this.panel.replaceChildren(...content);
    this.panel.hidden = false;
    this.panel.scrollTop = 0;
    if (focus && window.innerWidth < NARROW) this.panel.querySelector("h2")?.focus({ preventScroll: true });
  }

  private close(): void {
    this.cluster = null;
    this.county = null;
    this.panel.hidden = true;
    void this.map?.select([], null);
    this.mark(false);
  }

  /** Mark the row of what the panel shows. */
  private mark(reveal: boolean): void {
    this.tables.found.select(this.cluster?.foundBy ? this.cluster : null, reveal && this.tab === "found");
    this.tables.listed.select(this.cluster && !this.cluster.foundBy ? this.cluster : null, reveal && this.tab === "listed");
    this.tables.counties.select(this.tables.counties.rows.find((cell) => cell.county === this.county) ?? null, reveal && this.tab === "counties");
  }

  private zoom(): void {
    const narrow = window.innerWidth < NARROW;
    const padding = { left: 60, right: 420, top: 60, bottom: 60 };
    let shapes: Shape[] = [];
    if (this.cluster && this.cluster.shape.length > 0) shapes = [this.cluster.shape];
    else shapes = (this.cluster ? this.cluster.counties : this.county === null ? [] : [this.county]).map((county) => this.model.countyShapes[county]!);
    if (narrow && shapes.length > 0) this.mapBox.scrollIntoView({ block: "nearest" });
    void this.map?.fly(shapes, narrow ? { left: 30, right: 30, top: 30, bottom: Math.round(window.innerHeight * 0.2) } : padding, this.cluster?.shape.length ? 11.5 : 9);
  }

  private actions(): PanelActions {
    return {
      close: () => this.close(),
      industry: (index) => this.setIndustry(index),
      cluster: (index) => this.openCluster(this.model.clusters[index]!, true),
      county: (index) => this.openCounty(index, false),
      zoom: () => this.zoom(),
    };
  }

  private hover(county: number | null, cluster: number | null, x: number, y: number): void {
    this.tip.hidden = county === null && cluster === null;
    if (this.tip.hidden) return;
    const lines: HTMLElement[] = [];
    if (cluster !== null) {
      const found = this.model.clusters[cluster]!;
      lines.push(h("strong", {}, found.name), h("span", {}, `${count(found.firms)} 家 · LQ ${decimal(found.quotient)}`));
    } else if (county !== null) {
      lines.push(h("strong", {}, this.model.header.county.name[county]!));
      const cell = this.industry === ALL ? null : this.model.cellOf(this.industry, county);
      if (cell) lines.push(h("span", {}, `${count(cell.firms)} 家 · LQ ${decimal(cell.quotient)} · ${percent(cell.share)}${cell.significant ? "" : " · 不显著"}`));
      else lines.push(h("span", {}, this.industry === ALL ? `${count(this.model.arrays["county_firms"]![county]!)} 家企业 firms` : "无该行业企业 none"));
    }
    this.tip.replaceChildren(...lines);
    const room = this.mapBox.clientWidth - this.tip.offsetWidth - 16;
    this.tip.style.transform = `translate(${Math.round(Math.min(x + 14, room))}px, ${Math.round(y + 14)}px)`;
  }

  /** Give the table the whole page, with all its columns, or give the map its place back. */
  private expand(wide: boolean): void {
    if (wide === this.side.classList.contains("wide")) return;
    this.side.classList.toggle("wide", wide);
    this.side.parentElement!.classList.toggle("wide-table", wide);
    this.expandButton.setAttribute("aria-pressed", String(wide));
    this.map?.resize();
  }

  private download(): void {
    const day = new Date().toISOString().slice(0, 10);
    const name = { found: "产业集群", counties: "县区", listed: "认定未见集群" }[this.tab];
    const content = this.tab === "counties" ? csv(this.tables.counties.columns, this.tables.counties.rows) : csv(this.tables[this.tab].columns, this.tables[this.tab].rows);
    download(`${name}-${day}.csv`, content);
  }

  private radio(measure: Measure): HTMLInputElement {
    return h("input", { type: "radio", name: "measure", id: `measure-${measure}`, value: measure, change: () => { this.measure = measure; this.colour(); } });
  }

  private tabButton(tab: Tab, zh: string, en: string): HTMLButtonElement {
    const many = tab === "found" ? count(this.foundClusters.length) : tab === "listed" ? count(this.listedClusters.length) : "";
    return h("button", { type: "button", role: "tab", id: `tab-${tab}`, "aria-controls": "table", click: () => this.setTab(tab) }, bilingual(zh, en), many ? h("span", { class: "many" }, many) : null);
  }

  private tabKey(event: KeyboardEvent): void {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const order: Tab[] = ["found", "counties", "listed"];
    const next = order[(order.indexOf(this.tab) + (event.key === "ArrowRight" ? 1 : 2)) % 3]!;
    this.setTab(next);
    this.tabs[next].focus();
  }
}
