import { h } from "./dom.js";

export function mountTraffic(context) {
  const element = h("section", { "aria-label": "Traffic" }, h("h1", {}, "Traffic"));
  return { element, show() {}, update() {} };
}
