// The list of the traffic, newest first. It has a window of the items in the DOM, which stays where it is while others arrive.

import { h } from "./dom.js";
import { createRow, fillRow } from "./traffic_rows.js";

const windowSize = 200;

export class TrafficList {
  #rows = new Map(); // By key.
  #items = [];
  #first = ""; // The key of the first item of the window, or empty for the newest.
  #selected = "";

  constructor() {
    this.list = h("ol", { class: "traffic-list", "aria-label": "Requests and callbacks, newest first" });
    this.newer = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => this.#page(-1) }, "Show newer");
    this.older = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => this.#page(1) }, "Show older");
    this.element = h("div", { class: "traffic-scroll" }, this.newer, this.list, this.older);
  }

  // update shows items: calls and callbacks with a key.
  update(items) {
    this.#items = items;
    this.#render();
  }

  // top shows the newest items, such as after a change of the filter.
  top() {
    this.#first = "";
    this.element.scrollTop = 0;
  }

  #start() {
    return this.#first ? Math.max(0, this.#items.findIndex((item) => item.key === this.#first)) : 0;
  }

  #page(direction) {
    const start = Math.max(0, this.#start() + direction * windowSize);
    this.#first = start === 0 ? "" : this.#items[start]?.key ?? "";
    this.#render();
    this.element.scrollTop = 0;
    this.list.querySelector("a")?.focus();
  }

  #render() {
    const start = this.#start();
    const shown = this.#items.slice(start, start + windowSize);
    const keys = new Set(shown.map((item) => item.key));
    for (const [key, row] of this.#rows) {
      if (!keys.has(key)) {
        row.element.remove();
        this.#rows.delete(key);
      }
    }
    let next = this.list.firstElementChild;
    for (const item of shown) {
      const row = this.#row(item);
      if (row.element === next) {
        next = next.nextElementSibling;
      } else {
        this.list.insertBefore(row.element, next);
      }
    }
    this.newer.hidden = start === 0;
    this.older.hidden = start + windowSize >= this.#items.length;
    this.#mark();
  }

  #row(item) {
    let row = this.#rows.get(item.key);
    if (row) {
      fillRow(row, item);
    } else {
      row = createRow(item);
      this.#rows.set(item.key, row);
    }
    return row;
  }

  // select marks the row of a place, such as "#/request/12".
  select(place) {
    this.#selected = place;
    this.#mark();
    this.list.querySelector("a[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  #mark() {
    for (const link of this.list.querySelectorAll("a[aria-current]")) {
      if (link.getAttribute("href") !== this.#selected) {
        link.removeAttribute("aria-current");
      }
    }
    if (this.#selected) {
      this.list.querySelectorAll(`a[href="${CSS.escape(this.#selected)}"]`).forEach((link) => link.setAttribute("aria-current", "true"));
    }
  }

  // focus moves the focus by a number of rows, from the focused or the selected one.
  focus(by) {
    const links = [...this.list.querySelectorAll("a.traffic-row")].filter((link) => !link.closest("[hidden]"));
    const at = links.indexOf(document.activeElement);
    const from = at >= 0 ? at : links.findIndex((link) => link.getAttribute("href") === this.#selected);
    const target = from < 0 ? links[0] : links[Math.min(links.length - 1, Math.max(0, from + by))];
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  }
}
