// Charts by ECharts, with only the parts that the pages need; and charts as files, with title, source and date on them.

import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { CHINESE, say } from "./language";
import { save } from "./saving";
import { h } from "../../dom";

use([
  BarChart, LineChart, ScatterChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent,
  CanvasRenderer, SVGRenderer,
]);

export type Option = EChartsCoreOption;
export type Chart = EChartsType;

export const INK = "#1c262d";
export const QUIET = "#57636b";
export const LINE = "#dde2e5";
/** Told apart by people who see red and green alike, and in grey print by their lightness. */
export const PALETTE = ["#2a6c9b", "#c8431f", "#6fb0a5", "#8a5a9e", "#d9a21b", "#5b6b74"];
/** With single quotes: the library puts it into attributes of SVG as it is. */
export const FONT = getComputedStyle(document.documentElement).getPropertyValue("--font").trim().replaceAll('"', "'") || "sans-serif";

/** What all charts look like. */
export const LOOK: Option = {
  color: PALETTE,
  backgroundColor: "#fff",
  animation: false,
  textStyle: { fontFamily: FONT, color: INK, fontSize: 12 },
};

export const AXIS = {
  axisLine: { lineStyle: { color: "#a9b3b9" } },
  axisTick: { show: false },
  axisLabel: { color: QUIET, fontSize: 12 },
  nameTextStyle: { color: QUIET, fontSize: 12 },
  splitLine: { lineStyle: { color: LINE } },
};

/** Start a chart in an element; it follows the element's size. `label` says to those who do not see it what it shows. */
export function chartIn(element: HTMLElement, label: string): Chart {
  const chart = init(element, null, { renderer: "canvas", locale: CHINESE ? "ZH" : "EN" });
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  new ResizeObserver(() => chart.resize()).observe(element);
  return chart;
}

export interface Words {
  title: string;
  source: string;
}

const WIDTH = 960;

/** Buttons that save a chart as PNG and SVG; `current` gives the option and the words at the moment of the click. */
export function savers(current: () => { option: Option; words: Words; height?: number }): HTMLElement[] {
  const button = (kind: "PNG" | "SVG"): HTMLElement =>
    h("button", {
      type: "button", "data-save": kind.toLowerCase(), "aria-label": say(`将图表存为 ${kind}`, `Save the chart as ${kind}`),
      click: () => {
        const { option, words, height } = current();
        const name = `${words.title}.${kind.toLowerCase()}`;
        if (kind === "SVG") save(name, new Blob([svgOf(option, words, height)], { type: "image/svg+xml" }));
        else save(name, pngOf(option, words, height));
      },
    }, kind);
  return [button("PNG"), button("SVG")];
}

function svgOf(option: Option, words: Words, height = 540): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption(worded(option, words));
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}

function pngOf(option: Option, words: Words, height = 540): string {
  const element = h("div");
  element.style.cssText = `position:fixed;left:-${WIDTH * 2}px;width:${WIDTH}px;height:${height}px`;
  document.body.append(element);
  const chart = init(element, null, { renderer: "canvas", width: WIDTH, height });
  chart.setOption(worded(option, words));
  const address = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#fff" });
  chart.dispose();
  element.remove();
  return address;
}

function worded(option: Option, words: Words): Option {
  const grid = (option["grid"] ?? {}) as Record<string, unknown>;
  return {
    ...option,
    title: [
      { text: words.title, left: 16, top: 12, textStyle: { fontFamily: FONT, fontSize: 18, color: INK, width: WIDTH - 32, overflow: "break" } },
      { text: words.source, left: 16, bottom: 8, textStyle: { fontFamily: FONT, fontSize: 11, fontWeight: "normal", color: QUIET, width: WIDTH - 32, overflow: "break" } },
    ],
    grid: { ...grid, top: 72, bottom: 56, left: 24, right: 32, containLabel: true },
  };
}
