// The page: one view, shown by all its parts. Who changes something calls `change`, and everything follows.

import { h } from "../../dom";
import { count, figure } from "../shared/figures";
import { say } from "../shared/language";
import { sourceLine } from "../shared/saving";
import { marksOf } from "./clusters";
import { colouring, NONE_CLASS, write, type Class } from "./colouring";
import { Gone, Missing, outlinesOf, part, type FramePart, type IndustryPart, type Settings } from "./data";
import { Frame } from "./frame";
import { RegionMap, type ClusterMark } from "./map";
import { Picker } from "./picker";
import { queryOf, readView, USUAL, type View } from "./state";
import { counted, ranked, Table, type Row } from "./table";
import type { ChartPanel } from "./panel";

const NEW_PAGE: (keyof View)[] = ["industry", "region", "level", "measure"];
const LISTED_CLUSTERS = 24;
const element = <T extends HTMLElement>(id: string): T | null => document.getElementById(id) as T | null;

export class Page {
  private readonly settings: Settings;
  private readonly embedded = document.body.classList.contains("embedded");
  private view: View;
  private frame!: Frame;
  private table!: Table;
  private map!: RegionMap;
  private picker: Picker | null = null;
  private chart: ChartPanel | null = null;
  private columns: IndustryPart = { region: [] } as unknown as IndustryPart;
  private rows: Row[] = [];
  private ordered: Row[] = [];
  private legend: Class[] = [];
  private marks: ClusterMark[] = [];
  private turn = 0;
  private drawing = 0;

  constructor(private readonly root: HTMLElement) {
    this.settings = JSON.parse(element("explore-settings")!.textContent ?? "") as Settings;
    this.view = this.settings.view;
    USUAL.measure = this.settings.usual;
  }

  async start(): Promise<void> {
    try {
      const outlines = outlinesOf(this.settings.outlines);
      const columns = this.load(this.view);
      const other = this.isIndustry ? undefined : { code: this.view.industry, name: this.settings.name };
      this.frame = new Frame(await part<FramePart>(this.settings.frame), other);
      this.table = new Table(this.settings, this.frame, (region) => this.choose(region), (key) => this.sort(key));
      this.controls();
      performance.mark("explore-frame");
      await outlines;
      performance.mark("explore-outlines");
      this.map = new RegionMap(element("map")!, await outlines, this.frame, {
        region: (code) => this.choose(code),
        cluster: (id) => this.open(id),
        moved: (position) => this.change({ map: position }),
        describe: (region, cluster) => this.describe(region, cluster),
      }, this.view.region, this.view.map, this.settings.tianditu);
      this.columns = await columns;
      await this.show();
      performance.mark("explore-shown");
      await this.map.drawn();
      performance.mark("explore-ready");
      this.root.dataset["ready"] = "true";
      await this.later();
    } catch (error) {
      this.failed(error);
    }
  }

  private get isIndustry(): boolean {
    return this.settings.kind === "industry";
  }

  /** What follows the first map: names and borders, the chart, clusters. */
  private async later(): Promise<void> {
    await this.map.finish();
    const { ChartPanel } = await import("./panel");
    this.chart = new ChartPanel(element("chart")!, element("chart-tools")!, this.settings, this.frame, (region) => this.choose(region), (chart) => this.change({ chart }));
    this.draw();
    await this.clusters();
    await this.map.drawn();
    this.root.dataset["complete"] = "true";
  }

  private controls(): void {
    const input = element<HTMLInputElement>("industry");
    const form = element<HTMLFormElement>("choose");
    if (input && form) {
      this.picker = new Picker(input, this.frame, (industry) => this.change({ industry: industry.code }), (industry) => this.foresee(industry.code));
      form.addEventListener("submit", (event) => event.preventDefault());
      form.querySelector<HTMLElement>(".send")!.hidden = true;
      for (const id of ["region", "level", "measure"] as const)
        element<HTMLSelectElement>(id)!.addEventListener("change", (event) => this.change({ [id]: (event.target as HTMLSelectElement).value }));
    }
    // Another kind of view has other measures: that is another page.
    element<HTMLSelectElement>("of")?.addEventListener("change", (event) => {
      const { level: _level, measure: _measure, sort: _sort, ...kept } = this.view;
      const industry = (event.target as HTMLSelectElement).value;
      location.assign(`${location.pathname}?${queryOf({ ...USUAL, measure: USUAL.measure, ...kept, industry, at: "" })}`);
    });
    addEventListener("beforeprint", () => this.map.printed());
    addEventListener("popstate", () => {
      const asked = new URLSearchParams(location.search).get("industry") ?? "";
      if (this.isIndustry ? asked === "all" || asked.startsWith("theme-") : asked !== this.view.industry) location.reload();
      else void this.apply(readView(location.search, this.settings, this.frame));
    });
    addEventListener("keydown", (event) => { if (event.key === "Escape" && this.view.at) this.choose(this.view.at); });
    const tools = element("map-tools")!;
    tools.append(
      h("button", { type: "button", "data-save": "map", click: () => void this.savePicture() }, say("地图 PNG", "Map PNG")),
      h("button", { type: "button", click: () => { this.change({ map: "" }); this.map.fit(this.view.region); } }, say("复位", "Reset")),
    );
    if (this.settings.tianditu) {
      const base = h("button", { type: "button", "aria-pressed": "false", click: () => {
        const shown = base.getAttribute("aria-pressed") !== "true";
        base.setAttribute("aria-pressed", String(shown));
        this.map.base(shown);
        credit.textContent = shown ? say(" · 底图：天地图 www.tianditu.gov.cn", " · Base map: Tianditu www.tianditu.gov.cn") : "";
      } }, say("天地图底图", "Tianditu base map"));
      const credit = h("span", { id: "base-credit" });
      this.root.querySelector(".notice")?.append(credit);
      tools.append(base);
    }
    tools.append(h("span", { id: "chosen", class: "chosen-region", role: "status" }));
  }

  /** Choose a region, or let go of it where it is chosen. */
  private choose(region: string): void {
    this.change({ at: region === this.view.at ? "" : region });
  }

  private sort(key: string): void {
    const now = this.view.sort || this.view.measure;
    this.change({ sort: now === key ? `-${key}` : key === this.view.measure ? "" : key });
  }

  private change(changes: Partial<View>): void {
    const view = { ...this.view, ...changes };
    if ("level" in changes) view.at = "";
    if (view.level === "province" && view.region && !view.region.endsWith("0000")) view.region = `${view.region.slice(0, 2)}0000`;
    if ("region" in changes) view.map = "";
    if ("measure" in changes) view.sort = "";
    if (!this.isIndustry && view.industry !== this.view.industry) {
      location.assign(`${location.pathname}?${new URLSearchParams({ industry: view.industry, ...(view.region && { region: view.region }) }).toString()}`);
      return;
    }
    const address = `${location.pathname}?${queryOf(view)}`;
    if (NEW_PAGE.some((key) => view[key] !== this.view[key])) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    void this.apply(view);
  }

  private async apply(view: View): Promise<void> {
    const turn = ++this.turn;
    const before = this.view;
    this.view = view;
    try {
      if (view.industry !== before.industry || view.level !== before.level) {
        const columns = await this.load(view);
        // Another choice has been made meanwhile.
        if (turn !== this.turn) return;
        this.columns = columns;
      }
      if (NEW_PAGE.some((key) => view[key] !== before[key])) {
        await this.show();
        if (view.at !== before.at) this.table.choose(view.at);
      } else {
        if (view.sort !== before.sort) this.ordered = this.table.show(view, this.columns, this.rows);
        this.highlight(view.at !== before.at);
      }
      if (view.region !== before.region) this.map.fit(view.region);
      if (view.industry !== before.industry) await this.clusters();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Fetch what is likely to be asked for next. */
  private foresee(industry: string): void {
    if (this.isIndustry) void this.load({ ...this.view, industry }).catch(() => undefined);
  }

  private async load(view: View): Promise<IndustryPart> {
    const address = this.settings.industry.replace("LEVEL", view.level).replace("CODE", view.industry);
    try {
      return await part<IndustryPart>(address);
    } catch (error) {
      if (error instanceof Missing) return { region: [] } as unknown as IndustryPart;
      throw error;
    }
  }

  /** Show the view in all parts of the page. */
  private async show(): Promise<void> {
    const { view, settings, columns } = this;
    const measure = settings.measures[view.measure]!;
    this.rows = ranked(view, columns, settings);
    this.ordered = this.table.show(view, columns, this.rows);
    const coloured = colouring(view.measure, measure, columns, this.rows.map((row) => row.at), settings.hides);
    const without = [...this.frame.regions(view.level)].filter((code) => !coloured.classes.has(code) && this.inside(code)).length;
    this.legend = without > 0 ? [...coloured.legend, NONE_CLASS(without, this.isIndustry)] : coloured.legend;
    const colouredMap = this.map.colour(view.level, coloured.classes, view.region);
    this.words();
    this.chosen();
    await colouredMap;
    this.root.dataset["shown"] = `${view.industry} ${view.level} ${view.measure}`;
    this.drawSoon();
  }

  private inside(code: string): boolean {
    const { region } = this.view;
    return region === "" || code.startsWith(region.endsWith("0000") ? region.slice(0, 2) : region.slice(0, 4));
  }

  /** What the page says in words: finding, legend, title, links. */
  private words(): void {
    const { view, settings } = this;
    const measure = settings.measures[view.measure]!;
    const industry = this.frame.industry(view.industry);
    const name = !this.isIndustry ? settings.name : industry ? `${industry.words} ${industry.code}` : view.industry;
    element("finding")!.textContent = this.finding(name);
    document.title = document.title.replace(/^.*? · /, `${name} · `);
    element("legend")!.replaceChildren(
      h("p", { class: "legend-title" }, measure.name, " ", h("small", {}, `${say("地区数见括号", "regions in brackets")}`)),
      h("ul", {}, ...this.legend.map((one) => {
        const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
        swatch.style.backgroundColor = one.colour;
        return h("li", { "data-class": one.key, "data-regions": one.regions }, swatch, one.label, h("small", {}, ` (${count(one.regions)})`));
      })),
    );
    const counter = element("counter");
    if (counter) counter.textContent = counted(this.rows.length);
    const query = queryOf(view);
    for (const link of document.querySelectorAll<HTMLAnchorElement>("#exports a")) {
      const format = new URL(link.href).searchParams.get("format");
      if (format) link.href = `?${query}&format=${format}`;
    }
    const code = element<HTMLTextAreaElement>("embed-code");
    if (code) code.value = code.value.replace(/src="[^"]*"/, `src="${location.origin}${settings.embed}?${query.replaceAll("&", "&amp;")}"`);
    const open = document.querySelector<HTMLAnchorElement>("footer a[data-open]");
    if (open) open.search = query;
    if (industry && this.isIndustry) this.picker?.show(industry);
    for (const id of ["region", "level", "measure"] as const) {
      const select = element<HTMLSelectElement>(id);
      if (select) select.value = view[id];
    }
    const hidden = document.querySelector<HTMLInputElement>("#choose input[name=chart]");
    if (hidden) hidden.value = view.chart;
  }

  private finding(name: string): string {
    const { view } = this;
    const measure = this.settings.measures[view.measure]!;
    const known = this.rows.filter((row) => typeof this.columns[view.measure]?.[row.at] === "number");
    const first = known[0];
    if (!first) return say(`${name}：所选范围内没有${measure.name}的数据`, `${name}: no figures of ${measure.name} in this selection`);
    const region = this.frame.above(first.region, view.level) + this.frame.name(first.region, view.level);
    const value = write(measure, this.columns[view.measure]![first.at]);
    return say(`${name}：${region}居首（${measure.name} ${value}；有数据的地区 ${count(known.length)} 个）`, `${name}: ${region} comes first (${measure.name} ${value}; regions with figures: ${count(known.length)})`);
  }

  /** Mark the chosen region everywhere. */
  private highlight(scroll: boolean): void {
    if (scroll) this.table.choose(this.view.at);
    this.chosen();
    this.draw();
  }

  /** Outline the chosen region and say what it is. */
  private chosen(): void {
    const { view } = this;
    void this.map.choose(view.at, view.level);
    const chosen = element("chosen")!;
    chosen.replaceChildren();
    if (!view.at) return;
    const name = this.frame.name(view.at, view.level);
    chosen.append(
      h("strong", {}, this.settings.region && !this.embedded ? h("a", { href: this.settings.region.replace("REGION", view.at) }, name) : name),
      ` ${this.figuresOf(view.at)} `,
      h("button", { type: "button", class: "link", click: () => this.choose(view.at) }, say("取消选中", "Clear")),
    );
  }

  /** Draw the chart when the map and the table are to be seen. */
  private drawSoon(): void {
    cancelAnimationFrame(this.drawing);
    this.drawing = requestAnimationFrame(() => setTimeout(() => this.draw()));
  }

  private draw(): void {
    this.chart?.show(this.view, this.columns, this.ordered, { title: element("finding")!.textContent ?? "", source: sourceLine() });
  }

  private figuresOf(region: string): string {
    const { settings, columns, view } = this;
    const row = this.rows.find((one) => one.region === region);
    if (!row) return this.isIndustry ? say("无此行业的企业", "no firm of this industry") : say("无数据", "no figures");
    const keys = [...new Set([view.measure, "firms", settings.usual])];
    return keys.map((key) => `${settings.measures[key]!.name} ${write(settings.measures[key]!, columns[key]?.[row.at])}`).join(" · ");
  }

  private describe(region: string | null, cluster: string | null): string {
    const mark = cluster === null ? undefined : this.marks.find((one) => one.id === cluster);
    if (mark) return `${mark.name} · ${say("企业", "firms")} ${count(mark.firms)}`;
    if (region === null || !this.inside(region)) return "";
    return `${this.frame.above(region, this.view.level)}${this.frame.name(region, this.view.level)} · ${this.figuresOf(region)}`;
  }

  private open(cluster: string): void {
    if (!this.settings.cluster) return;
    const address = this.settings.cluster.replace("CLUSTER", encodeURIComponent(cluster));
    if (this.embedded) window.open(address, "_blank", "noopener");
    else location.assign(address);
  }

  private async clusters(): Promise<void> {
    const { industry } = this.view;
    const outlines = await outlinesOf(this.settings.outlines);
    const found = await marksOf(industry, this.settings.clusters, this.frame, outlines, this.settings.footprints);
    if (industry !== this.view.industry) return;
    this.marks = found.map(({ mark }) => mark).filter((mark): mark is ClusterMark => mark !== null);
    await this.map.mark(this.marks);
    const section = element("clusters")!;
    section.hidden = found.length === 0;
    section.replaceChildren(
      h("h2", {}, h("span", { class: "dot", "aria-hidden": "true" }), this.settings.clusters
        ? say(`该主题的产业集群：半数以上成员企业涉及此主题（${found.length} 个）`, `Clusters of this theme: at least half of their members speak of it (${found.length})`)
        : say(`该行业的产业集群（${found.length} 个）`, `Clusters of this industry (${found.length})`)),
      h("ul", { class: "cards" }, ...found.slice(0, LISTED_CLUSTERS).map(({ id, name, firms, quotient }) => {
        const address = this.settings.cluster.replace("CLUSTER", encodeURIComponent(id));
        return h("li", {},
          address ? h("a", { href: address, target: this.embedded ? "_blank" : null }, name) : name,
          h("small", {}, ` ${say("企业", "firms")} ${count(firms)} · ${this.settings.measures["location_quotient"]!.name} ${figure(quotient)}`));
      })),
    );
  }

  private async savePicture(): Promise<void> {
    const [{ savePicture }, canvas] = await Promise.all([import("./picture"), this.map.picture()]);
    const notice = this.root.querySelector(".notice")?.textContent?.trim() ?? "";
    savePicture(canvas, { title: element("finding")!.textContent ?? "", measure: this.settings.measures[this.view.measure]!.name, source: sourceLine(), notice }, this.legend);
  }

  private failed(error: unknown): void {
    // Newer results have been published since the page was loaded: take those, once.
    if (error instanceof Gone && sessionStorage.getItem("explore-again") !== location.href) {
      sessionStorage.setItem("explore-again", location.href);
      location.reload();
      return;
    }
    this.root.querySelector(".failed")?.remove();
    this.root.prepend(h("p", { class: "message error failed", role: "alert" },
      say("地图或数据没有载入；表格仍可使用。请刷新页面。", "The map or its data could not be loaded; the table still works. Please reload the page."), " ", h("small", {}, String(error))));
  }
}
