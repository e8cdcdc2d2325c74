// Shows JSON as a tree with nodes that open and close. Children are built when their node is opened.

import { copyButton } from "./copy.js";
import { h } from "./dom.js";
import { stringify, visible } from "./json.js";
import { isBranch, locate } from "./tree_path.js";

const openDepth = 6; // Nodes above this depth are open at first,
const openNodes = 200; // unless there are more of them.
const childrenPerPage = 100;
const cutAt = 600; // Characters of a string.

// createTree returns {element, reveal()}. With mark, {field, reason}, the node of a field is open, marked and described;
// reveal scrolls to it.
export function createTree(value, { label, mark, announce }) {
  const marked = mark && locate(value, mark.field);
  const budget = { left: openNodes };
  const tree = h("ul", { class: "tree", role: "tree", "aria-label": label, onkeydown: (event) => moved(tree, event) });
  tree.append(node({ value, depth: 0, marked, mark, budget }));
  tree.firstElementChild.tabIndex = 0;
  const element = h("div", { class: "tree-box" },
    h("div", { class: "tree-tools" }, copyButton(() => asText(value), `Copy ${label.toLowerCase()}`, announce)), tree);
  return { element, reveal: () => reveal(tree) };
}

// asText returns JSON as text, and text as it is.
export function asText(value) {
  return typeof value === "string" ? value : stringify(value, 2);
}

// node returns the item of a value. marked is {path, missing} as far as the path leads below this node.
function node({ name, value, depth, marked, mark, budget }) {
  const isMarked = marked?.path.length === 0;
  const isOpen = isBranch(value) && (marked?.path.length > 0 || isMarked || (depth < openDepth && budget.left > 0));
  budget.left--;
  const line = h("div", { class: "tree-line" });
  const item = h("li", { role: "treeitem", tabindex: "-1", class: isMarked ? "marked" : undefined, "aria-level": depth + 1 }, line);
  if (isBranch(value)) {
    line.append(h("span", { class: "tree-toggle", "aria-hidden": "true" }));
    line.addEventListener("click", () => setOpen(item, item.getAttribute("aria-expanded") !== "true"));
    item.fill = () => children({ value, depth, marked, mark, budget });
  }
  if (name !== undefined) {
    line.append(h("bdi", { class: "tree-key" }, visible(name)), h("span", { class: "tree-colon" }, ": "));
  }
  line.append(describe(value));
  if (isMarked) {
    item.append(noteOf(marked, mark));
  }
  if (isBranch(value)) {
    setOpen(item, isOpen);
  }
  return item;
}

function noteOf(marked, mark) {
  return h("p", { class: "tree-note" }, h("strong", {}, marked.missing ? `missing: ${marked.missing}` : "rejected"), ` ${mark.field}: ${mark.reason}`);
}

function setOpen(item, open) {
  item.setAttribute("aria-expanded", String(open));
  let group = item.querySelector(":scope > [role=group]");
  if (open && !group) {
    group = item.fill();
    item.append(group);
  }
  if (group) {
    group.hidden = !open;
  }
}

function children({ value, depth, marked, mark, budget }) {
  const entries = Object.entries(value);
  const group = h("ul", { role: "group" });
  const [next, ...rest] = marked?.path ?? [];
  const page = (from, to) => entries.slice(from, to).map(([name, child]) =>
    node({ name, value: child, depth: depth + 1, mark, budget, marked: name === next ? { ...marked, path: rest } : undefined }));
  const show = (from, to) => {
    group.append(...page(from, to));
    if (to < entries.length) {
      const more = h("button", { type: "button", class: "quiet", onclick: showMore }, `Show ${Math.min(childrenPerPage, entries.length - to)} more of ${entries.length}`);
      const row = h("li", { role: "none", class: "tree-more" }, more);
      group.append(row);
      function showMore() {
        const before = row.previousElementSibling;
        row.remove();
        show(to, to + childrenPerPage);
        focusItem(before.nextElementSibling);
      }
    }
  };
  const wanted = next === undefined ? 0 : entries.findIndex(([name]) => name === next) + 1;
  show(0, Math.max(childrenPerPage, wanted));
  return group;
}

function describe(value) {
  if (Array.isArray(value)) {
    return h("span", { class: "tree-count" }, `[${value.length}]`);
  }
  if (typeof value === "object" && value !== null) {
    return h("span", { class: "tree-count" }, `{${Object.keys(value).length}}`);
  }
  if (typeof value === "string") {
    return text(value);
  }
  return h("span", { class: `tree-${value === null ? "null" : typeof value}` }, String(value));
}

function text(value) {
  const shown = h("bdi", { class: "tree-string" }, visible(value.slice(0, cutAt)));
  if (value.length <= cutAt) {
    return shown;
  }
  const button = h("button", { type: "button", class: "quiet", onclick: showAll }, `Show all ${value.length.toLocaleString()} characters`);
  function showAll(event) {
    event.stopPropagation();
    shown.textContent = visible(value);
    focusItem(button.closest("[role=treeitem]"));
    button.remove();
  }
  return h("span", {}, shown, "… ", button);
}

function reveal(tree) {
  const marked = tree.querySelector(".marked");
  if (!marked) {
    return;
  }
  tree.querySelector("[tabindex='0']").tabIndex = -1;
  marked.tabIndex = 0;
  marked.scrollIntoView({ block: "nearest" });
}

function focusItem(item) {
  if (!item) {
    return;
  }
  item.closest("[role=tree]").querySelectorAll("[role=treeitem][tabindex='0']").forEach((other) => (other.tabIndex = -1));
  item.tabIndex = 0;
  item.focus();
}

function moved(tree, event) {
  const item = event.target;
  if (item.getAttribute("role") !== "treeitem" || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const expanded = item.getAttribute("aria-expanded");
  const shown = () => [...tree.querySelectorAll("[role=treeitem]")].filter((other) => !other.closest("[role=group][hidden]"));
  const step = (by) => focusItem(shown()[shown().indexOf(item) + by]);
  const moves = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Home: () => focusItem(shown()[0]),
    End: () => focusItem(shown().at(-1)),
    ArrowRight: () => (expanded === "false" ? setOpen(item, true) : expanded === "true" && step(1)),
    ArrowLeft: () => (expanded === "true" ? setOpen(item, false) : focusItem(item.parentElement.closest("[role=treeitem]"))),
    Enter: () => expanded && setOpen(item, expanded === "false"),
    " ": () => expanded && setOpen(item, expanded === "false"),
  };
  if (Object.hasOwn(moves, event.key)) {
    moves[event.key]();
    event.preventDefault();
  }
}
