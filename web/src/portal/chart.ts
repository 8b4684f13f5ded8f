// Charts of tables: <figure data-chart="bar|line|scatter" data-source="#id-of-a-table"> draws the table's figures.
//
//   data-label="0"      column of the names (from 0)           data-columns="2,3"  columns of the figures
//   data-title="..."    what the chart says; else the table's caption
//   data-most="20"      rows drawn, from the top                data-log           logarithmic axis of the figures
//   data-horizontal     bars lie
//
// For "scatter" the two columns are the two axes. A cell's figure is its data-value, else what it says. Sorting the
// table does not change the chart.

import { h } from "../dom";
import { AXIS, chartIn, LOOK, savers, type Option } from "./shared/drawing";
import { say } from "./shared/language";
import { sourceLine } from "./shared/saving";
import { numberIn } from "./shared/sorting";

interface Read {
  names: string[];
  heads: string[];
  figures: (number | null)[][];
}

/** Draw every figure of the page that asks for it. */
export function drawAll(): void {
  for (const element of document.querySelectorAll<HTMLElement>("figure[data-chart]")) draw(element);
}

/** Draw one figure beside its table; without a table or a figure in it nothing is drawn. */
export function draw(element: HTMLElement): void {
  const table = document.querySelector<HTMLTableElement>(element.dataset["source"] ?? "");
  if (!table?.tHead || !table.tBodies[0] || element.querySelector(".chart")) return;
  const read = columnsOf(element, table);
  if (read.names.length === 0 || read.figures.every((column) => column.every((value) => value === null))) return;
  const title = element.dataset["title"] || table.caption?.textContent?.trim() || document.title;
  const option = optionOf(element, read);
  const box = h("div", { class: "chart" });
  const horizontal = element.hasAttribute("data-horizontal");
  const height = horizontal ? 60 + 24 * read.names.length : 320;
  box.style.height = `${height}px`;
  const tools = h("div", { class: "toolbar" }, ...savers(() => ({ option, words: { title, source: sourceLine() }, height: Math.max(420, height + 130) })));
  if (!element.querySelector("figcaption, .chart-title")) element.prepend(h("p", { class: "chart-title" }, title));
  element.append(box, tools);
  chartIn(box, say(`图表：${title}；数据见旁边的表格`, `Chart: ${title}; the table beside it has the figures`)).setOption(option);
}

function columnsOf(element: HTMLElement, table: HTMLTableElement): Read {
  const label = Number(element.dataset["label"] ?? 0);
  const heads = [...table.tHead!.rows[0]!.cells].map((cell) => cell.textContent?.trim() ?? "");
  const asked = element.dataset["columns"]?.split(",").map(Number);
  const rows = [...table.tBodies[0]!.rows].filter((row) => row.cells.length === heads.length).slice(0, Number(element.dataset["most"] ?? 60));
  const textAt = (row: HTMLTableRowElement, column: number): string => (row.cells[column]?.dataset["value"] ?? row.cells[column]?.textContent ?? "").trim();
  const columns = asked ?? heads.map((_, at) => at).filter((at) => at !== label && rows.some((row) => numberIn(textAt(row, at)) !== null)).slice(0, 1);
  return {
    names: rows.map((row) => row.cells[label]?.textContent?.trim().replace(/\s+/g, " ") ?? ""),
    heads: columns.map((at) => heads[at] ?? ""),
    figures: columns.map((at) => rows.map((row) => numberIn(textAt(row, at)))),
  };
}

function optionOf(element: HTMLElement, { names, heads, figures }: Read): Option {
  const kind = element.dataset["chart"];
  const scale = element.hasAttribute("data-log") ? "log" : "value";
  const grid = { top: heads.length > 1 ? 40 : 16, left: 8, right: 24, bottom: 8, containLabel: true };
  if (kind === "scatter") {
    const points = names.map((name, at) => ({ name, value: [figures[0]?.[at], figures[1]?.[at]] })).filter(({ value }) => value.every((one) => typeof one === "number"));
    return {
      ...LOOK, grid: { ...grid, top: 32, bottom: 28 }, tooltip: { trigger: "item", formatter: "{b}<br>{c}", confine: true },
      xAxis: { ...AXIS, type: scale, name: heads[0], nameLocation: "middle", nameGap: 28 }, yAxis: { ...AXIS, type: scale, name: heads[1] },
      series: [{ type: "scatter", data: points, symbolSize: 9, itemStyle: { opacity: 0.75 } }],
    };
  }
  const category = { ...AXIS, type: "category", data: names, splitLine: { show: false }, axisLabel: { ...AXIS.axisLabel, hideOverlap: true, width: 150, overflow: "truncate" } };
  const value = { ...AXIS, type: scale };
  const lying = element.hasAttribute("data-horizontal");
  return {
    ...LOOK, grid, tooltip: { trigger: "axis", confine: true, axisPointer: { type: kind === "line" ? "line" : "shadow" } },
    ...(heads.length > 1 ? { legend: { top: 4, left: 0, textStyle: { fontSize: 12 } } } : {}),
    xAxis: lying ? value : category,
    yAxis: lying ? { ...category, inverse: true } : value,
    series: figures.map((data, at) => ({ type: kind === "line" ? "line" : "bar", name: heads[at], data, barMaxWidth: 28, connectNulls: false, symbolSize: 6 })),
  };
}
