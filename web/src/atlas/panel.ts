// A product in detail: its state and why, its figures, its firms, and its neighbours.

import { bilingual, h } from "../dom";
import { count, money, percent, UNKNOWN } from "../format";
import { mark } from "./marks";
import type { Atlas, Firm, Link, Product } from "./model";

const NEIGHBOURS = 12;

export function panel(atlas: Atlas, product: Product, choose: (product: Product) => void, close: () => void): HTMLElement[] {
  const state = atlas.state(product);
  const [zh, en] = atlas.stateWords(product);
  const level = product.level === 0 ? "本产品 the product" : product.level < 0 ? `上游 ${-product.level} 层 upstream` : `下游 ${product.level} 层 downstream`;
  const firms = atlas.firmsOf[product.index]!;
  const all = product.local + product.outside + product.unknown;
  return [
    h("header", {}, h("p", { class: "kicker" }, level, product.loop ? " · 上下游都有 on both sides" : ""), h("h2", { tabindex: -1 }, product.name),
      h("p", { class: "under" }, [product.chain, product.industry].filter(Boolean).join(" · ") || "产业链和行业未知 chain and industry unknown"),
      h("button", { type: "button", class: "close", "aria-label": "关闭 Close", click: close }, "×")),
    h("p", { class: `verdict ${state}` }, mark(state), h("span", {}, h("strong", {}, zh), " ", h("span", { class: "en", lang: "en" }, en), h("span", { class: "why" }, why(state, product)))),
    h("dl", { class: "figures" },
      figure("本地企业", "local makers", count(product.local)),
      figure("外地企业", "makers outside", count(product.outside)),
      product.unknown > 0 ? figure("所在地未知", "place unknown", count(product.unknown)) : null,
      figure("同行业未询企业", "local firms not asked", count(product.possible)),
      figure("本地产值", "local output", money(product.output)),
      figure("本地企业占全国", "share of the country", percent(product.national)),
      figure("本地配套率", "local supply", supply(product)),
      figure("进口占比", "imported", percent(product.imported))),
    h("section", {}, h("h3", {}, bilingual("生产企业", "makers")),
      firms.length === 0 ? h("p", { class: "muted" }, "没有已知企业 none is known") : firmTable(firms),
      all > firms.length && firms.length > 0 ? h("p", { class: "muted" }, `列出最大的 ${count(firms.length)} 家，共 ${count(all)} 家 the ${count(firms.length)} largest of ${count(all)}`) : null),
    neighbours(atlas, "用于", "needed by", atlas.usersOf[product.index]!, (link) => link.product, choose),
    neighbours(atlas, "需要", "needs", atlas.inputsOf[product.index]!, (link) => link.input, choose),
    h("p", { class: "id" }, product.id),
  ].filter((part): part is HTMLElement => part !== null);
}

function why(state: string, product: Product): string {
  const outside = product.outside > 0 ? `，已知外地 ${count(product.outside)} 家` : "";
  const asked = product.possible > 0 ? `，同行业还有 ${count(product.possible)} 家未询` : "";
  switch (state) {
    case "missing":
      return `本地没有企业生产${outside}${asked}`;
    case "imported":
      return `本地没有企业生产，进口占 ${percent(product.imported)}${outside}${asked}`;
    case "single_source":
      return "本地只有 1 家企业生产";
    case "unknown":
      return `没有本地企业的记录，同行业本地企业均未报告产品${outside}`;
    default:
      return `本地 ${count(product.local)} 家企业生产${Number.isNaN(product.supplyHigh) ? "" : `，本地配套率 ${supply(product)}`}`;
  }
}

function supply(product: Product): string {
  if (Number.isNaN(product.supplyHigh)) return UNKNOWN;
  const [low, high] = [percent(product.supplyLow), percent(product.supplyHigh)];
  return low === high ? low : `${low}–${high}`;
}

function figure(zh: string, en: string, value: string): HTMLElement {
  return h("div", {}, h("dt", {}, bilingual(zh, en)), h("dd", {}, value));
}

function firmTable(firms: Firm[]): HTMLElement {
  const places: Record<string, string> = { local: "本地", outside: "外地", unknown: "所在地未知" };
  return h("ol", { class: "firms" }, ...firms.map((firm) =>
    h("li", { class: firm.place },
      h("div", { class: "firm" }, h("span", { class: "name" }, firm.name), h("span", { class: "place" }, places[firm.place] ?? "")),
      h("div", { class: "about" }, [firm.where, firm.size, Number.isNaN(firm.employees) ? null : `${count(firm.employees)} 人`, Number.isNaN(firm.output) ? null : `产值 ${money(firm.output)}`, Number.isNaN(firm.national) ? null : `占全国 ${percent(firm.national)}`].filter(Boolean).join(" · ")),
      firm.titles ? h("div", { class: "titles" }, ...firm.titles.split("、").map((title) => h("span", { class: "tag" }, title))) : null)));
}

function neighbours(atlas: Atlas, zh: string, en: string, links: Link[], other: (link: Link) => number, choose: (product: Product) => void): HTMLElement | null {
  if (links.length === 0) return null;
  const items = links.map((link) => {
    const product = atlas.products[other(link)]!;
    return h("li", {}, h("button", { type: "button", class: "link", click: () => choose(product) }, mark(atlas.state(product)), h("span", {}, product.name)),
      h("span", { class: "muted" }, [Number.isNaN(link.share) ? "" : `成本 ${percent(link.share)}`, link.essential === true ? "关键" : ""].filter(Boolean).join(" · ")));
  });
  const list = h("ul", { class: "links" }, ...items.slice(0, NEIGHBOURS));
  if (items.length > NEIGHBOURS) {
    const more = h("button", { type: "button", class: "more", click: () => { more.remove(); list.append(...items.slice(NEIGHBOURS)); } }, `还有 ${count(items.length - NEIGHBOURS)} 种 more`);
    return h("section", {}, h("h3", {}, bilingual(zh, en)), list, more);
  }
  return h("section", {}, h("h3", {}, bilingual(zh, en)), list);
}
