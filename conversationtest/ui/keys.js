// The keys of the page, and the dialog that lists them.

import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { go } from "./router.js";

const keys = [
  ["1 2 3 4", "Phone, Traffic, Weather, Setup"],
  ["/", "Search"],
  ["n", "New contact"],
  ["j k, ↓ ↑", "Next and previous item of a list"],
  ["Enter", "Open the item, or send the message"],
  ["← →", "Previous and next card of a carousel"],
  ["r", "Write to the app as the contact"],
  ["Esc", "Close a dialog, or leave a field"],
  ["?", "This list"],
];

const tabs = { 1: "#/phone", 2: "#/traffic", 3: "#/weather", 4: "#/setup" };

// keyPressed handles a key. A view handles those that it has a method for: key(event) returns true if it did.
export function keyPressed(event, view) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
    return;
  }
  if (isTyping(event.target)) {
    if (event.key === "Escape") {
      event.target.blur();
    }
    return;
  }
  if (document.querySelector("dialog[open]")) {
    return;
  }
  if (Object.hasOwn(tabs, event.key)) {
    go(tabs[event.key]);
  } else if (event.key === "?") {
    showKeys();
  } else if (!view()?.key?.(event)) {
    return;
  }
  event.preventDefault();
}

function isTyping(element) {
  return element instanceof HTMLElement && (element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName));
}

export function showKeys() {
  const close = h("button", { type: "button", onclick: () => dialog.close() }, "Close");
  const list = h("dl", { class: "keys" }, keys.map(([key, meaning]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, meaning)]));
  const dialog = openDialog("Keys", [list, close]);
  close.focus();
}
