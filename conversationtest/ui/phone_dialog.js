// Dialogs of the phone.

import { copyButton } from "./copy.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";

// openForm shows a form. Its fields have a name, a label, and a control that field() creates. Submit receives the values; what it
// throws is shown.
export function openForm(title, fields, button, submit) {
  const problem = h("p", { class: "problem", role: "alert" });
  const send = h("button", { type: "submit" }, button);
  const cancel = h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Cancel");
  const form = h("form", { novalidate: true }, fields.map(({ label, hint, control }) =>
    h("label", { class: "field" }, h("span", {}, label), control, hint && h("small", {}, hint))), problem, h("p", { class: "buttons" }, send, cancel));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    send.disabled = true;
    try {
      await submit(Object.fromEntries(fields.map(({ name, control }) => [name, control.value])));
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
    }
    send.disabled = false;
  });
  const dialog = openDialog(title, form, "phone-dialog");
  return dialog;
}

// field describes a field of a form. With options, it is a choice; options are values, or pairs of a value and what is shown.
export function field(name, label, { options, rows, value = "", hint, ...rest } = {}) {
  if (options) {
    const choices = options.map((option) => [option].flat());
    const control = h("select", { name }, choices.map(([key, shown = key]) => h("option", { value: key, selected: key === value }, shown)));
    return { name, label, hint, control };
  }
  const control = rows ? h("textarea", { name, rows, value, ...rest }) : h("input", { name, value, autocomplete: "off", ...rest });
  return { name, label, hint, control };
}

// showJSON shows a value as JSON.
export function showJSON(title, value) {
  const text = JSON.stringify(value, null, 2);
  const close = h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close");
  const dialog = openDialog(title, [
    h("pre", { class: "json", tabindex: "0", "aria-label": "JSON" }, text), h("p", { class: "buttons" }, copyButton(text), close),
  ], "phone-dialog");
  close.focus();
}
