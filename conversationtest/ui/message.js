// Shows one message as the phone of its channel does.

import { h, replace } from "./dom.js";
import { dateTime, shortTime } from "./format.js";
import { card, carousel } from "./message_cards.js";
import { channelSpecific, explicit } from "./message_channel.js";
import { choices } from "./message_choices.js";
import { contactCard } from "./message_contact.js";
import { choiceResponse, fallback, formReply, mediaCard, productResponse } from "./message_inbound.js";
import { media } from "./message_media.js";
import { agentLine, quote } from "./message_around.js";
import { menu } from "./message_menu.js";
import { place } from "./message_place.js";
import { template } from "./message_template.js";
import { raw, text, words } from "./message_text.js";
import { failure, setTicks, ticks } from "./message_ticks.js";
import { besideOf, contentOf, fields, isFromContact, string } from "./message_value.js";
import { to } from "./router.js";

export { searchText, summary } from "./message_summary.js";

// Each kind returns nodes for the bubble, or those and what is below the bubble.
const kinds = new Map([
  ["text_message", (value) => text(value.text)],
  ["media_message", media],
  ["card_message", card],
  ["carousel_message", carousel],
  ["choice_message", choiceMessage],
  ["list_message", menu],
  ["location_message", place],
  ["contact_info_message", contactCard],
  ["template_message", template],
  ["channel_specific_message", (value, context) => (context.isFromContact ? formReply(value) : channelSpecific(value, context))],
  ["explicit_channel_message", explicit],
  ["media_card_message", mediaCard],
  ["choice_response_message", choiceResponse],
  ["product_response_message", productResponse],
  ["fallback_message", fallback],
]);

function choiceMessage(value, context) {
  const footer = context.channel === "WHATSAPP" ? fields(value.message_properties).whatsapp_footer : "";
  return { body: [text(fields(value.text_message).text), words("p", "footer", footer)], after: choices(value.choices, context) };
}

const narrow = new Set(["text_message", "choice_message", "choice_response_message"]);
const parts = new WeakMap(); // The parts of an element that renderMessage has returned.

// renderMessage returns an element for a message. With actions, the person answers as the contact:
//
//   tap({postback_data, text, reply_to})   a choice is tapped: text is its title
//   tap({message, text, reply_to})         something is tapped that answers with a message of the contact
//   shareLocation(id)                      the message asks for a location
//   reply(id)                              the person wants to reply
//   quoted(id), item(id)                   return a line about another message, and the message
//   channel                                is that of the thread
export function renderMessage(item, actions = {}) {
  const element = h("article", { class: "message" });
  fill(element, item, actions);
  return element;
}

// updateMessage shows a newer version of a message in its element. Unless its content has changed, only its status does.
export function updateMessage(element, item, actions = {}) {
  const before = parts.get(element);
  if (!before || before.key === "" || before.key !== keyOf(item)) {
    fill(element, item, actions);
    return;
  }
  showStatus(before, item.message);
}

function fill(element, item, actions) {
  const message = fields(item?.message);
  const fromContact = isFromContact(message);
  const context = { id: string(item?.id), actions, channel: string(message.channel ?? actions.channel), isFromContact: fromContact };
  const shown = contentElements(message, context);
  const made = { key: keyOf(item), ticks: fromContact ? null : ticks(message), failure: h("p", { class: "failure", dir: "auto", hidden: true }) };
  element.className = `message ${fromContact ? "from-contact" : "from-app"}${narrow.has(shown.kind) ? "" : " wide"}`;
  element.dataset.id = context.id;
  element.dataset.kind = shown.kind;
  element.setAttribute("aria-label", `${fromContact ? "From the contact" : "From the app"}, ${shortTime(string(message.accept_time))}`);
  replace(element,
    shown.agent,
    h("div", { class: "bubble" },
      shown.quote,
      h("div", { class: "content" }, shown.body),
      h("div", { class: "meta" }, sentAt(message, context), made.ticks),
    ),
    shown.after,
    made.failure,
    actions.reply && replyButton(context),
  );
  parts.set(element, made);
  showStatus(made, message);
}

function replyButton({ id, actions }) {
  const onclick = () => actions.reply(id);
  return h("button", { type: "button", class: "quiet reply", "aria-label": "Reply to this message", title: "Reply", onclick }, "↩");
}

function sentAt(message, context) {
  const time = string(message.accept_time);
  return h("a", { class: "time", href: to("message", context.id), title: `${dateTime(time)} · ${context.id}` }, shortTime(time) || "no time");
}

function showStatus(made, message) {
  if (!made.ticks) {
    return;
  }
  setTicks(made.ticks, message);
  const why = failure(message);
  made.failure.hidden = why === "";
  made.failure.textContent = why;
  made.failure.dataset.status = string(fields(message).status);
}

// contentElements returns the elements of a message. What cannot be shown is shown as JSON.
function contentElements(message, context) {
  try {
    const { kind, value } = contentOf(message);
    const beside = besideOf(message);
    const shown = asParts(content(kind, value, message, context));
    const answered = kind === "choice_response_message" ? fields(value).message_id : fields(beside.reply_to).message_id;
    return { ...shown, kind, quote: quote(answered, context.actions), agent: context.isFromContact ? null : agentLine(beside.agent) };
  } catch {
    return { kind: "", body: raw("This message cannot be shown", message) };
  }
}

function content(kind, value, message, context) {
  if (!kind) {
    return raw("No content", message.message ?? message);
  }
  if (!kinds.has(kind) || (fields(value) !== value && kind !== "explicit_channel_message")) {
    return raw(kind, value, true);
  }
  return kinds.get(kind)(value, context) ?? raw(kind, value, true);
}

function asParts(shown) {
  return fields(shown) === shown && !(shown instanceof Node) ? shown : { body: shown };
}

// keyOf returns a string that changes with the content of a message.
function keyOf(item) {
  const message = fields(item?.message);
  const stored = fields(message.message);
  try {
    return JSON.stringify([message.channel, message.shown, stored.app_message, stored.contact_message]);
  } catch {
    return "";
  }
}
