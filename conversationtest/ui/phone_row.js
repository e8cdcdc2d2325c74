// A row of a thread: a message with its menu, or an event.

import { h } from "./dom.js";
import { shortTime } from "./format.js";
import { renderMessage, updateMessage } from "./message.js";
import { timeOf } from "./people.js";
import { showJSON } from "./phone_dialog.js";
import { eventText } from "./phone_events.js";
import { to } from "./router.js";

// createRow returns the row of an item. openMenu(item, button) opens the menu of a message.
export function createRow(item, actions, openMenu) {
  if (item.event) {
    return h("div", { class: "row system", "data-id": item.id, tabindex: "-1" }, eventLine(item));
  }
  const row = h("div", { class: `row ${item.message.direction === "TO_APP" ? "of-contact" : "of-app"}`, "data-id": item.id, tabindex: "-1" });
  const button = h("button", {
    type: "button", class: "quiet row-menu", "aria-haspopup": "menu", "aria-expanded": "false",
    "aria-label": `Actions for the message of ${shortTime(timeOf(item))}`, onclick: () => openMenu(item.id, button),
  }, "⋯");
  row.append(renderMessage(item, actions), button);
  row.addEventListener("keydown", (event) => {
    if (event.target === row && event.key === "Enter") {
      event.preventDefault();
      button.click();
    }
  });
  return row;
}

// eventLine shows an event. That of a message that has switched to another channel leads to the message.
function eventLine(item) {
  const line = [eventText(item), " · ", shortTime(timeOf(item))];
  if (item.event.event === "switched_channel") {
    return h("a", { href: to("message", item.event.message_id) }, line);
  }
  return h("button", { type: "button", class: "quiet", title: "Show JSON", onclick: () => showJSON("Event", item.event) }, line);
}

// changeRow shows an item that has changed in its row.
export function changeRow(row, item, actions) {
  if (item.message) {
    updateMessage(row.firstElementChild, item, actions);
  }
}
