// The rows of requests and callbacks. A row is built anew only when its entry has changed.

import { h, replace } from "./dom.js";
import { duration, timeOfDay } from "./format.js";
import { to } from "./router.js";
import { badge, faultBadge, isForged, operationOf, outcomeBadge, stateOf, statusBadge, summaryOf } from "./traffic_words.js";

// createRow returns the element of an item of the list: a call or a callback.
export function createRow(item) {
  const element = h("li", { class: `traffic-item ${item.call ? "is-call" : "is-callback"}`, "data-key": item.key });
  const row = { element, isOpen: false };
  fillRow(row, item);
  return row;
}

// fillRow brings a row up to date, if it is not.
export function fillRow(row, item) {
  const state = item.call ? item.call.attempts : [item.callback];
  if (row.state?.length === state.length && row.state.every((entry, i) => entry === state[i])) {
    return;
  }
  row.state = state;
  const focused = row.element.contains(document.activeElement) && [...row.element.querySelectorAll("a, button")].indexOf(document.activeElement);
  replace(row.element, item.call ? callParts(row, item.call) : callbackLink(item.callback));
  if (focused !== false && focused >= 0) {
    row.element.querySelectorAll("a, button")[focused]?.focus({ preventScroll: true });
  }
}

function callParts(row, call) {
  const { attempts, last } = call;
  const link = requestLink(last, [call.hasUnknown && last.outcome !== "unknown" && badge("earlier: unknown", "bad", "The outcome of an earlier attempt is unknown")]);
  if (attempts.length === 1) {
    return [link];
  }
  const list = h("ol", { class: "attempts", hidden: !row.isOpen, id: `attempts-${attempts[0].seq}` },
    attempts.map((attempt) => h("li", {}, requestLink(attempt, []))));
  const button = h("button", { type: "button", class: "quiet attempts-toggle", "aria-expanded": String(row.isOpen), "aria-controls": list.id, onclick: toggle },
    `${attempts.length} attempts`);
  function toggle() {
    row.isOpen = !row.isOpen;
    list.hidden = !row.isOpen;
    button.setAttribute("aria-expanded", String(row.isOpen));
  }
  return [link, button, list];
}

function requestLink(request, more) {
  const summary = summaryOf(request);
  return h("a", { class: "traffic-row", href: to("request", request.seq) },
    h("span", { class: "row-head" },
      h("span", { class: "row-kind", "aria-hidden": "true" }, "→"),
      h("span", { class: "row-name" }, operationOf(request)),
      h("span", { class: "row-badges" }, statusBadge(request.status), outcomeBadge(request.outcome), more, faultBadge(request.fault))),
    h("span", { class: "row-foot" },
      h("time", { datetime: request.time }, timeOfDay(request.time)),
      request.duration_ms > 0 && h("span", {}, duration(request.duration_ms)),
      request.violation ? h("span", { class: "problem row-text" }, request.violation.field) : summary && h("bdi", { class: "row-text" }, summary)));
}

function callbackLink(callback) {
  const [label, tone] = stateOf(callback);
  return h("a", { class: "traffic-row", href: to("callback", callback.seq) },
    h("span", { class: "row-head" },
      h("span", { class: "row-kind", "aria-hidden": "true" }, "←"),
      h("span", { class: "row-name" }, callback.trigger),
      h("span", { class: "row-badges" }, badge(label, tone), callback.attempts > 0 && statusBadge(callback.status),
        callback.duplicate && badge("duplicate", "info"), callback.resent > 0 && badge(isForged(callback) ? `${callback.signature} signature` : "sent again", "info"))),
    h("span", { class: "row-foot" },
      h("time", { datetime: timeOf(callback) }, timeOfDay(timeOf(callback))),
      callback.attempts > 1 && h("span", {}, `${callback.attempts} attempts`),
      h("bdi", { class: "row-text" }, callback.failure || callback.target)));
}

// timeOf returns when the event of a callback happened, or when it was sent again. It is empty if that is yet to come.
export function timeOf(callback) {
  const event = callback.resent ? undefined : callback.body?.event_time ?? callback.body?.accepted_time;
  return event ?? callback.history?.[0]?.time ?? callback.time ?? "";
}
