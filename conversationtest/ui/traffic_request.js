// The details of a request.

import { copyButton } from "./copy.js";
import { requestCurl } from "./curl.js";
import { h, replace } from "./dom.js";
import { dateTime, duration } from "./format.js";
import { to } from "./router.js";
import { badge, explain, faultBadge, operationOf, outcomeBadge, statusBadge } from "./traffic_words.js";
import { createTree } from "./tree.js";

// requestDetail returns {element, update(call), reveal()}.
export function requestDetail(request, { store, announce }) {
  const { violation } = request;
  const attempts = h("div", { class: "detail-attempts" });
  const isInBody = violation && request.body !== null && !Object.hasOwn(request.query ?? {}, violation.field);
  const body = request.body !== null && createTree(request.body, { label: "Body", mark: isInBody ? violation : undefined, announce });
  const element = h("article", { class: "detail", "aria-label": `Request ${request.seq}` },
    h("h2", { tabindex: "-1" }, operationOf(request)),
    h("p", { class: "detail-badges" }, statusBadge(request.status), outcomeBadge(request.outcome), faultBadge(request.fault)),
    h("p", { class: "detail-line" }, h("code", {}, `${request.method} ${request.path}`)),
    h("p", { class: "detail-line quiet-text" }, h("time", { datetime: request.time }, dateTime(request.time)),
      request.duration_ms > 0 && ` · ${duration(request.duration_ms)}`, ` · request ${request.seq}`),
    h("p", { class: `explanation ${request.outcome ?? ""}` }, explain(request)),
    violation && h("p", { class: "violation", role: "note" }, h("strong", {}, violation.field), ` ${violation.reason}`),
    attempts,
    h("div", { class: "detail-tools" },
      copyButton(() => requestCurl(store.setup, request), "Copy as curl", announce),
      copyButton(() => location.href, "Copy link", announce)),
    queryTable(request.query, violation),
    h("h3", {}, "Body"),
    body ? body.element : h("p", { class: "quiet-text" }, "The request has no body."),
    h("h3", {}, "Response"),
    response(request, announce),
    headers(request.header));
  return { element, update: (call) => showAttempts(attempts, request, call), reveal: () => body && body.reveal() };
}

function response(request, announce) {
  if (request.operation === "token") {
    return h("p", { class: "quiet-text" }, "The answer of the token endpoint holds a token, so it is not kept.");
  }
  if (request.response === null || request.response === undefined) {
    return h("p", { class: "quiet-text" }, request.status === 0 ? "There was no answer." : "The answer has no body.");
  }
  return [
    request.status === 0 && h("p", { class: "quiet-text" }, "The app has not received it."),
    createTree(request.response, { label: "Response", announce }).element,
  ];
}

function queryTable(query, violation) {
  const rows = Object.entries(query ?? {}).flatMap(([name, values]) => values.map((value) => [name, value]));
  return rows.length > 0 && [h("h3", {}, "Query"), pairs(rows, violation?.field)];
}

// headers returns the headers of a request or a callback, folded.
export function headers(header, label = "Headers") {
  const rows = Object.entries(header ?? {}).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  return h("details", { class: "headers" }, h("summary", {}, `${label} (${rows.length})`), pairs(rows));
}

export function pairs(rows, marked) {
  return h("dl", { class: "pairs" }, rows.map(([name, value]) =>
    h("div", { class: name === marked ? "marked" : undefined }, h("dt", {}, name), h("dd", {}, h("bdi", {}, value)))));
}

// showAttempts shows the attempts of a call, if there are several.
function showAttempts(element, request, call) {
  const attempts = call?.attempts ?? [];
  if (Number(element.dataset.count ?? 0) === attempts.length) {
    return;
  }
  element.dataset.count = attempts.length;
  replace(element, attempts.length > 1 && [
    h("h3", {}, `Attempt ${attempts.indexOf(request) + 1} of ${attempts.length}`),
    h("ol", { class: "attempts" }, attempts.map((attempt) => h("li", {},
      h("a", { href: to("request", attempt.seq), "aria-current": attempt === request ? "true" : undefined }, `Request ${attempt.seq}`),
      statusBadge(attempt.status), outcomeBadge(attempt.outcome), faultBadge(attempt.fault)))),
    call.hasUnknown && h("p", {}, badge("unknown", "bad"), " The outcome of an earlier attempt is unknown: this retry may have done it twice."),
  ]);
}
