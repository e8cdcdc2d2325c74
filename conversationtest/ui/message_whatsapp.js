// Shows the WhatsApp flows and payments.

import { h, outside, replace } from "./dom.js";
import { answer } from "./message_choices.js";
import { media } from "./message_media.js";
import { box, growing, label, raw, rows, text, words } from "./message_text.js";
import { fields, isSet, list, string } from "./message_value.js";

export function flow(value, context) {
  const content = fields(value);
  const form = h("div", { class: "flow-answer" });
  const title = label(content.flow_cta) || "Open";
  const open = h("button", {
    type: "button", class: "choice", "aria-expanded": "false", disabled: !context.actions.tap,
    onclick: () => {
      open.setAttribute("aria-expanded", String(!form.hasChildNodes()));
      replace(form, form.hasChildNodes() ? [] : answerForm(content, title, context));
      form.querySelector("textarea")?.focus();
    },
  }, title);
  return box("WhatsApp flow", header(content.header, context), text(fields(content.body).text), words("p", "footer", fields(content.footer).text),
    rows([["Flow", content.flow_id], ["Mode", content.flow_mode], ["Screen", fields(content.flow_action_payload).screen]]),
    h("div", { class: "choices" }, open), form);
}

// answerForm asks for what the contact fills in.
function answerForm(content, title, context) {
  const first = { flow_token: string(content.flow_token) || "unused" };
  const field = h("textarea", { rows: "4", spellcheck: "false", "aria-label": "Answer to the flow, as a JSON object", value: JSON.stringify(first, null, 2) });
  const problem = h("p", { class: "problem", role: "alert" });
  const send = h("button", {
    type: "button",
    onclick: () => {
      const response = compact(field.value);
      replace(problem, response ? "" : "The answer is not a JSON object.");
      if (response) {
        answer(context, { channel_specific_message: nfmReply(response) }, title);
      }
    },
  }, "Send the answer");
  return [field, problem, send];
}

function compact(written) {
  try {
    const value = JSON.parse(written);
    return fields(value) === value ? JSON.stringify(value) : "";
  } catch {
    return "";
  }
}

function nfmReply(response) {
  return { message_type: "nfm_reply", message: { type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json: response } } };
}

// header shows the text or the file above a message.
function header(value, context) {
  const content = fields(value);
  const file = ["image", "document", "video"].map((kind) => content[kind]).find(isSet);
  return isSet(file) ? media({ url: fields(file).link }, context) : words("p", "header", content.text);
}

const currencies = { br: "BRL", sg: "SGD" };

// amountOf returns a function that shows an amount, which is in hundredths of the currency.
function amountOf(country) {
  const currency = Object.hasOwn(currencies, string(country)) ? currencies[country] : "";
  const format = new Intl.NumberFormat(undefined, currency ? { style: "currency", currency } : { minimumFractionDigits: 2 });
  return (value) => (typeof value === "number" ? format.format(value / 100) : label(value));
}

export function orderDetails(value, context) {
  const content = fields(value);
  const payment = fields(content.payment);
  const order = fields(payment.order);
  const amount = amountOf(payment.type);
  const optional = (name, cost, note) => [[name, label(note)].filter(Boolean).join(": "), isSet(cost) ? amount(cost) : ""];
  const expires = Number(order.expiration_time);
  return box("WhatsApp order", header(content.header, context), text(fields(content.body).text),
    growing(h("ul", { class: "order-items" }), list(order.items).map(fields), (one) => orderItem(one, amount)),
    h("div", { class: "sums" }, rows([
      ["Subtotal", amount(order.subtotal_value)],
      optional("Discount", isSet(order.discount_value) ? negative(order.discount_value) : "", order.discount_description || order.discount_program_name),
      optional("Shipping", order.shipping_value, order.shipping_description),
      optional("Tax", order.tax_value, order.tax_description),
    ])),
    h("p", { class: "total" }, h("span", {}, "Total"), h("strong", {}, amount(payment.total_amount_value))),
    rows([
      ["Reference", payment.reference_id],
      ["Goods", payment.type_of_goods],
      ["Expires", expires > 0 && expires < 1e11 ? new Date(1000 * expires).toLocaleString() : order.expiration_time],
      ["", order.expiration_description],
    ]),
    words("p", "footer", fields(content.footer).text),
    waysToPay(payment));
}

function negative(value) {
  return typeof value === "number" ? -value : value;
}

function orderItem(item, amount) {
  const reduced = isSet(item.sale_amount_value);
  return h("li", {},
    h("span", { dir: "auto" }, label(item.name), h("small", {}, ` × ${label(item.quantity)}`)),
    h("span", {}, reduced && [h("s", {}, amount(item.amount_value)), " "], amount(reduced ? item.sale_amount_value : item.amount_value)));
}

function waysToPay(payment) {
  const settings = fields(payment.payment_settings);
  const ways = list(payment.payment_buttons).map(fields);
  if (isSet(settings.dynamic_pix)) {
    ways.push({ type: "pix_dynamic_code", ...fields(settings.dynamic_pix) });
  }
  return growing(h("div"), ways, wayToPay);
}

function wayToPay(way) {
  if (way.type !== "payment_link") {
    const known = rows([
      ["Pix code", way.code], ["Merchant", way.merchant_name], ["Pix key", way.key], ["Kind of key", way.key_type], ["Boleto", way.digitable_line],
    ]);
    return h("div", {}, known ?? raw("Another way to pay", way));
  }
  const link = outside(way.uri, "Pay on the web ↗");
  link.classList.add("choice");
  return h("div", { class: "choices" }, link);
}

export function orderStatus(value, context) {
  const content = fields(value);
  const payment = fields(content.payment);
  const order = fields(payment.order);
  return box("WhatsApp order status", header(content.header, context), text(fields(content.body).text),
    h("p", {}, h("span", { class: "badge info" }, label(order.status) || "no status")),
    text(order.description),
    rows([["Reference", payment.reference_id]]),
    words("p", "footer", fields(content.footer).text));
}
