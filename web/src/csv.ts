// Tables as CSV that spreadsheets open rightly: UTF-8 with a byte order mark, and no cell that runs as a formula.

import type { Column } from "./table";

export function csv<Row>(columns: Column<Row>[], rows: Row[]): string {
  const lines = [columns.map((column) => text(`${column.zh} ${column.en}${column.unit ? ` (${column.unit})` : ""}`))];
  for (const row of rows) lines.push(columns.map((column) => field(column.value(row))));
  return `\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

export function download(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function field(value: string | number | null): string {
  if (value === null) return "";
  return typeof value === "number" ? String(Number(value.toPrecision(7))) : text(value);
}

function text(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
