// The chart of a view: bars of the first regions, or all regions as points of size and strength.

import { CLUSTER } from "../../colours";
import { AXIS, LOOK, PALETTE, type Option } from "../shared/drawing";
import { count, figure } from "../shared/figures";
import { say } from "../shared/language";
import { write } from "./colouring";
import type { IndustryPart, Settings } from "./data";
import type { Frame } from "./frame";
import type { View } from "./state";
import type { Row } from "./table";

export const MOST_BARS = 20;
const LEAST_Q = 1e-12;

/** The rows that have a bar: the first by rank, and the chosen one. */
export function barred(view: View, rows: Row[]): Row[] {
  const first = rows.filter((row) => row.rank <= MOST_BARS).sort((a, b) => a.rank - b.rank);
  const chosen = rows.find((row) => row.region === view.at);
  return chosen && chosen.rank > MOST_BARS ? [...first, chosen] : first;
}

export function optionOf(view: View, columns: IndustryPart, rows: Row[], frame: Frame, settings: Settings): Option {
  return view.chart === "bar" ? bars(view, columns, rows, frame, settings) : scatter(view, columns, rows, frame, settings);
}

function bars(view: View, columns: IndustryPart, rows: Row[], frame: Frame, settings: Settings): Option {
  const measure = settings.measures[view.measure]!;
  const least = view.measure === "q_value";
  const shown = barred(view, rows).filter((row) => typeof columns[view.measure]?.[row.at] === "number");
  const value = (row: Row): number => (least ? -Math.log10(Math.max(columns["q_value"]![row.at]!, LEAST_Q)) : columns[view.measure]![row.at]!);
  return {
    ...LOOK,
    grid: { top: 4, left: 4, right: 64, bottom: 4, containLabel: true },
    tooltip: { trigger: "item", confine: true, formatter: "{b}" },
    xAxis: { ...AXIS, type: "value", axisLabel: { show: false }, splitLine: { show: false }, axisLine: { show: false } },
    yAxis: {
      ...AXIS, type: "category", inverse: true, splitLine: { show: false }, axisLine: { show: false },
      data: shown.map((row) => frame.name(row.region, view.level)),
      axisLabel: { color: "#1c262d", fontSize: 12, width: 96, overflow: "truncate", interval: 0 },
    },
    series: [{
      type: "bar", barMaxWidth: 18, barCategoryGap: "25%",
      label: { show: true, position: "right", color: "#1c262d", fontSize: 12, formatter: (given: { dataIndex: number }) => write(measure, columns[view.measure]![shown[given.dataIndex]!.at]) },
      data: shown.map((row) => ({
        value: value(row),
        name: `${frame.above(row.region, view.level)}${frame.name(row.region, view.level)} ${write(measure, columns[view.measure]![row.at])}`,
        region: row.region,
        itemStyle: { color: row.region === view.at ? CLUSTER : PALETTE[0] },
      })),
    }],
  };
}

function scatter(view: View, columns: IndustryPart, rows: Row[], frame: Frame, settings: Settings): Option {
  const key = view.measure === "firms" ? settings.usual : view.measure;
  const measure = settings.measures[key]!;
  const firms = settings.measures["firms"]!;
  const least = key === "q_value";
  // What goes below zero has no logarithm.
  const isLog = least || !rows.some((row) => (columns[key]?.[row.at] ?? 0) < 0);
  const points = rows.flatMap((row) => {
    const [x, y] = [columns["firms"]?.[row.at], columns[key]?.[row.at]];
    if (typeof x !== "number" || typeof y !== "number" || x <= 0 || (y <= 0 && !least && isLog)) return [];
    const chosen = row.region === view.at;
    const name = `${frame.above(row.region, view.level)}${frame.name(row.region, view.level)}`;
    return [{
      value: [x, isLog ? Math.max(y, LEAST_Q) : y], region: row.region, name: `${name}<br>${firms.name} ${count(x)} · ${measure.name} ${write(measure, y)}`,
      symbolSize: chosen ? 15 : 8, z: chosen ? 5 : 2,
      itemStyle: { color: chosen ? CLUSTER : PALETTE[0], opacity: chosen ? 1 : 0.6, borderColor: "#fff", borderWidth: chosen ? 1.5 : 0.5 },
      label: { show: chosen || row.rank <= 3, formatter: frame.name(row.region, view.level), position: "top", color: "#1c262d", fontSize: 12 },
    }];
  });
  const label = (value: number): string => (least ? figure(value) : write(measure, value));
  return {
    ...LOOK,
    grid: { top: 34, left: 8, right: 28, bottom: 26, containLabel: true },
    tooltip: { trigger: "item", confine: true, formatter: "{b}" },
    xAxis: { ...AXIS, type: "log", name: firms.name, nameLocation: "middle", nameGap: 26, splitLine: { show: false } },
    yAxis: { ...AXIS, type: isLog ? "log" : "value", inverse: least, name: measure.name, nameTextStyle: { align: "left", color: "#57636b" }, axisLabel: { color: "#57636b", formatter: label } },
    series: [{ type: "scatter", data: points, labelLayout: { hideOverlap: true } }],
  };
}

/** Say in words what the chart shows, for those who do not see it. */
export function described(view: View, rows: Row[], settings: Settings): string {
  const measure = settings.measures[view.measure]!.name;
  return view.chart === "bar"
    ? say(`条形图：${measure}居前的 ${Math.min(rows.length, MOST_BARS)} 个地区；数据见表格`, `Bars: the first ${Math.min(rows.length, MOST_BARS)} regions by ${measure}; the table has the figures`)
    : say(`散点图：各地区的企业数与${measure}；数据见表格`, `Scatter: firms and ${measure} of the regions; the table has the figures`);
}
