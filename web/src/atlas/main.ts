import "./atlas.css";
import { h } from "../dom";
import { Atlas } from "./model";
import { AtlasPage } from "./page";

async function start(): Promise<void> {
  const app = document.getElementById("app")!;
  try {
    const data = document.getElementById("data")!;
    const atlas = await Atlas.read(data.textContent ?? "");
    data.remove();
    new AtlasPage(app, atlas);
    app.dataset["ready"] = "";
  } catch (error) {
    app.replaceChildren(h("p", { class: "failed", role: "alert" }, "这一页打不开：请用新版 Chrome、Edge、Firefox 或 Safari。This page cannot be shown; please use a current browser. ", h("small", {}, String(error))));
    throw error;
  }
}

void start();
