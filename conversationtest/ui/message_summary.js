// Describes a message in one line, for lists and for search.

import { cut } from "./format.js";
import { postbackOf } from "./message_choices.js";
import { mediaOf } from "./message_media.js";
import { label } from "./message_text.js";
import { besideOf, contentOf, fields, isSet, list, string } from "./message_value.js";

const named = (icon, name, ...candidates) => {
  const words = candidates.map((candidate) => label(candidate)).find(Boolean);
  return words ? `${icon} ${name}: ${words}` : `${icon} ${name}`;
};

function medium(value, caption) {
  const { icon, name, file } = mediaOf(value);
  return named(icon, name, caption, file);
}

function channelMessage(value) {
  const content = fields(value.message);
  return named("🧩", "Channel message", fields(content.nfm_reply).body, fields(content.body).text, value.message_type);
}

const kinds = new Map([
  ["text_message", (value) => label(value.text)],
  ["media_message", (value) => medium(value)],
  ["media_card_message", (value) => medium(value, value.caption)],
  ["card_message", (value) => named("🗂", "Card", value.title, value.description)],
  ["carousel_message", (value) => named("🗂", `${list(value.cards).length} cards`, fields(list(value.cards)[0]).title)],
  ["choice_message", (value) => label(fields(value.text_message).text) || "Choices"],
  ["list_message", (value) => named("☰", "List", value.title, value.description)],
  ["location_message", (value) => named("📍", "Location", value.title, value.label)],
  ["contact_info_message", (value) => named("👤", "Contact", fields(value.name).full_name)],
  ["template_message", (value) => named("🧩", "Template", ...[value.omni_template, ...Object.values(fields(value.channel_template))].map((one) => fields(one).template_id))],
  ["channel_specific_message", channelMessage],
  ["explicit_channel_message", () => "🧩 Message in the format of the channel"],
  ["product_response_message", (value) => named("🛍", "Products", value.title, value.text, ...list(value.products).map((product) => fields(product).id))],
  ["fallback_message", (value) => named("⚠", "Message that could not be read", value.raw_message)],
]);

// summary returns a short line about a message. With an item of another message, the label of a choice is found in it.
export function summary(item, itemOf) {
  try {
    const { kind, value } = contentOf(item.message);
    if (kind === "choice_response_message") {
      return cut(choiceLabel(itemOf?.(string(fields(value).message_id)), fields(value).postback_data) || label(fields(value).postback_data));
    }
    return cut(kinds.has(kind) ? kinds.get(kind)(fields(value)) : label(kind) || "Message");
  } catch {
    return "Message";
  }
}

const maxSearched = 20_000; // characters
const searched = new WeakMap(); // By message.

// searchText returns what a search matches, in lower case: the strings of the message, and its id.
export function searchText(item) {
  const message = fields(item?.message);
  if (!searched.has(message)) {
    const found = { text: string(item?.id), budget: 1000 };
    collect(contentOf(message).value, found, 12);
    collect(besideOf(message).agent, found, 3);
    searched.set(message, found.text.slice(0, maxSearched).toLowerCase());
  }
  return searched.get(message);
}

function collect(value, found, depth) {
  if (found.budget-- <= 0 || depth === 0 || found.text.length > maxSearched) {
    return;
  }
  if (typeof value === "string" || typeof value === "number") {
    found.text += `\n${String(value).slice(0, maxSearched)}`;
  } else if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) {
      collect(inner, found, depth - 1);
    }
  }
}

// choiceLabel returns the title of the choice of a message that has the postback data, or an empty string.
export function choiceLabel(item, postback) {
  if (!item) {
    return "";
  }
  const value = fields(contentOf(item.message).value);
  const all = [
    ...list(value.choices),
    ...list(value.cards).flatMap((card) => list(fields(card).choices)),
    ...list(value.sections).flatMap((section) => list(fields(section).items)),
  ];
  for (const one of all.map(fields)) {
    const title = string(isSet(one.choice) ? fields(one.choice).title : fields(one.text_message).text);
    if (title && postbackOf(item.id, isSet(one.choice) ? fields(one.choice).postback_data : one.postback_data, title) === postback) {
      return title;
    }
  }
  return "";
}
