// Where the makers are: provinces in outline, a circle for each county, as large as it has makers.

import { bilingual, h, s } from "../dom";
import { count } from "../format";
import { shapes, type Shape } from "../unpack";
import type { Atlas, RegionData } from "./model";

const WIDTH = 860;
const TALLEST = 640;
const LARGEST = 20;
const SMALLEST = 2.6;
const FIRST = 15;

interface View {
  west: number;
  north: number;
  scale: number;
  squeeze: number;
  height: number;
}

/** The provinces of local makers in detail, then all provinces where they are not the same; and a table. */
export function regionMap(atlas: Atlas): HTMLElement {
  const data = atlas.header.regions;
  const provinces = shapes(atlas.arrays["province_shape"]!, data.province.length, data.step);
  const counties = shapes(atlas.arrays["county_shape"]!, data.counties, data.step);
  const placed = data.code.map((_, i) => i).filter((i) => data.x[i] !== null && data.y[i] !== null);
  const home = new Set(placed.filter((i) => data.local[i]! > 0).map((i) => data.code[i]!.slice(0, 2)));
  const all = new Set(placed.map((i) => data.code[i]!.slice(0, 2)));
  const circles = new Map<number, SVGElement[]>();
  const draw = (shown: Set<string>, tallest: number, borders: boolean): SVGElement => {
    const own = data.province_code.map((_, i) => i).filter((i) => shown.has(data.province_code[i]!));
    return drawing(data, own.map((i) => provinces[i]!), own, borders ? counties.filter((_, i) => shown.has(data.county_code[i]!.slice(0, 2))) : [], placed.filter((i) => shown.has(data.code[i]!.slice(0, 2))), tallest, circles);
  };
  const both = home.size > 0 && home.size < all.size;
  const any = (test: (i: number) => boolean): boolean => placed.some(test);
  const most = Math.max(...placed.map((i) => data.firms[i]!), 1);
  const key = h("ul", { class: "region-key" },
    any((i) => data.local[i]! > 0) ? h("li", {}, h("span", { class: "dot local" }), "本地 local") : null,
    any((i) => data.local[i] === 0) ? h("li", {}, h("span", { class: "dot outside" }), "外地 outside") : null,
    any((i) => data.whole[i]!) ? h("li", {}, h("span", { class: "dot square" }), "只知到市或省 known to city or province only") : null,
    h("li", {}, `面积为企业数，最大 ${count(most)} 家 area: makers, at most ${count(most)}`));
  return h("div", { class: "regions" },
    h("figure", {},
      both ? h("h4", {}, "本地企业所在省 provinces of local makers") : null,
      draw(both ? home : all, both ? 460 : TALLEST, true),
      both ? h("h4", {}, "全部所在省 all provinces") : null,
      both ? draw(all, 420, false) : null,
      h("figcaption", {}, key, h("p", { class: "credit" }, h("strong", {}, "非国家标准地图，仅供数据分析"), " Not an official map · ", data.notice))),
    table(data, circles));
}

function drawing(data: RegionData, provinces: Shape[], own: number[], counties: Shape[], placed: number[], tallest: number, circles: Map<number, SVGElement[]>): SVGElement {
  const view = viewOf(provinces, placed, data, tallest);
  const x = (longitude: number): number => round((longitude - view.west) * view.squeeze * view.scale);
  const y = (latitude: number): number => round((view.north - latitude) * view.scale);
  const path = (shape: Shape): string => shape.map((rings) => rings.map((ring) => `M${ring.map(([a, b]) => `${x(a)} ${y(b)}`).join("L")}Z`).join("")).join("");
  const most = Math.max(...placed.map((i) => data.firms[i]!), 1);
  // Local ones over others, small ones over large ones.
  const order = [...placed].sort((a, b) => Number(data.local[a]! > 0) - Number(data.local[b]! > 0) || data.firms[b]! - data.firms[a]!);
  const dots = order.map((i) => {
    const radius = Math.max(SMALLEST, LARGEST * Math.sqrt(data.firms[i]! / most));
    const [cx, cy] = [x(data.x[i]!), y(data.y[i]!)];
    const title = s("title", {}, `${data.name[i]}：企业 ${count(data.firms[i]!)} 家，其中本地 ${count(data.local[i]!)} 家；产品 ${count(data.products[i]!)} 种`);
    const kind = data.local[i]! > 0 ? "local" : "outside";
    // A place that is known to its prefecture only is a square in the middle of it.
    const dot = data.whole[i]
      ? s("rect", { x: round(cx - radius * 0.89), y: round(cy - radius * 0.89), width: round(radius * 1.78), height: round(radius * 1.78), class: kind }, title)
      : s("circle", { cx, cy, r: round(radius), class: kind }, title);
    circles.set(i, [...(circles.get(i) ?? []), dot]);
    return dot;
  });
  const labels = own.map((i) => s("text", { x: x(data.province_at[i]![0]), y: y(data.province_at[i]![1]), "text-anchor": "middle" }, data.province[i]!));
  return s("svg", { viewBox: `0 0 ${WIDTH} ${view.height}`, class: "region-map", role: "img", "aria-label": "生产企业所在地，表中有同样的内容 Where the makers are; the table holds the same" },
    s("g", { class: "province" }, ...provinces.map((shape) => s("path", { d: path(shape) }))),
    s("g", { class: "county" }, ...counties.map((shape) => s("path", { d: path(shape) }))),
    s("g", { class: "border" }, ...provinces.map((shape) => s("path", { d: path(shape) }))),
    s("g", { class: "dots" }, ...dots), s("g", { class: "label" }, ...labels));
}

function table(data: RegionData, circles: Map<number, SVGElement[]>): HTMLElement {
  const mark = (i: number, on: boolean): void => circles.get(i)?.forEach((circle) => circle.classList.toggle("hover", on));
  const rows = data.code.map((_, i) =>
    h("tr", { mouseenter: () => mark(i, true), mouseleave: () => mark(i, false) },
      h("th", { scope: "row" }, data.name[i]!), h("td", { class: "number" }, count(data.firms[i]!)), h("td", { class: "number" }, count(data.local[i]!)), h("td", { class: "number" }, count(data.products[i]!))));
  const body = h("tbody", {}, ...rows.slice(0, FIRST));
  const open = (): void => { body.append(...rows.slice(FIRST)); more.remove(); };
  const more = h("button", { type: "button", class: "button quiet", click: open }, `显示全部 ${count(rows.length)} 地 show all`);
  window.addEventListener("beforeprint", () => { if (more.isConnected) open(); });
  return h("div", { class: "region-table" },
    h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": "所在地 places" }, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, bilingual("所在地", "place")), ...[["企业", "makers"], ["本地", "local"], ["产品", "products"]].map(([zh, en]) => h("th", { scope: "col", class: "number" }, bilingual(zh!, en!))))), body)),
    rows.length > FIRST ? more : null);
}

function viewOf(provinces: Shape[], placed: number[], data: RegionData, tallest: number): View {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  const widen = ([a, b]: [number, number]): void => { [west, east, south, north] = [Math.min(west, a), Math.max(east, a), Math.min(south, b), Math.max(north, b)]; };
  // Small islands far out would make the rest small.
  for (const shape of provinces) largest(shape)?.forEach(widen);
  for (const i of placed) widen([data.x[i]!, data.y[i]!]);
  const room = Math.max(east - west, north - south, 0.2) * 0.04;
  [west, east, south, north] = [west - room, east + room, south - room, north + room];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(WIDTH / ((east - west) * squeeze), tallest / (north - south));
  // What is left of the width is shared by both sides.
  const spare = WIDTH / scale / squeeze - (east - west);
  return { west: west - spare / 2, north, scale, squeeze, height: Math.round((north - south) * scale) };
}

/** The outer ring of most points of a shape. */
function largest(shape: Shape): [number, number][] | undefined {
  return shape.map((rings) => rings[0] ?? []).sort((a, b) => b.length - a.length)[0];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
