// Describes requests and callbacks.

import { h } from "./dom.js";
import { cut } from "./format.js";
import { to } from "./router.js";

const outcomes = { accepted: ["accepted", "good"], rejected: ["rejected", "bad"], not_sent: ["not sent", "warn"], unknown: ["unknown", "bad"] };

export const words = (name) => String(name ?? "").replaceAll("_", " ");

export function operationOf(request) {
  return request.operation || `${request.method} ${request.path}`;
}

export function badge(label, tone = "", title) {
  return h("span", { class: `badge ${tone}`, title }, label);
}

export function statusBadge(status) {
  return status === 0 ? badge("no answer", "bad") : badge(String(status), status < 300 ? "good" : status < 500 ? "warn" : "bad");
}

export function outcomeBadge(outcome) {
  const [label, tone] = outcomes[outcome] ?? [];
  return label && badge(label, tone, "The outcome that a client concludes");
}

export function faultBadge(fault) {
  return fault && badge(`fault: ${words(fault)}`, "warn");
}

// summaryOf returns the text of a message that a request sends, or its kind.
export function summaryOf({ body }) {
  const message = body?.message;
  if (typeof message !== "object" || message === null) {
    return "";
  }
  const text = message.text_message?.text;
  return typeof text === "string" ? cut(text, 70) : words(Object.keys(message)[0]);
}

// explain returns a sentence about what a client knows after a request.
export function explain(request) {
  const isSend = request.operation === "Messages.Send";
  const link = request.message_id && h("a", { href: to("message", request.message_id) }, request.message_id);
  switch (request.outcome) {
    case "accepted":
      return link ? ["The app knows that the message was accepted as ", link, "."] : ["The app knows that the request has taken effect."];
    case "rejected":
      return [`The app knows that ${isSend ? "the message was not sent" : "the request had no effect"}: the API rejected the request.`];
    case "not_sent":
      return [`The app knows that ${isSend ? "the message was not sent" : "the request had no effect"}. It can retry.`];
    case "unknown":
      return unknown(request, isSend, link);
    default:
      return [request.operation === "token" ? "The app asks for an access token." : "The request changes nothing, so its outcome does not matter."];
  }
}

function unknown(request, isSend, link) {
  const doubt = `The app cannot know whether ${isSend ? "the message was sent" : "the request took effect"}: `;
  if (link) {
    return [doubt, "the fake accepted it as ", link, ". A retry could send it twice."];
  }
  return [doubt, request.accepted ? "it did." : "the fake did not accept it."];
}

// stateOf returns the state of a callback: [label, tone].
export function stateOf(callback) {
  if (callback.delivered) {
    return ["delivered", "good"];
  }
  if (callback.attempts === 0) {
    return ["waiting", "info"];
  }
  return callback.given_up ? ["given up", "bad"] : ["failed", "warn"];
}

// isForged reports whether a callback was sent again with a signature that an app must refuse.
export function isForged({ signature }) {
  return Boolean(signature) && signature !== "valid";
}

// isRequestProblem reports whether something went wrong with a request.
export function isRequestProblem(request) {
  return request.status === 0 || request.status >= 400 || Boolean(request.fault || request.violation) || request.outcome === "unknown";
}

export function isCallbackProblem(callback) {
  return Boolean(callback.failure) || (callback.attempts > 0 && !callback.delivered);
}
