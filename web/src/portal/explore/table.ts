// The ranked table. It takes over the one that the server has written, and writes its rows alike.

import { h } from "../../dom";
import { say } from "../shared/language";
import type { Figure, IndustryPart, Settings } from "./data";
import type { Frame } from "./frame";
import { write } from "./colouring";
import { insideOf, type View } from "./state";

const ROWS_AT_A_TIME = 150;
// What is seen at once; the rest of the first part is written when nothing else is to be done.
const ROWS_AT_ONCE = 30;
const REST_AFTER_MS = 120;

export interface Row {
  at: number;
  region: string;
  rank: number;
}

/** Give the regions of a view ranked by its measure: what has no figure comes last, equals in the order of their codes. */
export function ranked(view: View, columns: IndustryPart, settings: Settings): Row[] {
  const inside = insideOf(view.region);
  const kept: number[] = [];
  columns.region.forEach((region, at) => { if (region.startsWith(inside)) kept.push(at); });
  kept.sort(order(columns[view.measure] ?? [], settings.measures[view.measure]!.least));
  return kept.map((at, i) => ({ at, region: columns.region[at]!, rank: i + 1 }));
}

function order(values: Figure[], least: boolean): (a: number, b: number) => number {
  return (a, b) => {
    const [one, other] = [values[a] ?? null, values[b] ?? null];
    if (one === null || other === null) return one === other ? a - b : one === null ? 1 : -1;
    return (least ? one - other : other - one) || a - b;
  };
}

export class Table {
  private readonly table = document.getElementById("table") as HTMLTableElement;
  private readonly box = document.getElementById("table-box")!;
  private readonly nothing = document.getElementById("nothing")!;
  private readonly more = this.box.querySelector<HTMLElement>("[data-scripted-more]")!;
  private readonly body = this.table.tBodies[0]!;
  private rows: Row[] = [];
  private view: View | null = null;
  private columns: IndustryPart | null = null;
  private written = 0;
  private rest = 0;

  constructor(
    private readonly settings: Settings,
    private readonly frame: Frame,
    choose: (region: string) => void,
    sort: (key: string) => void,
  ) {
    document.getElementById("pages")?.remove();
    this.table.tHead!.addEventListener("click", (event) => {
      const key = (event.target as HTMLElement).closest<HTMLElement>("[data-sort]")?.dataset["sort"];
      if (!key) return;
      event.preventDefault();
      sort(key);
    });
    this.body.addEventListener("click", (event) => {
      const target = event.target as HTMLElement;
      const region = target.closest<HTMLElement>("tr")?.dataset["region"];
      if (region && !target.closest("a")) choose(region);
    });
    this.body.addEventListener("keydown", (event) => this.key(event, choose));
    this.more.addEventListener("click", () => this.write(this.written + 3 * ROWS_AT_A_TIME));
  }

  /** Show the rows of a view; gives them in the order shown. */
  show(view: View, columns: IndustryPart, rows: Row[]): Row[] {
    this.view = view;
    this.columns = columns;
    this.rows = this.sorted(view, columns, rows);
    this.body.replaceChildren();
    this.written = 0;
    const chosen = this.rows.findIndex((row) => row.region === view.at) + 1;
    this.write(Math.max(ROWS_AT_ONCE, chosen));
    clearTimeout(this.rest);
    if (this.written < ROWS_AT_A_TIME) {
      this.more.hidden = true;
      this.rest = window.setTimeout(() => this.write(ROWS_AT_A_TIME), REST_AFTER_MS);
    }
    this.table.hidden = rows.length === 0;
    this.nothing.hidden = rows.length > 0;
    for (const head of this.table.tHead!.querySelectorAll<HTMLElement>("[data-sort]")) {
      const key = head.dataset["sort"]!;
      const cell = head.parentElement!;
      cell.toggleAttribute("data-measure", key === view.measure);
      const sort = view.sort || view.measure;
      if (sort.replace(/^-/, "") !== key) cell.removeAttribute("aria-sort");
      else cell.setAttribute("aria-sort", (key === "name" || this.settings.measures[key]?.least) !== sort.startsWith("-") ? "ascending" : "descending");
    }
    return this.rows;
  }

  /** Mark the row of a region and bring it into sight; "" for none. */
  choose(region: string): void {
    const at = this.rows.findIndex((row) => row.region === region);
    if (at >= this.written) this.write(at + 1);
    for (const row of this.body.rows) this.mark(row, row.dataset["region"] === region);
    const row = this.body.rows[at];
    if (!row) return;
    const [top, bottom] = [row.offsetTop - this.table.tHead!.offsetHeight, row.offsetTop + row.offsetHeight];
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (bottom > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = bottom - this.box.clientHeight + 8;
  }

  private sorted(view: View, columns: IndustryPart, rows: Row[]): Row[] {
    if (!view.sort) return rows;
    const key = view.sort.replace(/^-/, "");
    const turned = view.sort.startsWith("-");
    if (key === "name") {
      const name = new Map(rows.map((row) => [row, this.frame.above(row.region, view.level) + this.frame.name(row.region, view.level)]));
      return [...rows].sort((a, b) => (turned ? -1 : 1) * (name.get(a)! < name.get(b)! ? -1 : name.get(a)! > name.get(b)! ? 1 : 0) || a.rank - b.rank);
    }
    const measure = this.settings.measures[key];
    if (!measure) return rows;
    // Equals stay in the order of the ranks.
    const values = rows.map((row) => columns[key]?.[row.at] ?? null);
    return rows.map((_, i) => i).sort(order(values, measure.least !== turned)).map((i) => rows[i]!);
  }

  private write(until: number): void {
    if (until > this.written) clearTimeout(this.rest);
    const part = this.rows.slice(this.written, until);
    this.body.append(...part.map((row) => this.row(row)));
    this.written += part.length;
    this.more.hidden = this.written >= this.rows.length;
  }

  private row({ at, region, rank }: Row): HTMLTableRowElement {
    const view = this.view!;
    const name = this.frame.name(region, view.level);
    const row = h("tr", { "data-region": region, tabindex: region === view.at || (!view.at && rank === 1) ? 0 : -1 },
      h("td", { class: "number" }, rank),
      h("th", { scope: "row" },
        this.settings.region ? h("a", { href: this.settings.region.replace("REGION", region), target: document.body.classList.contains("embedded") ? "_blank" : null }, name) : name,
        h("small", {}, this.frame.above(region, view.level))),
      ...this.settings.columns.map((key) =>
        h("td", { class: "number", "data-measure": key === view.measure }, write(this.settings.measures[key]!, this.columns![key]?.[at] ?? null))));
    this.mark(row, region === view.at);
    return row;
  }

  private mark(row: HTMLTableRowElement, chosen: boolean): void {
    row.classList.toggle("chosen", chosen);
    if (chosen) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }

  private key(event: KeyboardEvent, choose: (region: string) => void): void {
    const row = event.target as HTMLTableRowElement;
    if (row.tagName !== "TR") return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      event.preventDefault();
      const next = this.body.rows[row.sectionRowIndex + step];
      if (next) {
        row.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      }
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (row.dataset["region"]) choose(row.dataset["region"]);
    }
  }
}

/** Say how many regions are shown. */
export function counted(number: number): string {
  return say(`${number} 个地区`, `${number} region${number === 1 ? "" : "s"}`);
}
