// The page of an atlas: what it finds, its maps, its lists, and where they are from.

import { bilingual, h, source } from "../dom";
import { count } from "../format";
import { Bands } from "./bands";
import { listTable, noData } from "./lists";
import { mark } from "./marks";
import type { Atlas, ListData, MapData, Product } from "./model";
import { panel } from "./panel";
import { regionMap } from "./regions";
import { invitations, tree } from "./trees";

const NARROW = 900;

export class AtlasPage {
  private state: number | null = null;
  private query = "";
  private chosen: Product | null = null;
  private readonly bands: Bands[] = [];
  private readonly side = h("aside", { class: "panel", id: "panel", "aria-label": "详情 Details", hidden: true });
  private readonly search = h("input", { type: "search", id: "search", placeholder: "查产品、行业、企业 Search", "aria-label": "查找产品、行业或企业 Find a product, industry or firm" });
  private readonly hits = h("span", { class: "counter", id: "hits", role: "status" });
  private readonly tiles: HTMLButtonElement[];

  constructor(
    app: HTMLElement,
    private readonly atlas: Atlas,
  ) {
    const { header } = atlas;
    this.tiles = header.states.map(([state, zh, en], at) => {
      const n = atlas.products.filter((product) => product.state === at && product.level !== 0).length;
      return h("button", { type: "button", class: `tile ${state}`, "data-state": state, "aria-pressed": "false", disabled: n === 0, title: header.rules.find(([name]) => name.startsWith(zh))?.slice(1).join(" ") ?? "", click: () => this.setState(at) },
        h("span", { class: "figure" }, mark(state), h("span", { class: "n" }, count(n))), bilingual(zh, en));
    }).sort((a, b) => URGENT.indexOf(a.dataset["state"]!) - URGENT.indexOf(b.dataset["state"]!));
    this.search.addEventListener("input", () => { this.query = this.search.value; this.filter(); });
    this.search.addEventListener("keydown", (event) => { if (event.key === "Enter") this.first(); });
    const cut = header.total > atlas.products.length ? h("p", { class: "cut" }, `页面载有最近的 ${count(atlas.products.length)} 种产品，共 ${count(header.total)} 种；全部见 .xlsx、.json。The nearest ${count(atlas.products.length)} of ${count(header.total)} products; all are in the workbook.`) : null;
    const maps = header.maps.map((map, at) => this.section(`map-${map.id}`, `图 ${at + 1}`, map.title, this.map(map)));
    const lists = header.lists.map((list, at) => this.section(`list-${list.id}`, `清单 ${at + 1}`, list.title, this.list(list), list));
    app.replaceChildren(
      h("header", { class: "top" },
        h("p", { class: "kicker" }, h("span", {}, header.profile.title[0]), h("span", { class: "en", lang: "en" }, header.profile.title[1]), h("span", { class: "tag", title: header.profile.source.join("\n") }, `${header.profile.status[0]} ${header.profile.status[1]}`)),
        h("h1", {}, `${header.name}产业链图谱`),
        h("p", { class: "where" }, "本地范围 local: ", h("strong", {}, header.place), ` · 截至 as of ${header.as_of}`),
        h("p", { class: "headline" }, header.headline[0]),
        h("p", { class: "headline en", lang: "en" }, header.headline[1]),
        header.urgent[0] ? h("p", { class: "urgent" }, h("strong", {}, "先看 look first："), header.urgent[0]) : null,
        cut,
        h("nav", { "aria-label": "目录 Contents" }, ...header.maps.map((map, at) => anchor(`map-${map.id}`, `图${at + 1} ${map.title[0]}`, map.no_data !== null)), ...header.lists.map((list, at) => anchor(`list-${list.id}`, `清单${at + 1} ${list.title[0]}`, list.no_data !== null)))),
      h("div", { class: "bar", role: "group", "aria-label": "状态与查找 States and search" }, h("div", { class: "tiles" }, ...this.tiles), h("div", { class: "find" }, this.search, this.hits)),
      h("main", {}, ...maps, ...lists, this.notes()),
      this.side);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.chosen) this.choose(null, false); });
  }

  private section(id: string, number: string, title: [string, string], content: HTMLElement, list?: ListData): HTMLElement {
    return h("section", { class: "part", id, "aria-labelledby": `${id}-title` },
      h("h2", { id: `${id}-title` }, h("span", { class: "no" }, number), bilingual(title[0], title[1]), list && list.rows.length > 0 ? h("span", { class: "many" }, `${count(list.total)} 行`) : null), content);
  }

  private map(map: MapData): HTMLElement {
    if (map.no_data) return noData(map.no_data);
    if (map.table) return this.list(map.table);
    const choose = (product: Product): void => this.choose(product === this.chosen ? null : product, false);
    const levels = this.atlas.levels;
    switch (map.shows) {
      case "panorama":
        return this.addBands(new Bands(this.atlas, { levels, group: "parent", choose }));
      case "applications":
        return this.addBands(new Bands(this.atlas, { levels: levels.filter((level) => level >= 0), group: "chain", choose }));
      case "regions":
        return regionMap(this.atlas);
      case "tree":
        return tree(this.atlas, choose);
      default:
        return invitations(this.atlas, choose);
    }
  }

  private addBands(bands: Bands): HTMLElement {
    this.bands.push(bands);
    return bands.element;
  }

  private list(list: ListData): HTMLElement {
    const notes = [list.note].filter((note) => note !== null).map((note) => h("p", { class: "note" }, note[0], " ", h("span", { class: "en", lang: "en" }, note[1])));
    return h("div", {}, ...notes, list.empty ? noData(list.empty) : listTable(list));
  }

  private notes(): HTMLElement {
    const { profile, rules, sources } = this.atlas.header;
    return h("section", { class: "part notes", id: "notes" }, h("h2", {}, bilingual("说明", "notes")),
      h("h3", {}, bilingual("环节状态", "states of links")),
      h("dl", { class: "rules" }, ...rules.map(([name, zh, en]) => h("div", {}, h("dt", {}, mark(stateOf(this.atlas, name)), name), h("dd", {}, zh, " ", h("span", { class: "en", lang: "en" }, en))))),
      h("p", {}, "界限由样式给出，没有官方文本规定；未知从不算作没有。The bounds are the profile's, no official text gives them; unknown never counts as none."),
      h("h3", {}, bilingual("样式", "profile")),
      h("p", {}, `${profile.title[0]}（${profile.status[0]} ${profile.status[1]}）：${profile.source[0]} `, h("span", { class: "en", lang: "en" }, profile.source[1]), " ", profile.url ? source(profile.url) : null),
      profile.note ? h("p", {}, profile.note[0], " ", h("span", { class: "en", lang: "en" }, profile.note[1])) : null,
      h("h3", {}, bilingual("数据来源", "where the data are from")),
      h("ol", { class: "sources" }, ...sources.map(([zh, en]) => h("li", {}, zh, " ", h("span", { class: "en", lang: "en" }, en)))));
  }

  private setState(state: number): void {
    this.state = this.state === state ? null : state;
    for (const tile of this.tiles) tile.setAttribute("aria-pressed", String(this.state !== null && tile.dataset["state"] === this.atlas.header.states[this.state]![0]));
    this.filter();
  }

  private found(): Product[] | null {
    const words = this.query.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (this.state === null && words.length === 0) return null;
    const text = (product: Product): string => [product.name, product.id, product.industry ?? "", product.chain ?? "", ...this.atlas.firmsOf[product.index]!.map((firm) => firm.name)].join(" ").toLowerCase();
    return this.atlas.products.filter((product) => (this.state === null || (product.state === this.state && product.level !== 0)) && (words.length === 0 || words.every((word) => text(product).includes(word))));
  }

  private filter(): void {
    const found = this.found();
    this.hits.textContent = found === null ? "" : `${count(found.length)} 种 found`;
    const kept = found === null ? null : new Set(found.map((product) => product.index));
    for (const bands of this.bands) bands.filter(kept);
  }

  private first(): void {
    const found = this.found();
    if (found && found.length > 0) this.choose([...found].sort((a, b) => this.atlas.order(a, b))[0]!, true);
  }

  private choose(product: Product | null, reveal: boolean): void {
    // The panel narrows the page; what was chosen stays where it was, or comes into sight.
    const kept = product ?? this.chosen;
    const bands = this.bands.find((one) => kept && one.has(kept));
    const before = kept && bands ? bands.top(kept) : null;
    this.chosen = product;
    this.side.hidden = product === null;
    document.body.classList.toggle("with-panel", product !== null);
    if (product) {
      this.side.replaceChildren(...panel(this.atlas, product, (other) => this.choose(other, true), () => this.choose(null, false)));
      this.side.scrollTop = 0;
      if (window.innerWidth < NARROW) this.side.querySelector("h2")?.focus({ preventScroll: true });
    }
    for (const one of this.bands) one.choose(product);
    const after = kept && bands ? bands.top(kept) : null;
    if (after === null) return;
    const sheet = window.innerWidth < NARROW && product !== null;
    const place = sheet || reveal || before === null ? window.innerHeight * (sheet ? 0.2 : 0.4) : before;
    window.scrollBy({ top: after - place, behavior: "instant" });
  }
}

const URGENT = ["missing", "imported", "single_source", "weak", "unknown", "strong"];

function anchor(id: string, text: string, empty: boolean): HTMLElement {
  return h("a", { href: `#${id}`, class: empty ? "empty" : null, title: empty ? "没有数据 no data" : null }, text);
}

function stateOf(atlas: Atlas, rule: string): string {
  return atlas.header.states.find(([, zh]) => rule.startsWith(zh))?.[0] ?? "unknown";
}
