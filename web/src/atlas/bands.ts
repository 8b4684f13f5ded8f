// The chain level by level: a band for each level, its products in boxes by what they belong to, and the links of the
// product that is chosen.

import { bilingual, h, s } from "../dom";
import { count } from "../format";
import { mark } from "./marks";
import type { Atlas, Product } from "./model";

/** A box shows so many products until it is opened. */
const SHOWN = 14;
/** Where there are more products than this, levels beyond the second begin closed. */
const MANY = 320;
const CLOSED_FROM = 3;

export interface BandsOptions {
  levels: number[];
  /** How the products of a level are put into boxes. */
  group: "parent" | "chain";
  choose(product: Product): void;
}

export class Bands {
  readonly element: HTMLElement;
  private readonly chips = new Map<number, HTMLButtonElement>();
  private readonly bodies = new Map<number, HTMLElement>();
  private readonly toggles = new Map<number, HTMLButtonElement>();
  private readonly openers = new Map<number, () => void>();
  private readonly lines = s("svg", { class: "lines", "aria-hidden": "true" });
  private chosen: Product | null = null;

  constructor(
    private readonly atlas: Atlas,
    private readonly options: BandsOptions,
  ) {
    const bands = options.levels.map((level) => this.band(level));
    this.element = h("div", { class: "bands" }, ...bands);
    this.element.append(this.lines);
    new ResizeObserver(() => this.draw()).observe(this.element);
    window.addEventListener("beforeprint", () => this.lines.replaceChildren());
    window.addEventListener("afterprint", () => this.draw());
  }

  /** Where a product is on the screen, from its top; null where it is not in sight. */
  top(product: Product): number | null {
    const chip = this.chips.get(product.index);
    return chip && chip.isConnected && chip.offsetParent !== null ? chip.getBoundingClientRect().top : null;
  }

  has(product: Product): boolean {
    return this.options.levels.includes(product.level);
  }

  /** Show which product is chosen, with the links to what it needs and what needs it. */
  choose(product: Product | null): void {
    this.chosen = product;
    for (const chip of this.chips.values()) {
      chip.classList.remove("chosen", "near");
      chip.removeAttribute("aria-current");
    }
    this.element.classList.toggle("choosing", product !== null);
    if (product && this.has(product)) {
      this.open(product);
      const own = this.chips.get(product.index);
      own?.classList.add("chosen");
      own?.setAttribute("aria-current", "true");
      for (const near of this.near(product)) this.chips.get(near)?.classList.add("near");
    }
    this.draw();
  }

  /** Dim the products that are not among these; null dims none. */
  filter(kept: Set<number> | null): void {
    if (kept !== null) for (const index of kept) this.open(this.atlas.products[index]!);
    for (const [index, chip] of this.chips) {
      chip.classList.toggle("dim", kept !== null && !kept.has(index));
      chip.classList.toggle("hit", kept !== null && kept.has(index));
    }
    this.draw();
  }

  private near(product: Product): number[] {
    return [...this.atlas.inputsOf[product.index]!.map((link) => link.input), ...this.atlas.usersOf[product.index]!.map((link) => link.product)];
  }

  /** Make sure that a product is in sight. */
  private open(product: Product): void {
    if (!this.has(product)) return;
    this.setOpen(product.level, true);
    this.openers.get(product.index)?.();
  }

  private setOpen(level: number, open: boolean): void {
    this.bodies.get(level)!.hidden = !open;
    this.toggles.get(level)?.setAttribute("aria-expanded", String(open));
    this.draw();
  }

  private band(level: number): HTMLElement {
    const { atlas } = this;
    const products = atlas.at(level);
    const [zh, en] = level === 0 ? ["本产品", "product"] : level < 0 ? [`上游 ${-level} 层`, `upstream ${-level}`] : [`下游 ${level} 层`, `downstream ${level}`];
    const closed = atlas.products.length > MANY && Math.abs(level) >= CLOSED_FROM;
    const body = h("div", { class: "band-body", id: `${this.options.group}-${level}`, hidden: closed });
    this.bodies.set(level, body);
    const head = h("div", { class: "band-head" });
    if (level === 0) head.append(h("h3", {}, bilingual(zh, en)));
    else {
      const toggle = h("button", { type: "button", class: "toggle", "aria-expanded": String(!closed), "aria-controls": body.id, click: () => this.setOpen(level, body.hidden !== false) }, h("span", { class: "chevron", "aria-hidden": "true" }), bilingual(zh, en));
      this.toggles.set(level, toggle);
      head.append(h("h3", {}, toggle), h("p", { class: "many" }, `${count(products.length)} 种`), this.stateBar(products));
    }
    for (const [title, own] of this.groups(level, products)) body.append(this.group(title, own));
    return h("section", { class: `band ${level === 0 ? "self" : level < 0 ? "up" : "down"}`, "data-level": level, "aria-label": `${zh} ${en}` }, head, body);
  }

  /** The products of a level by what they belong to, the boxes with the most urgent products first. */
  private groups(level: number, products: Product[]): [string, Product[]][] {
    const byChain = this.options.group === "chain";
    if (level === 0 || (!byChain && Math.abs(level) === 1)) return [["", products]];
    const groups = new Map<string, Product[]>();
    for (const product of products) {
      const parent = this.atlas.products[product.parent];
      const title = byChain ? (product.chain ?? "产业链未知 chain unknown") : parent ? parent.name : "";
      const own = groups.get(title);
      if (own) own.push(product);
      else groups.set(title, [product]);
    }
    const word = byChain ? "" : level < 0 ? "用于 " : "由 ";
    const end = byChain || level < 0 ? "" : " 制成";
    return [...groups].map(([title, own]): [string, Product[]] => [title === "" ? "" : `${word}${title}${end}`, own]).sort((a, b) => this.atlas.order(a[1][0]!, b[1][0]!) || b[1].length - a[1].length);
  }

  private group(title: string, products: Product[]): HTMLElement {
    const chips = products.map((product) => this.chip(product));
    const list = h("div", { class: "chips" }, ...chips.slice(0, SHOWN));
    if (chips.length > SHOWN) {
      const rest = chips.slice(SHOWN);
      const more = h("button", { type: "button", class: "more", click: () => open() }, `还有 ${count(rest.length)} 种 more`);
      const open = (): void => {
        if (!more.isConnected) return;
        more.replaceWith(...rest);
        this.draw();
      };
      list.append(more);
      products.slice(SHOWN).forEach((product) => this.openers.set(product.index, open));
    }
    return h("div", { class: title ? "group" : "group plain" }, title ? h("h4", { title }, title) : null, list);
  }

  private chip(product: Product): HTMLButtonElement {
    const state = this.atlas.state(product);
    const [zh, en] = this.atlas.stateWords(product);
    // Makers outside do not say that there are none here.
    const firms = product.local > 0 ? `${count(product.local)} 家` : state === "unknown" ? zh : product.outside > 0 ? "外地" : "";
    const chip = h("button", { type: "button", class: `chip ${state}`, "data-product": product.index, title: `${product.name} · ${zh} ${en} · 本地 ${count(product.local)} 家 local, 外地 ${count(product.outside)} 家 outside`, click: () => this.options.choose(product) },
      mark(state), h("span", { class: "name" }, product.name), product.loop ? h("span", { class: "loop", title: "既是投入又用到本产品 both an input and a user" }, "↻") : null, h("span", { class: "n" }, firms), h("span", { class: "hidden" }, ` ${zh}`));
    this.chips.set(product.index, chip);
    return chip;
  }

  private stateBar(products: Product[]): HTMLElement {
    const counts = this.atlas.header.states.map(([state, zh, en], at) => ({ state, zh, en, n: products.filter((product) => product.state === at).length, urgency: this.atlas.urgency[at]! }));
    return h("ul", { class: "state-bar" }, ...counts.filter((one) => one.n > 0).sort((a, b) => a.urgency - b.urgency).map((one) => h("li", { title: `${one.zh} ${one.en}` }, mark(one.state), h("span", {}, count(one.n)), h("span", { class: "hidden" }, ` ${one.zh} ${one.en}`))));
  }

  /** The links of the chosen product as curves. */
  private draw(): void {
    this.lines.replaceChildren();
    const own = this.chosen && this.has(this.chosen) ? this.chips.get(this.chosen.index) : undefined;
    if (!own || !this.chosen || own.offsetParent === null) return;
    const frame = this.element.getBoundingClientRect();
    this.lines.setAttribute("width", String(frame.width));
    this.lines.setAttribute("height", String(frame.height));
    const box = own.getBoundingClientRect();
    const links = [...this.atlas.inputsOf[this.chosen.index]!.map((link) => ({ to: link.input, link })), ...this.atlas.usersOf[this.chosen.index]!.map((link) => ({ to: link.product, link }))];
    for (const { to, link } of links) {
      const other = this.chips.get(to);
      if (!other || !other.isConnected || other.offsetParent === null) continue;
      const end = other.getBoundingClientRect();
      const below = end.top > box.top;
      const [x1, y1] = [box.left + box.width / 2 - frame.left, (below ? box.bottom : box.top) - frame.top];
      const [x2, y2] = [end.left + end.width / 2 - frame.left, (below ? end.top : end.bottom) - frame.top];
      const bend = Math.max(18, Math.abs(y2 - y1) / 2) * (below ? 1 : -1);
      this.lines.append(s("path", { d: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`, class: link.essential === false ? "loose" : "tight", "stroke-width": 1.2 + 4 * Math.min(1, link.share || 0.02) }));
    }
  }
}
