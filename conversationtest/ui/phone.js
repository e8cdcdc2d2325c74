import { h } from "./dom.js";

export function mountPhone(context) {
  const element = h("section", { "aria-label": "Phone" }, h("h1", {}, "Phone"));
  return { element, show() {}, update() {} };
}
