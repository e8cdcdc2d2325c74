import { h } from "./dom.js";

export function mountSetup(context) {
  const element = h("section", { "aria-label": "Setup" }, h("h1", {}, "Setup"));
  return { element, show() {}, update() {} };
}
