// The chart beside the map, with the choice of its kind and the buttons that save it.

import { h } from "../../dom";
import { chartIn, savers, type Chart, type Option, type Words } from "../shared/drawing";
import { say } from "../shared/language";
import type { IndustryPart, Settings } from "./data";
import type { Frame } from "./frame";
import { described, optionOf } from "./plot";
import type { ChartKind, View } from "./state";
import type { Row } from "./table";

const KINDS: [ChartKind, string][] = [["bar", say("条形图", "Bars")], ["scatter", say("散点图", "Scatter")]];

export class ChartPanel {
  private readonly chart: Chart;
  private readonly buttons: HTMLButtonElement[];
  private option: Option = {};
  private words: Words = { title: "", source: "" };
  private kind: ChartKind = "bar";

  constructor(
    private readonly element: HTMLElement,
    tools: HTMLElement,
    private readonly settings: Settings,
    private readonly frame: Frame,
    choose: (region: string) => void,
    change: (kind: ChartKind) => void,
  ) {
    this.chart = chartIn(element, "");
    this.buttons = KINDS.map(([kind, name]) => h("button", { type: "button", "data-kind": kind, "aria-pressed": "false", click: () => change(kind) }, name));
    tools.replaceChildren(...this.buttons, h("span", { class: "push" }), ...savers(() => ({ option: this.option, words: this.words, height: this.kind === "bar" ? 700 : 600 })));
    this.chart.on("click", (event) => {
      const region = (event.data as { region?: string } | undefined)?.region;
      if (region) choose(region);
    });
  }

  show(view: View, columns: IndustryPart, rows: Row[], words: Words): void {
    this.kind = view.chart;
    this.words = words;
    this.option = optionOf(view, columns, rows, this.frame, this.settings);
    this.chart.setOption(this.option, { notMerge: true });
    this.element.setAttribute("aria-label", described(view, rows, this.settings));
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset["kind"] === view.chart));
  }
}
