// Copies text to the clipboard.

import { h } from "./dom.js";

const feedback = 1500; // Milliseconds.

// copyButton returns a button that copies text, or what a function returns when it is pressed, and reports whether it did.
export function copyButton(text, label = "Copy", announce = () => {}) {
  let timer;
  const button = h("button", { type: "button", class: "quiet copy", onclick: copy }, label);
  async function copy() {
    const copied = await write(typeof text === "function" ? text() : text);
    button.textContent = copied ? "Copied" : "Not copied";
    announce(copied ? "Copied to the clipboard" : "The browser does not allow copying");
    clearTimeout(timer);
    timer = setTimeout(() => (button.textContent = label), feedback);
  }
  return button;
}

// write copies text, and reports whether it could.
export async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeSelected(text); // The page is not on localhost, or the browser asks first.
  }
}

function writeSelected(text) {
  const before = document.activeElement;
  const field = h("textarea", { class: "visually-hidden", "aria-hidden": "true", value: text });
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  before?.focus?.();
  return copied;
}
