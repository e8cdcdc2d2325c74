// Shows the choices of a message, and answers with the callback that a tap on the phone causes.

import { h, outside } from "./dom.js";
import { dateTime } from "./format.js";
import { mapURL } from "./message_place.js";
import { growing, label, raw } from "./message_text.js";
import { fields, isSet, list, string } from "./message_value.js";

// choices shows buttons, below each other or as chips, as the channel does.
export function choices(values, context) {
  const shown = list(values);
  return shown.length > 0 ? growing(h("div", { class: "choices", role: "group", "aria-label": "Choices" }), shown, (value) => choice(value, context)) : null;
}

const kinds = {
  text_message: (content, value, context) => tapped(string(content.text), value.postback_data, context),
  url_message: (content) => leading(content.url, "↗", content.title || content.url),
  call_message: (content) => leading(callURL(content.phone_number), "📞", content.title || content.phone_number),
  location_message: (content) => leading(mapURL(content.coordinates), "📍", content.title),
  calendar_message: (content) => leading(content.fallback_url, "📅", content.title, calendarLine(content)),
  share_location_message: (content, _, { id, actions }) => button(() => actions.shareLocation(id), "📍", content.title, actions.shareLocation),
};

function choice(value, context) {
  const kind = Object.keys(kinds).find((name) => isSet(fields(value)[name]));
  return kind ? kinds[kind](fields(value[kind]), value, context) : raw("A choice of a newer kind", value);
}

// callURL returns a URL that calls a phone number.
export function callURL(number) {
  return `tel:${string(number).replace(/[^+\d*#]/g, "")}`;
}

function tapped(title, postback, context) {
  return button(() => tap(context, postback, title), "", title, context.actions.tap);
}

function button(onclick, icon, title, isPossible) {
  return h("button", { type: "button", class: "choice", disabled: !isPossible, onclick }, face(icon, title));
}

function leading(url, icon, title, line) {
  const element = outside(url, face(icon, title, line));
  element.classList.add("choice");
  return element;
}

function face(icon, title, line) {
  return [
    icon && h("span", { class: "choice-icon", "aria-hidden": "true" }, icon),
    h("span", { dir: "auto" }, label(title) || "(no title)", line && h("small", {}, line)),
  ];
}

function calendarLine(content) {
  const times = [dateTime(string(content.event_start)), dateTime(string(content.event_end))].filter(Boolean).join(" – ");
  return [label(content.event_title), times].filter(Boolean).join(" · ");
}

// tap answers as a contact who has chosen something.
export function tap(context, postback, title) {
  context.actions.tap?.({ postback_data: postbackOf(context.id, postback, title), text: label(title), reply_to: context.id });
}

// answer sends a message of the contact that is not the choice of a button.
export function answer(context, message, title) {
  context.actions.tap?.({ message, text: title, reply_to: context.id });
}

// postbackOf returns the postback data of a choice. Without any, the platform returns the id of the message and the title.
export function postbackOf(id, postback, title) {
  if (!isSet(postback)) {
    return `${id}_${title}`;
  }
  return typeof postback === "string" ? postback : JSON.stringify(postback);
}
