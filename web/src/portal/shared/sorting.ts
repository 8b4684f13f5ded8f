// Tables that sort by their heads. A cell's value is its data-value where it has one, else what it says.

import { h } from "../../dom";

const SIZES: Record<string, number> = { 亿: 1e8, 万: 1e4, billion: 1e9, million: 1e6, thousand: 1e3 };

/** Read a figure as pages write it: 4.13 亿元, 12.3 %, < 0.0001, 1,230. What is none is null. */
export function numberIn(text: string): number | null {
  const found = /^[<≤≥>]?\s*([+\-−]?[\d,]*\.?\d+(?:e[+-]?\d+)?)\s*(亿|万|billion|million|thousand)?/i.exec(text.trim());
  if (!found) return null;
  const number = Number(found[1]!.replaceAll(",", "").replace("−", "-"));
  return Number.isFinite(number) ? number * (SIZES[found[2] ?? ""] ?? 1) : null;
}

/** Make the heads of a table buttons that sort its rows; a head with data-nosort stays as it is. */
export function sortable(table: HTMLTableElement): void {
  const body = table.tBodies[0];
  if (!body || !table.tHead) return;
  const heads = [...table.tHead.rows[0]!.cells];
  const written = [...body.rows];
  heads.forEach((head, column) => {
    if (head.hasAttribute("data-nosort") || !head.textContent?.trim() || head.querySelector("a, button")) return;
    const button = h("button", { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const numbers = written.some((row) => numeric(row.cells[column]));
      const first = numbers ? "descending" : "ascending";
      const order = head.getAttribute("aria-sort") === first ? (first === "descending" ? "ascending" : "descending") : first;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const keyed = written.map((row, at) => ({ row, at, key: keyOf(row.cells[column], numbers) }));
      keyed.sort((a, b) => {
        if (a.key === null || b.key === null) return a.key === b.key ? a.at - b.at : a.key === null ? 1 : -1;
        const by = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key), "zh");
        return by === 0 ? a.at - b.at : sign * by;
      });
      body.append(...keyed.map(({ row }) => row));
    });
  });
}

function textOf(cell: HTMLTableCellElement | undefined): string {
  return (cell?.dataset["value"] ?? cell?.textContent ?? "").trim();
}

function numeric(cell: HTMLTableCellElement | undefined): boolean {
  return cell !== undefined && (cell.dataset["value"] !== undefined ? numberIn(textOf(cell)) !== null : /number|numeric/.test(cell.className));
}

function keyOf(cell: HTMLTableCellElement | undefined, numbers: boolean): number | string | null {
  const text = textOf(cell);
  if (numbers) return numberIn(text);
  return text === "" || text === "—" ? null : text;
}
