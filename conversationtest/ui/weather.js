import { h } from "./dom.js";

export function mountWeather(context) {
  const element = h("section", { "aria-label": "Weather" }, h("h1", {}, "Weather"));
  return { element, show() {}, update() {} };
}
