// A list as a table: sorted by its heads, the first rows shown, all on demand and on paper; downloaded as CSV.

import { csv, download } from "../csv";
import { bilingual, h } from "../dom";
import { count, decimal, money, percent } from "../format";
import type { Both, ListData, Value } from "./model";

const FIRST = 20;
const NUMBERS = new Set(["count", "number", "yuan", "share", "score"]);
const collator = new Intl.Collator("zh-CN", { numeric: true });

export function listTable(list: ListData): HTMLElement {
  const rows = [...list.rows];
  let sort = -1;
  let descending = false;
  let all = rows.length <= FIRST;
  const body = h("tbody");
  const heads = list.columns.map(([key, zh, en, kind], at) => {
    const button = h("button", { type: "button", click: () => sortBy(at) }, bilingual(zh, en), h("span", { class: "arrow", "aria-hidden": "true" }));
    return h("th", { scope: "col", class: NUMBERS.has(kind) ? "number" : "text", "data-key": key }, button);
  });
  const paint = (): void => {
    body.replaceChildren(...(all ? rows : rows.slice(0, FIRST)).map((row) => h("tr", {}, ...row.map((value, at) => cell(value, list.columns[at]![3])))));
  };
  const sortBy = (at: number): void => {
    const number = NUMBERS.has(list.columns[at]![3]);
    descending = sort === at ? !descending : number;
    sort = at;
    const sign = descending ? -1 : 1;
    rows.sort((a, b) => {
      const [x, y] = [a[at] ?? null, b[at] ?? null];
      // Unknown comes last in either order.
      if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
      return sign * (typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y)));
    });
    heads.forEach((head, other) => (other === at ? head.setAttribute("aria-sort", descending ? "descending" : "ascending") : head.removeAttribute("aria-sort")));
    paint();
  };
  paint();
  const tools = h("div", { class: "list-tools" });
  if (!all) {
    const more = h("button", { type: "button", class: "button quiet", click: () => { all = true; more.remove(); paint(); } }, `显示全部 ${count(rows.length)} 行 show all`);
    tools.append(more);
    window.addEventListener("beforeprint", () => { all = true; more.remove(); paint(); });
  }
  tools.append(h("button", { type: "button", class: "button quiet", click: () => save(list, rows) }, "↓ CSV"));
  if (list.total > rows.length) tools.append(h("span", { class: "muted" }, `页面载有前 ${count(rows.length)} 行，共 ${count(list.total)} 行；全部见 .xlsx the first of ${count(list.total)} rows; all are in the workbook`));
  return h("div", {}, h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": list.title[0] }, h("table", {}, h("thead", {}, h("tr", {}, ...heads)), body)), tools);
}

/** What is missing, and what to do about it. */
export function noData(words: Both): HTMLElement {
  return h("div", { class: "no-data", role: "note" }, h("p", {}, words[0]), h("p", { class: "en", lang: "en" }, words[1]));
}

function cell(value: Value | undefined, kind: string): HTMLTableCellElement {
  if (value === null || value === undefined) return h("td", { class: NUMBERS.has(kind) ? "number unknown" : "unknown" }, "—");
  if (typeof value !== "number") return h("td", { class: "text" }, String(value));
  const text = kind === "yuan" ? money(value) : kind === "share" ? percent(value) : kind === "count" ? count(value) : decimal(value);
  return h("td", { class: "number" }, text);
}

function save(list: ListData, rows: Value[][]): void {
  const columns = list.columns.map(([key, zh, en], at) => ({
    key, zh, en, explains: "", width: 0,
    value: (row: Value[]) => { const own = row[at] ?? null; return typeof own === "boolean" ? String(own) : own; },
    show: () => "",
  }));
  download(`${list.title[0]}.csv`, csv(columns, rows));
}
