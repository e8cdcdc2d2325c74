// Opens dialogs.

import { h } from "./dom.js";

let count = 0;

// openDialog shows a dialog until it is closed. The focus returns to where it was. Further classes are for its styles.
export function openDialog(title, children, classes = "") {
  const id = `dialog-${++count}`;
  const dialog = h("dialog", { class: `dialog ${classes}`, "aria-labelledby": id, onclose: () => dialog.remove() }, h("h2", { id }, title), children);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
