// Fields in which a name is typed: what it may mean is asked of the server and offered below. Without scripts the form
// takes the same words.

import "./compare.css";
import { h } from "../dom";
import { say } from "./shared/language";

const WAIT_MS = 120;

interface Choice {
  text: string;
  code: string;
  where: string;
}

class Suggesting {
  private readonly list: HTMLElement;
  private options: Choice[] = [];
  private active = -1;
  private asked = 0;
  private timer = 0;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly address: string,
  ) {
    const id = `${input.id}-options`;
    this.list = h("div", { class: "options", id, role: "listbox", "aria-label": say("可选项", "Choices"), hidden: true });
    const field = h("span", { class: "suggesting" });
    const focused = document.activeElement === input;
    input.replaceWith(field);
    field.append(input, this.list);
    if (focused) input.focus();
    // The list that browsers offer by themselves knows no initials.
    input.removeAttribute("list");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list" }))
      input.setAttribute(name, value);
    input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.search(), WAIT_MS);
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = (event.target as HTMLElement).closest<HTMLElement>("[data-at]");
      if (option) this.take(this.options[Number(option.dataset["at"])]);
    });
  }

  private async search(): Promise<void> {
    const words = this.input.value.trim();
    const number = ++this.asked;
    if (words === "") return this.close();
    const query = new URLSearchParams({ kind: this.input.dataset["find"] ?? "", q: words });
    const answer = await fetch(`${this.address}?${query.toString()}`).catch(() => null);
    // Whoever has typed on waits for a later answer; without the server the form takes the words as they are.
    if (number !== this.asked || !answer?.ok || document.activeElement !== this.input) return;
    this.options = ((await answer.json()) as { found: Choice[] }).found;
    this.active = this.options.length > 0 ? 0 : -1;
    this.list.replaceChildren(
      ...this.options.map((one, at) =>
        h("div", { class: "option", role: "option", id: `${this.list.id}-${at}`, "data-at": at, "aria-selected": "false" }, one.text, " ", h("small", {}, one.where))),
    );
    this.list.hidden = this.options.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark();
  }

  private key(event: KeyboardEvent): void {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + by + this.options.length) % this.options.length;
      this.mark();
    } else if (event.key === "Enter") {
      // Whoever has typed a whole code sends it.
      if (this.options[this.active]?.code === this.input.value.trim()) return this.close();
      event.preventDefault();
      this.take(this.options[this.active]);
    } else if (event.key === "Escape") this.close();
  }

  private mark(): void {
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
    const option = this.list.children[this.active];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private take(one: Choice | undefined): void {
    if (one) this.input.value = one.text;
    this.close();
  }

  private close(): void {
    this.asked++;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-choices]"))
  for (const input of form.querySelectorAll<HTMLInputElement>("input[data-find]")) new Suggesting(input, form.dataset["choices"]!);
