// Shows the kinds of messages that only contacts send.

import { h } from "./dom.js";
import { choiceLabel } from "./message_summary.js";
import { media } from "./message_media.js";
import { box, growing, label, raw, rows, text, words } from "./message_text.js";
import { fields, isSet, list, string } from "./message_value.js";

export function mediaCard(value, context) {
  return [media(value, context), text(fields(value).caption)];
}

export function choiceResponse(value, context) {
  const { message_id: id, postback_data: postback } = fields(value);
  const chosen = choiceLabel(context.actions.item?.(string(id)), postback);
  return [
    text(chosen || postback, "text chosen"),
    Boolean(chosen) && chosen !== postback && h("p", { class: "postback" }, "postback ", h("code", { dir: "auto" }, label(postback))),
  ];
}

export function productResponse(value) {
  const content = fields(value);
  return [
    text(content.title || content.text),
    growing(h("ul", { class: "order-items" }), list(content.products).map(fields), product),
    rows([["Catalogue", content.catalog_id]]),
  ];
}

function product({ id, quantity, item_price: price, currency }) {
  return h("li", {},
    h("span", { dir: "auto" }, "🛍 ", label(id), isSet(quantity) && h("small", {}, ` × ${label(quantity)}`)),
    isSet(price) && h("span", {}, label([price, currency].filter(isSet).map(string).join(" "))));
}

export function fallback(value) {
  const content = fields(value);
  const reason = fields(content.reason);
  return box("Message that could not be read", text(content.raw_message), rows([["Reason", reason.code], ["", reason.description]]));
}

// formReply shows what a contact has filled in on WhatsApp.
export function formReply(value) {
  const reply = fields(fields(fields(value).message).nfm_reply);
  if (!isSet(reply.response_json)) {
    return raw(label(fields(value).message_type) || "channel_specific_message", value, true);
  }
  const title = reply.name === "address_message" ? "Address" : "Answer to a flow";
  return box(title, words("strong", "title", reply.body), raw("response_json", parsed(string(reply.response_json)), true));
}

function parsed(written) {
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}
