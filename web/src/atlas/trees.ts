// The chain as a tree that opens, and whom to invite for what is missing.

import { h } from "../dom";
import { count } from "../format";
import { mark } from "./marks";
import type { Atlas, Product } from "./model";

/** So many links are shown at first. */
const FIRST = 12;

/** The tree of what belongs to what, each product once, opened to the first level. */
export function tree(atlas: Atlas, choose: (product: Product) => void): HTMLElement {
  const children = new Map<number, Product[]>();
  for (const product of atlas.products) {
    if (product.level === 0) continue;
    const parent = product.parent >= 0 ? product.parent : atlas.root.index;
    children.set(parent, [...(children.get(parent) ?? []), product]);
  }
  const leaf = (product: Product): HTMLElement => h("button", { type: "button", class: "link", click: () => choose(product) }, mark(atlas.state(product)), h("span", {}, product.name));
  const branch = (product: Product, sign: number): HTMLElement => {
    const below = (children.get(product.index) ?? []).filter((other) => Math.sign(other.level) === sign).sort((a, b) => atlas.order(a, b));
    if (below.length === 0) return h("li", {}, leaf(product));
    const list = h("ul");
    // A branch is made when it is opened first.
    const fill = (): void => { if (!list.hasChildNodes()) list.append(...below.map((other) => branch(other, sign))); };
    const details = h("details", { toggle: fill }, h("summary", {}, leaf(product), h("span", { class: "muted" }, ` ${count(below.length)}`)), list);
    window.addEventListener("beforeprint", () => { details.open = true; fill(); });
    return h("li", {}, details);
  };
  const sides = [["上游 upstream", -1], ["下游 downstream", 1]] as const;
  return h("div", { class: "tree" }, ...sides.map(([title, sign]) => {
    const first = (children.get(atlas.root.index) ?? []).filter((product) => Math.sign(product.level) === sign).sort((a, b) => atlas.order(a, b));
    return first.length === 0 ? null : h("div", {}, h("h4", {}, title), h("ul", {}, ...first.map((product) => branch(product, sign))));
  }));
}

/** For each link that is not strong, the known makers outside, by place. */
export function invitations(atlas: Atlas, choose: (product: Product) => void): HTMLElement {
  const wanted = atlas.products.filter((product) => ["missing", "imported", "single_source", "weak"].includes(atlas.state(product)) && product.level !== 0).sort((a, b) => atlas.order(a, b));
  if (wanted.length === 0) return h("p", { class: "muted" }, "没有缺失或薄弱的环节 no link is missing or weak");
  const rows = wanted.map((product) => {
    const outside = atlas.firmsOf[product.index]!.filter((firm) => firm.place === "outside");
    const byPlace = new Map<string, string[]>();
    for (const firm of outside) {
      const place = firm.where ?? "所在地未知";
      byPlace.set(place, [...(byPlace.get(place) ?? []), firm.name]);
    }
    return h("li", {}, h("div", { class: "from" }, h("button", { type: "button", class: "link", click: () => choose(product) }, mark(atlas.state(product)), h("span", {}, product.name)), h("span", { class: "muted" }, atlas.stateWords(product)[0])),
      h("div", { class: "to" }, ...(byPlace.size === 0
        ? [h("p", { class: "muted" }, "没有已知的外地企业；导入外地企业产品 no maker outside is known: gaoyuan import WS makes FILE")]
        : [...byPlace].map(([place, names]) => h("div", {}, h("strong", {}, place), h("span", {}, names.join("、")))))));
  });
  const list = h("ol", { class: "routes" }, ...rows.slice(0, FIRST));
  if (rows.length <= FIRST) return list;
  const open = (): void => { list.append(...rows.slice(FIRST)); more.remove(); };
  const more = h("button", { type: "button", class: "button quiet", click: open }, `显示全部 ${count(rows.length)} 个环节 show all`);
  window.addEventListener("beforeprint", () => { if (more.isConnected) open(); });
  return h("div", {}, list, more);
}
