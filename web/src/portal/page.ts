// What every page of the portal does: the language changes in place, links are copied, tables sort, charts are drawn.

import "./page.css";
import { h } from "../dom";
import { say } from "./shared/language";
import { sortable } from "./shared/sorting";

const SCROLL = "gaoyuan-scroll";

// The address is the state of a page, and scripts change it: the form that was written before sends the one of now.
for (const form of document.querySelectorAll<HTMLFormElement>("form.language"))
  form.addEventListener("submit", () => {
    const next = form.querySelector<HTMLInputElement>("input[name=next]");
    if (next) next.value = location.pathname + location.search + location.hash;
    sessionStorage.setItem(SCROLL, String(scrollY));
  });
const scrolled = sessionStorage.getItem(SCROLL);
if (scrolled !== null) {
  sessionStorage.removeItem(SCROLL);
  scrollTo({ top: Number(scrolled), behavior: "instant" });
}

// <button data-copy hidden> copies the address of the page, data-copy="text" that text.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  button.hidden = false;
  const told = h("span", { class: "copied quiet", role: "status" });
  button.after(told);
  button.addEventListener("click", () => {
    void copy(button.dataset["copy"] || location.href).then((done) => {
      told.textContent = done ? say("已复制", "Copied") : say("未能复制，请从地址栏复制", "Could not copy; take it from the address bar");
      setTimeout(() => (told.textContent = ""), 4000);
    });
  });
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without HTTPS browsers have no clipboard but this one.
    const field = h("textarea", { class: "hidden-text", "aria-hidden": "true" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

// <select data-submit> sends its form when it changes; its button is for pages without scripts.
for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-submit]"))
  select.addEventListener("change", () => select.form?.requestSubmit());

// <form data-confirm="text"> asks before it is sent.
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-confirm]"))
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset["confirm"])) event.preventDefault();
  });

// A column that does not fit can be scrolled with the keyboard only where it has the focus.
for (const box of document.querySelectorAll<HTMLElement>(".scroll")) {
  if (!box.hasAttribute("tabindex")) box.tabIndex = 0;
  if (!box.hasAttribute("role")) box.setAttribute("role", "region");
  if (!box.hasAttribute("aria-label") && !box.hasAttribute("aria-labelledby"))
    box.setAttribute("aria-label", headOf(box)?.textContent?.trim() || say("可滚动的表格", "Table, scrolls"));
}

function headOf(box: HTMLElement): Element | null {
  return box.querySelector("caption") ?? box.closest("section")?.querySelector("h2, h3") ?? document.querySelector("h1");
}

for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) sortable(table);

if (document.querySelector("figure[data-chart]")) void import("./chart").then(({ drawAll }) => drawAll());
