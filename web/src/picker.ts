// Choosing an industry: a combobox that is searched by code, Chinese or English.

import { h } from "./dom";
import { count } from "./format";
import type { Model } from "./model";

const MOST_RESULTS = 80;
const LEVELS = ["", "门类 section", "大类 division", "中类 group", "小类 class"];
export const ALL = -1;

export class IndustryPicker {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private options: number[] = [];
  private active = -1;
  private chosen = ALL;

  constructor(
    private readonly model: Model,
    private readonly pick: (industry: number) => void,
  ) {
    this.list = h("div", { class: "options", id: "industries", role: "listbox", "aria-label": "行业 Industries", hidden: true });
    this.input = h("input", {
      type: "text", id: "industry", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false",
      "aria-controls": "industries", "aria-autocomplete": "list", "aria-label": "行业：输入名称、英文或代码 Industry: name, English or code",
      placeholder: "搜索行业：名称、代码或英文 Search industries",
    });
    const clear = h("button", { type: "button", class: "clear", "aria-label": "全部行业 All industries", title: "全部行业 All industries", click: () => this.take(ALL) }, "×");
    this.element = h("div", { class: "picker" }, this.input, clear, this.list);
    this.input.addEventListener("focus", () => { this.input.select(); this.search(""); });
    this.input.addEventListener("click", () => { if (this.list.hidden) this.search(""); });
    this.input.addEventListener("input", () => this.search(this.input.value));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = (event.target as HTMLElement).closest<HTMLElement>("[data-industry]");
      if (option) this.take(Number(option.dataset["industry"]));
    });
    this.show(ALL);
  }

  /** Show which industry is chosen, without choosing it. */
  show(industry: number): void {
    this.chosen = industry;
    const { code, name } = this.model.header.industry;
    this.input.value = industry === ALL ? "全部行业 All industries" : `${code[industry]} ${name[industry]}`;
    this.element.classList.toggle("has-choice", industry !== ALL);
  }

  private take(industry: number): void {
    this.close();
    this.show(industry);
    this.pick(industry);
  }

  private search(query: string): void {
    const { code, name, english } = this.model.header.industry;
    const words = query.trim().toLowerCase();
    const scored: [number, number][] = [];
    for (let i = 0; i < code.length; i++) {
      const own = code[i]!.toLowerCase();
      let score: number;
      if (words === "") {
        if (own.length > 2) continue;
        score = 0;
      } else if (own === words) score = 0;
      else if (/^\d+$/.test(words) && own.startsWith(words)) score = own.length;
      else if (name[i]!.includes(words)) score = 10 + (name[i]!.startsWith(words) ? 0 : 1) + own.length / 10;
      else if (words.length > 1 && english[i]!.toLowerCase().includes(words)) score = 20 + own.length;
      else continue;
      scored.push([score, i]);
    }
    if (words === "") scored.sort((a, b) => this.tree(a[1]).localeCompare(this.tree(b[1])));
    else scored.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    this.options = [ALL, ...scored.slice(0, MOST_RESULTS).map(([, i]) => i)];
    if (words !== "") this.options = this.options.filter((i) => i !== ALL);
    this.active = words === "" ? this.options.indexOf(this.chosen) : 0;
    this.list.replaceChildren(
      ...this.options.map((industry, at) => this.option(industry, at)),
      ...(this.options.length === 0 ? [h("p", { class: "none" }, "登记数据中没有这样的行业 No such industry in the register")] : []),
      ...(scored.length > MOST_RESULTS ? [h("p", { class: "none" }, `还有 ${scored.length - MOST_RESULTS} 项，请继续输入 Type on to narrow down`)] : []),
    );
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  private tree(industry: number): string {
    const { code, section } = this.model.header.industry;
    return section[industry]! + (code[industry]!.length > 1 ? code[industry]! : "");
  }

  private option(industry: number, at: number): HTMLElement {
    const attributes = { class: "option", role: "option", id: `industry-${at}`, "data-industry": industry };
    if (industry === ALL) return h("div", attributes, h("span", { class: "code" }, "·"), h("span", { class: "what" }, "全部行业 ", h("small", {}, "All industries")));
    const { code, name, english } = this.model.header.industry;
    return h("div", { ...attributes, "data-level": code[industry]!.length },
      h("span", { class: "code" }, code[industry]!),
      h("span", { class: "what" }, name[industry]!, " ", h("small", {}, code[industry]!.length <= 2 ? english[industry]! : `${LEVELS[code[industry]!.length]} · ${english[industry]!}`)),
      h("span", { class: "firms" }, count(this.model.industryFirms[industry]!)));
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.search("");
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + by + this.options.length) % Math.max(this.options.length, 1);
      this.mark();
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      const industry = this.options[this.active];
      if (industry !== undefined) this.take(industry);
    } else if (event.key === "Escape") {
      this.close();
      this.input.select();
    }
  }

  private mark(): void {
    this.list.querySelectorAll(".option").forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
    const option = this.list.children[this.active] as HTMLElement | undefined;
    if (option && this.active >= 0) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.show(this.chosen);
  }
}
