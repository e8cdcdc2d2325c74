// The details of a callback.

import { post } from "./api.js";
import { copyButton } from "./copy.js";
import { h, replace } from "./dom.js";
import { dateTime, duration } from "./format.js";
import { go, to } from "./router.js";
import { headers, pairs } from "./traffic_request.js";
import { badge, isForged, stateOf, statusBadge } from "./traffic_words.js";
import { asText, createTree } from "./tree.js";

const signed = /^x-sinch-webhook-signature/i;
const resends = [
  ["valid", "Send again"], ["wrong", "Send with a wrong signature"], ["missing", "Send without a signature"], ["old", "Send with an old signature"],
];

// callbackDetail returns {element, update(callback), reveal()}.
export function callbackDetail(callback, { store, announce }) {
  const state = h("div", {});
  const attempts = h("div", {});
  const problem = h("p", { class: "problem", role: "alert" });
  const resend = async (button, signature) => {
    button.disabled = true;
    problem.textContent = "";
    try {
      const sent = await post(`callbacks/${callback.seq}/resend`, { signature });
      announce(`Callback ${sent.seq} is sent`);
      go(to("callback", sent.seq));
    } catch (failure) {
      problem.textContent = failure.message;
    } finally {
      button.disabled = false;
    }
  };
  const id = messageOf(callback.body);
  const element = h("article", { class: "detail", "aria-label": `Callback ${callback.seq}` },
    h("h2", { tabindex: "-1" }, callback.trigger),
    state,
    h("p", { class: "detail-line" }, h("code", {}, `POST ${callback.target}`)),
    h("p", { class: "detail-line quiet-text" }, `callback ${callback.seq}`, callback.webhook_id ? ` · webhook ${callback.webhook_id}` : " · callback URL of a message",
      id && store.people.messages.has(id) && [" · ", h("a", { href: to("message", id) }, "the message")]),
    h("div", { class: "detail-tools" },
      resends.map(([signature, label]) => h("button", { type: "button", class: "quiet", onclick: (event) => resend(event.currentTarget, signature) }, label)),
      copyButton(() => location.href, "Copy link", announce)),
    problem,
    attempts,
    h("h3", {}, "Body"),
    createTree(callback.body, { label: "Body", announce }).element);
  const detail = { element, update: (now) => show(state, attempts, now), reveal() {} };
  detail.update(callback);
  return detail;
}

function messageOf(body) {
  return body?.message?.id ?? body?.message_delivery_report?.message_id ?? body?.message_submit_notification?.message_id;
}

function show(state, attempts, callback) {
  const [label, tone] = stateOf(callback);
  replace(state, h("p", { class: "detail-badges" }, badge(label, tone), callback.duplicate && badge("duplicate", "info"),
    callback.resent > 0 && h("span", {}, badge("sent again", "info"), " of ", h("a", { href: to("callback", callback.resent) }, `callback ${callback.resent}`)), isForged(callback) && badge(`${callback.signature} signature`, "warn")));
  const names = Object.keys(callback.header ?? {});
  const pick = (isWanted) => Object.fromEntries(names.filter(isWanted).map((name) => [name, callback.header[name]]));
  const isOpen = attempts.querySelector("details")?.open;
  const others = headers(pick((name) => !signed.test(name)), "Other headers");
  others.open = Boolean(isOpen);
  replace(attempts, h("h3", {}, "Attempts"), history(callback), h("h3", {}, "Signature"), signature(pick((name) => signed.test(name)), callback), others);
}

function signature(header, callback) {
  const rows = Object.entries(header).map(([name, value]) => [name.toLowerCase(), [value].flat().join(", ")]);
  if (rows.length > 0) {
    return pairs(rows);
  }
  const reason = callback.signature === "missing" ? "The signature was left out." : "The callback has no signature, since its webhook has no secret.";
  return h("p", { class: "quiet-text" }, callback.attempts === 0 ? "The callback is signed when it is sent." : reason);
}

function history(callback) {
  const made = callback.history ?? [];
  if (made.length === 0) {
    return h("p", { class: "quiet-text" }, callback.attempts === 0 ? "None yet." : `${callback.attempts}`);
  }
  return h("ol", { class: "history" }, made.map((attempt) => h("li", {},
    h("time", { datetime: attempt.time }, dateTime(attempt.time)), " ", statusBadge(attempt.status),
    attempt.duration_ms > 0 && h("span", { class: "quiet-text" }, ` ${duration(attempt.duration_ms)}`),
    attempt.failure && h("span", { class: "problem" }, ` ${attempt.failure}`),
    attempt.answer && h("pre", { class: "answer", tabindex: "0", role: "group", "aria-label": "Answer of the app" }, asText(attempt.answer)))));
}
