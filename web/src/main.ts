import "maplibre-gl/dist/maplibre-gl.css";
import "./style.css";
import { h } from "./dom";
import { Model } from "./model";
import { Page } from "./page";

async function start(): Promise<void> {
  const app = document.getElementById("app")!;
  try {
    const data = document.getElementById("data")!;
    const model = await Model.read(data.textContent ?? "");
    data.remove();
    new Page(app, model);
  } catch (error) {
    app.replaceChildren(h("p", { class: "failed", role: "alert" }, "这一页打不开：请用新版 Chrome、Edge、Firefox 或 Safari。This page cannot be shown; please use a current browser. ", h("small", {}, String(error))));
    throw error;
  }
}

void start();
