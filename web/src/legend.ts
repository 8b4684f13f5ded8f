// The legend: what each colour means, and how many counties have it.

import { NO_FIRMS, NOT_SIGNIFICANT, RAMP, rampStep, type Measure } from "./colours";
import { bilingual, h } from "./dom";
import { count, percent } from "./format";

const TITLES: Record<Measure, [string, string]> = { lq: ["区位商", "location quotient"], firms: ["企业数", "firms"], share: ["占本县企业", "share of the county's firms"] };

export interface LegendState {
  measure: Measure;
  breaks: number[];
  /** Counties by step of the ramp. */
  counties: Map<number, number>;
  notSignificant: number;
  none: number;
  hasIndustry: boolean;
  warning: string | null;
  points: string;
}

export function legend(state: LegendState): HTMLElement[] {
  const { breaks, measure } = state;
  const write = (value: number): string => (measure === "share" ? percent(value) : measure === "firms" ? count(value) : String(value));
  const classes: HTMLElement[] = [];
  for (let step = 0; step <= breaks.length; step++) {
    const low = breaks[step - 1];
    const high = breaks[step];
    const label = low === undefined ? (high === undefined ? "有 any" : `< ${write(high)}`) : high === undefined ? `≥ ${write(low)}` : `${write(low)}–${write(high)}`;
    const at = rampStep(step, breaks.length + 1);
    classes.push(swatch(RAMP[at]!, label, state.counties.get(at) ?? 0, `step-${step}`));
  }
  const others = [swatch(NO_FIRMS, "无 none", state.none, "none")];
  if (state.hasIndustry) others.unshift(swatch(NOT_SIGNIFICANT, "不显著", state.notSignificant, "not-significant", "q > 0.05"));
  const [zh, en] = TITLES[measure];
  return [
    h("div", { class: "heading" },
      h("h2", {}, bilingual(zh, en)),
      h("p", { class: "point" }, h("span", { class: "dot", "aria-hidden": "true" }), state.points),
      state.warning ? h("p", { class: "warn" }, state.warning) : null),
    h("div", { class: "classes" }, h("ul", { class: "ramp", "aria-label": "颜色与县区数 Colours and counties" }, ...classes), h("ul", {}, ...others)),
  ];
}

function swatch(colour: string, label: string, counties: number, key: string, title = ""): HTMLElement {
  const bar = h("span", { class: "swatch", "aria-hidden": "true" });
  bar.style.backgroundColor = colour;
  return h("li", { "data-class": key, "data-counties": counties, title }, bar, h("span", { class: "label" }, label), h("span", { class: "n", title: "县区数 counties" }, count(counties)));
}
