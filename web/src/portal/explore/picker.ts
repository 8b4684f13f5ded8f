// The industry's field as a combobox: searched by code, Chinese, pinyin initials or English.

import { h } from "../../dom";
import { count } from "../shared/figures";
import { CHINESE, say } from "../shared/language";
import type { Frame, Industry } from "./frame";

const MOST_RESULTS = 80;
const STAYS_MS = 60;
const DEPTHS = CHINESE ? ["", "门类", "大类", "中类", "小类"] : ["", "section", "division", "group", "class"];

export class Picker {
  private readonly list: HTMLElement;
  private options: Industry[] = [];
  private active = -1;
  private chosen: Industry | undefined;
  private waiting = 0;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly frame: Frame,
    private readonly pick: (industry: Industry) => void,
    private readonly foresee: (industry: Industry) => void,
  ) {
    this.list = h("div", { class: "options", id: "industries", role: "listbox", "aria-label": say("行业", "Industries"), hidden: true });
    const field = h("span", { class: "picker" });
    input.replaceWith(field);
    field.append(input, this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "industries", "aria-autocomplete": "list" }))
      input.setAttribute(name, value);
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => { if (this.list.hidden) this.search(""); });
    input.addEventListener("input", () => this.search(input.value));
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // Whoever points at one is likely to take it.
    this.list.addEventListener("mouseover", (event) => {
      const at = (event.target as HTMLElement).closest<HTMLElement>("[data-at]")?.dataset["at"];
      if (at !== undefined) this.soon(this.options[Number(at)]);
    });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = (event.target as HTMLElement).closest<HTMLElement>("[data-at]");
      if (option) this.take(this.options[Number(option.dataset["at"])]);
    });
  }

  /** Show which industry is chosen, without choosing it. */
  show(industry: Industry): void {
    this.chosen = industry;
    this.input.value = `${industry.code} ${industry.words}`;
  }

  private take(industry: Industry | undefined): void {
    if (!industry) return;
    this.show(industry);
    this.close();
    this.pick(industry);
  }

  private search(words: string): void {
    const found = this.frame.find(words);
    this.options = found.slice(0, MOST_RESULTS);
    this.active = words === "" ? this.options.findIndex((one) => one.code === this.chosen?.code) : 0;
    this.list.replaceChildren(...this.options.map((one, at) => option(one, at)), ...this.remarks(found.length));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  private remarks(found: number): HTMLElement[] {
    if (found === 0) return [h("p", { class: "none" }, say("登记数据中没有这样的行业；可输入代码、名称或拼音首字母", "The register has no such industry; try a code, a name or pinyin initials"))];
    if (found > MOST_RESULTS) return [h("p", { class: "none" }, say(`还有 ${found - MOST_RESULTS} 项，请继续输入`, `${found - MOST_RESULTS} more; type on`))];
    return [];
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.search("");
      else {
        const by = event.key === "ArrowDown" ? 1 : -1;
        this.active = (this.active + by + this.options.length) % Math.max(this.options.length, 1);
        this.mark();
      }
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      this.take(this.options[this.active]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
      this.input.select();
    }
  }

  private mark(): void {
    const options = this.list.querySelectorAll<HTMLElement>(".option");
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
    const option = options[this.active];
    this.soon(this.options[this.active]);
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  /** Tell of an industry on which somebody stays for a moment. */
  private soon(industry: Industry | undefined): void {
    clearTimeout(this.waiting);
    if (industry && industry.code !== this.chosen?.code) this.waiting = window.setTimeout(() => this.foresee(industry), STAYS_MS);
  }

  private close(): void {
    clearTimeout(this.waiting);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    if (this.chosen) this.show(this.chosen);
  }
}

function option(one: Industry, at: number): HTMLElement {
  const depth = one.code.length;
  const beside = CHINESE || one.words === one.name ? DEPTHS[depth]! : `${DEPTHS[depth]} · ${one.name}`;
  return h("div", { class: "option", role: "option", id: `industry-${at}`, "data-at": at, "data-depth": depth, "aria-selected": "false" },
    h("span", { class: "code" }, one.code), h("span", { class: "what" }, one.words, " ", h("small", {}, beside)), h("span", { class: "firms" }, count(one.firms)));
}
