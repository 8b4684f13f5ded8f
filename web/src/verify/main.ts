// The page that checks packs: choose a file, see what holds. Its words come with it, as Python has them.

import "./verify.css";
import type { Json } from "./formats";
import { type Report, verify } from "./verify";

interface Words {
  figures: [string, string, string][];
  verdicts: Record<Report["verdict"], [string, string]>;
  not_proven: [string, string][];
}

const words = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(document.getElementById("data")!.textContent!), (one) => one.charCodeAt(0)))) as Words;
const MARKS = { holds: "✓", fails: "✗", unknown: "？" };

function element<K extends keyof HTMLElementTagNameMap>(name: K, text = "", ...children: Node[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...(text ? [text] : []), ...children);
  return made;
}

const both = (zh: string, en: string): HTMLElement => element("span", zh, element("small", en));

function shown(name: string, value: Json | undefined): string {
  if (value === null || value === undefined) return "—";
  if (name === "hhi_bp") return (Number(value) / 10_000).toFixed(4);
  if (name.endsWith("_bp")) return `${(Number(value) / 100).toFixed(2)} %`;
  return typeof value === "number" ? value.toLocaleString("en") : String(value);
}

function show(report: Report, into: HTMLElement): void {
  const verdict = element("p", "", both(...words.verdicts[report.verdict]));
  verdict.className = `verdict ${report.verdict}`;
  verdict.setAttribute("role", "status");
  const checks = element("ul");
  checks.className = "checks";
  for (const one of report.checks) {
    const row = element("li", "", element("b", MARKS[one.state]), both(one.zh, one.en));
    row.className = one.state;
    row.dataset["check"] = one.key;
    checks.append(row);
  }
  into.replaceChildren(verdict, checks);
  if (report.verdict === "unconfirmed") into.append(element("p", "", both("日志密钥", "Key of the log"), element("code", report.log)));
  if (report.verdict === "fails" || !report.figures) return;
  const { organisation_name: name = "", first = "", last = "" } = report.about;
  into.append(element("h2", `${name} ${first} – ${last}`));
  const table = element("table"), months = element("table");
  for (const [key, zh, en] of words.figures) {
    const value = report.figures[key];
    if (key !== "by_month") {
      table.append(element("tr", "", element("th", "", both(zh, en)), element("td", shown(key, value))));
      continue;
    }
    const heads = ["月份 month", "销售 sales", "采购 purchases", "笔数 trades"].map((one) => element("th", one));
    months.append(element("tr", "", ...heads));
    for (const row of value as string[][]) months.append(element("tr", "", ...row.map((one) => element("td", one))));
  }
  into.append(table, months);
}

const file = element("input"), key = element("input"), watching = element("textarea"), result = element("section");
file.type = "file";
key.type = "text";
key.placeholder = "example.com/log+…";
watching.rows = 2;
const run = async (): Promise<void> => {
  const chosen = file.files?.[0];
  if (!chosen) return;
  result.replaceChildren(element("p", "核验中… checking…"));
  show(await verify(new Uint8Array(await chosen.arrayBuffer()), key.value, watching.value, new Date()), result);
};
for (const one of [file, key, watching]) one.addEventListener("change", () => void run());
const labelled = (zh: string, en: string, input: HTMLElement): HTMLElement => element("label", "", both(zh, en), input);
const proven = element("ul", "", ...words.not_proven.map(([zh, en]) => element("li", "", both(zh, en))));
document.getElementById("app")!.replaceChildren(
  element(
    "main",
    "",
    element("h1", "", both("核验证据包", "Check an evidence pack")),
    element("p", "", both("本页不联网，文件不会离开您的电脑。", "This page asks no server anything; the file does not leave your computer.")),
    labelled("证据包文件", "File of the pack", file),
    labelled("平台公布的日志密钥（务必自行核对）", "The log's key, as the platform publishes it (compare it yourself)", key),
    labelled("您要求的见证方密钥，每行一个（可空）", "Keys of witnesses that you demand, one a line (may be empty)", watching),
    result,
    element("h2", "", both("不能证明什么", "What this does not prove")),
    proven,
  ),
);
