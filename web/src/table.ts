// A long table of which only the rows in sight exist; sorted by its heads, walked with the arrow keys.

import { bilingual, h } from "./dom";

export interface Column<Row> {
  key: string;
  zh: string;
  en: string;
  unit?: string;
  explains: string;
  /** What is sorted by and written into the CSV; unknown is null. */
  value(row: Row): string | number | null;
  /** What is shown. */
  show(row: Row): string | Node;
  numeric?: boolean;
  /** Shown only where the table has the whole width. */
  wide?: boolean;
  /** The first order of a click on the head. */
  descending?: boolean;
  width: number;
}

const ROW_HEIGHT = 46;
const MARGIN = 8;
const collator = new Intl.Collator("zh-CN", { numeric: true });

export class Table<Row> {
  readonly element: HTMLElement;
  rows: Row[] = [];
  private sortKey: string | null;
  private descending: boolean;
  private readonly body = h("tbody");
  private readonly scroll: HTMLElement;
  private readonly table: HTMLTableElement;
  private readonly heads = new Map<string, HTMLTableCellElement>();
  private focus = 0;
  private selected: Row | null = null;
  private first = -1;
  private last = -1;

  constructor(
    readonly columns: Column<Row>[],
    private readonly empty: string,
    sort: { key: string; descending: boolean },
    private readonly open: (row: Row) => void,
    private readonly sorted: () => void,
    label: string,
  ) {
    this.sortKey = sort.key;
    this.descending = sort.descending;
    const head = h("tr");
    for (const column of columns) {
      const button = h("button", { type: "button", title: column.explains, click: () => this.sortBy(column) },
        bilingual(column.zh, column.en + (column.unit ? ` (${column.unit})` : "")), h("span", { class: "arrow", "aria-hidden": "true" }));
      const cell = h("th", { scope: "col", class: classOf(column), "data-key": column.key }, button);
      this.heads.set(column.key, cell);
      head.append(cell);
    }
    const widths = h("colgroup", {}, ...columns.map((column) => h("col", { class: classOf(column), "data-width": column.width })));
    for (const col of widths.children) (col as HTMLElement).style.width = `${(col as HTMLElement).dataset["width"]}px`;
    this.table = h("table", { "aria-label": label }, widths, h("thead", {}, head), this.body);
    this.scroll = h("div", { class: "scroll", scroll: () => this.paint() }, this.table);
    this.element = this.scroll;
    this.body.addEventListener("click", (event) => {
      const row = (event.target as HTMLElement).closest("tr");
      if (row?.dataset["at"]) this.choose(Number(row.dataset["at"]));
    });
    this.body.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.paint()).observe(this.scroll);
    this.showSort();
  }

  set(rows: Row[]): void {
    this.rows = rows;
    this.sort();
    this.focus = 0;
    this.scroll.scrollTop = 0;
    this.repaint();
  }

  select(row: Row | null, reveal: boolean): void {
    this.selected = row;
    const at = row === null ? -1 : this.rows.indexOf(row);
    if (at >= 0) {
      this.focus = at;
      if (reveal) this.reveal(at);
    }
    this.repaint();
  }

  private sortBy(column: Column<Row>): void {
    this.descending = this.sortKey === column.key ? !this.descending : (column.descending ?? false);
    this.sortKey = column.key;
    this.sort();
    this.showSort();
    this.focus = 0;
    this.scroll.scrollTop = 0;
    this.repaint();
    this.sorted();
  }

  private sort(): void {
    const column = this.columns.find((c) => c.key === this.sortKey);
    if (!column) return;
    const sign = this.descending ? -1 : 1;
    const keyed = this.rows.map((row) => [column.value(row), row] as const);
    // Unknown comes last in either order; the sort is stable.
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
      return sign * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b)));
    });
    this.rows = keyed.map(([, row]) => row);
  }

  private showSort(): void {
    for (const [key, head] of this.heads) {
      if (key === this.sortKey) head.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  private choose(at: number): void {
    this.focus = at;
    const row = this.rows[at];
    if (row) this.open(row);
  }

  private key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.scroll.clientHeight / ROW_HEIGHT) - 2);
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const move = moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      this.focus = Math.min(Math.max(this.focus + move, 0), this.rows.length - 1);
      this.reveal(this.focus);
      this.repaint();
      this.body.querySelector<HTMLElement>(`tr[data-at="${this.focus}"]`)?.focus({ preventScroll: true });
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.choose(this.focus);
    }
  }

  private reveal(at: number): void {
    const head = this.table.tHead?.offsetHeight ?? 0;
    const top = at * ROW_HEIGHT;
    if (top < this.scroll.scrollTop) this.scroll.scrollTop = top;
    const room = this.scroll.clientHeight - head - ROW_HEIGHT;
    if (room > 0 && top > this.scroll.scrollTop + room) this.scroll.scrollTop = top - room;
  }

  private repaint(): void {
    this.first = this.last = -1;
    this.paint();
  }

  private paint(): void {
    const visible = Math.ceil(this.scroll.clientHeight / ROW_HEIGHT) || 12;
    const top = Math.floor(this.scroll.scrollTop / ROW_HEIGHT);
    const first = Math.max(0, top - MARGIN);
    const last = Math.min(this.rows.length, top + visible + MARGIN);
    if (first === this.first && last === this.last) return;
    [this.first, this.last] = [first, last];
    this.table.setAttribute("aria-rowcount", String(this.rows.length + 1));
    const held = this.body.contains(document.activeElement);
    if (this.rows.length === 0) {
      this.body.replaceChildren(h("tr", { class: "none" }, h("td", { colspan: this.columns.filter((column) => !column.wide).length }, this.empty)));
      return;
    }
    const rows: HTMLElement[] = [];
    if (first > 0) rows.push(this.spacer(first));
    for (let at = first; at < last; at++) rows.push(this.row(at));
    if (last < this.rows.length) rows.push(this.spacer(this.rows.length - last));
    this.body.replaceChildren(...rows);
    if (held) this.body.querySelector<HTMLElement>(`tr[data-at="${this.focus}"]`)?.focus({ preventScroll: true });
  }

  private row(at: number): HTMLTableRowElement {
    const row = this.rows[at]!;
    const chosen = row === this.selected;
    return h("tr", { "data-at": at, "aria-rowindex": at + 2, tabindex: at === this.focus || (at === this.first && this.focus < this.first) ? 0 : -1, class: chosen ? "chosen" : null, "aria-current": chosen ? "true" : null },
      ...this.columns.map((column) => h("td", { class: classOf(column), "data-key": column.key }, column.show(row))));
  }

  private spacer(rows: number): HTMLTableRowElement {
    const cell = h("td");
    cell.style.height = `${rows * ROW_HEIGHT}px`;
    return h("tr", { class: "spacer", "aria-hidden": "true" }, cell);
  }
}

function classOf<Row>(column: Column<Row>): string {
  return `${column.numeric ? "number" : "text"}${column.wide ? " wide-only" : ""}`;
}
