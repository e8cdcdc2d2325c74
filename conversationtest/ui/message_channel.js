// Shows what only one channel has.

import { h, outside } from "./dom.js";
import { channelName } from "./format.js";
import { row } from "./message_cards.js";
import { answer } from "./message_choices.js";
import { media } from "./message_media.js";
import { box, growing, label, raw, rows, text, words } from "./message_text.js";
import { fields, isSet, list, string } from "./message_value.js";
import { flow, orderDetails, orderStatus } from "./message_whatsapp.js";

const kinds = new Map([
  ["FLOWS", flow],
  ["ORDER_DETAILS", orderDetails],
  ["ORDER_STATUS", orderStatus],
  ["COMMERCE", (value, context) => box("KakaoTalk offer", value.adult === true && "For adults", offer(value, context))],
  ["CAROUSEL_COMMERCE", offers],
  ["NOTIFICATION_MESSAGE_TEMPLATE", notification],
]);

// channelSpecific shows the message of one channel, or of the map of channels that the app has sent.
export function channelSpecific(value, context) {
  const whole = fields(value);
  const own = !isSet(whole.message_type) && Object.hasOwn(whole, context.channel) ? fields(whole[context.channel]) : whole;
  const render = kinds.get(own.message_type);
  if (render) {
    return render(fields(own.message), context);
  }
  return box(`${channelName(context.channel)} message`, raw(label(own.message_type) || "channel_specific_message", own, true));
}

// explicit shows a message in the format of its channel, which is often JSON.
export function explicit(value, context) {
  const own = Object.hasOwn(fields(value), context.channel) ? value[context.channel] : value;
  return box(`In the format of ${channelName(context.channel)}`, raw("explicit_channel_message", parsed(own), true));
}

function parsed(value) {
  try {
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

function offers(value, context) {
  const carousel = fields(value.carousel);
  const head = fields(carousel.head);
  const tail = fields(carousel.tail);
  const cards = list(carousel.list).map((one) => () => offer(fields(one), context));
  if (isSet(carousel.head)) {
    cards.unshift(() => [
      media({ url: head.image_url }, context),
      h("div", { class: "card-text" }, words("strong", "title", head.header), text(head.content)),
    ]);
  }
  if (isSet(carousel.tail)) {
    cards.push(() => h("div", { class: "choices" }, linkButton({ name: "More", ...tail })));
  }
  return box("KakaoTalk offers", value.adult === true && "For adults", row(cards, (content) => h("div", { class: "card" }, content())));
}

function offer(value, context) {
  const price = fields(value.commerce);
  return [
    media({ url: fields(value.image).image_url }, context),
    h("div", { class: "card-text" },
      words("strong", "title", price.title),
      prices(price),
      words("p", "quiet-text", value.additional_content),
      coupon(fields(value.coupon)),
    ),
    growing(h("div", { class: "choices" }), list(value.buttons).map(fields), (one) => offerButton(one, context)),
  ];
}

const won = new Intl.NumberFormat(undefined, { style: "currency", currency: "KRW" });

function amount(value) {
  return typeof value === "number" ? won.format(value) : label(value);
}

function prices(price) {
  if (!isSet(price.discount_price)) {
    return isSet(price.regular_price) && h("p", {}, h("strong", {}, amount(price.regular_price)));
  }
  const reduction = isSet(price.discount_rate) ? `−${label(price.discount_rate)} %` : `−${amount(price.discount_fixed)}`;
  return h("p", {}, h("strong", {}, amount(price.discount_price)), " ", h("s", {}, amount(price.regular_price)), " ", reduction);
}

function coupon(value) {
  if (!isSet(value.type)) {
    return null;
  }
  const worth = isSet(value.discount_rate) ? `${label(value.discount_rate)} %` : isSet(value.discount_fixed) ? amount(value.discount_fixed) : label(value.title);
  return h("p", { class: "badge info" }, ["Coupon", worth, label(value.description)].filter(Boolean).join(" · "));
}

function offerButton(value, context) {
  if (value.type === "BK") {
    const title = label(value.name);
    const send = () => answer(context, { text_message: { text: string(value.name) } }, title);
    return h("button", { type: "button", class: "choice", disabled: !context.actions.tap, onclick: send }, title);
  }
  return linkButton(value);
}

// linkButton leads to the page of a button. The links to apps are not followed.
function linkButton(value) {
  const element = outside(value.link_mo || value.link_pc || "", label(value.name));
  element.classList.add("choice");
  if (element.tagName !== "A") {
    element.title = label([value.scheme_android, value.scheme_ios].filter(isSet).map(string).join(" or "));
  }
  return element;
}

function notification(value) {
  const body = fields(value.body);
  const emphasized = fields(body.emphasized_item);
  return box("LINE notification", words("strong", "title", value.template_key),
    rows([[emphasized.item_key, emphasized.content], ...list(body.items).map(fields).map((item) => [item.item_key, item.content])]),
    growing(h("div", { class: "choices" }), list(body.buttons).map(fields), (one) => linkButton({ name: one.button_key, link_mo: one.url })));
}
