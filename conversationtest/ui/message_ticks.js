// Shows how far a message to a contact has come.

import { h } from "./dom.js";
import { label } from "./message_text.js";
import { fields, isSet, string } from "./message_value.js";

const names = {
  QUEUED: "Queued",
  QUEUED_ON_CHANNEL: "Sent to the channel",
  DELIVERED: "Delivered",
  READ: "Read",
  FAILED: "Failed",
  SWITCHING_CHANNEL: "Switching to the next channel",
};

// ticks returns an element for the status of a message.
export function ticks(message) {
  const element = h("span", { class: "ticks", role: "img" }, h("i"), h("i"));
  setTicks(element, message);
  return element;
}

// setTicks shows the status of a message in an element of ticks.
export function setTicks(element, message) {
  const status = string(fields(message).status);
  const name = Object.hasOwn(names, status) ? names[status] : label(status, 40) || "No status";
  element.dataset.status = Object.hasOwn(names, status) ? status : "OTHER";
  element.setAttribute("aria-label", name);
  element.title = name;
}

// failure returns why a message has failed, or an empty string.
export function failure(message) {
  const { status, reason } = fields(message);
  if (status !== "FAILED" && status !== "SWITCHING_CHANNEL") {
    return "";
  }
  const prefix = status === "FAILED" ? "Not delivered" : "Switching to the next channel";
  return isSet(reason) ? `${prefix}: ${label(reason, 300)}` : prefix;
}
