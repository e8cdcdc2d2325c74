// What can be done with a message: delivery reports about it, and the places where it is.

import { post } from "./api.js";
import { write } from "./copy.js";
import { channelName } from "./format.js";
import { field, openForm, showJSON } from "./phone_dialog.js";
import { reasonCodes } from "./reasons.js";
import { go, to } from "./router.js";

// menuOf returns the items of the menu of a message. Note shows a string for some seconds; report calls
// a function and shows its error; reply begins a reply to the message.
export function menuOf(item, { store, note, report, reply }) {
  const { message, id } = item;
  const places = [
    { label: "Copy link", run: async () => note((await write(linkTo(id))) ? "The link is copied" : linkTo(id)) },
    { label: "Show JSON", run: () => showJSON("Message", message) },
  ];
  if (message.direction === "TO_APP") {
    return places;
  }
  const send = (path, body = {}) => report(() => post(path, { message_id: id, ...body }));
  const others = (message.recipient_channels ?? []).filter((channel) => channel !== message.channel);
  const request = requestOf(store, id);
  return [
    { label: "Reply", run: () => reply(id) },
    { label: "Report queued on channel", run: () => send("queue-on-channel") },
    { label: "Report delivered", run: () => send("deliver") },
    { label: "Report read", run: () => send("read") },
    { label: "Report failed…", danger: true, run: () => askReason(id) },
    ...others.map((channel) => ({ label: `Switch to ${channelName(channel)}`, run: () => send("switch-channel", { channel }) })),
    ...places,
    request && { label: "Open the request", run: () => go(to("request", String(request.seq))) },
  ];
}

function linkTo(id) {
  return new URL(to("message", id), location.href).href;
}

// requestOf returns the request with which an app sent a message, if it is still known.
function requestOf(store, id) {
  return [...store.requests.values()].findLast((request) => request.message_id === id);
}

function askReason(id) {
  openForm("Report failed", [
    field("code", "Reason", { options: reasonCodes }),
    field("description", "Description", { hint: "Optional" }),
  ], "Report failed", ({ code, description }) => post("fail", { message_id: id, code, description: description.trim() }));
}
