// The controls above the list of the traffic, and what they select.

import { h, replace } from "./dom.js";
import { stringify } from "./json.js";
import { isCallbackProblem, isRequestProblem, operationOf } from "./traffic_words.js";

const searched = 50_000; // Characters of an entry.
const statuses = [["", "Any status"], ["2", "2xx"], ["3", "3xx"], ["4", "4xx"], ["5", "5xx"], ["0", "No answer"]];
const outcomes = [["", "Any outcome"], ["accepted", "Accepted"], ["rejected", "Rejected"], ["not_sent", "Not sent"], ["unknown", "Unknown"]];
const tabs = [["all", "All"], ["requests", "Requests"], ["callbacks", "Callbacks"]];

const haystacks = new WeakMap();

export class TrafficFilter {
  tab = "all";
  #operations = new Set();

  constructor(onchange) {
    this.text = h("input", { type: "search", placeholder: "Filter: text, path, id", "aria-label": "Filter the traffic by text", oninput: onchange });
    this.operation = h("select", { "aria-label": "Operation or trigger", onchange });
    this.status = select("Status", statuses, onchange);
    this.outcome = select("Outcome", outcomes, onchange);
    this.problems = h("input", { type: "checkbox", onchange });
    this.tokens = h("input", { type: "checkbox", onchange });
    this.tabs = tabs.map(([tab, label]) => h("button", {
      type: "button", class: "quiet", "aria-pressed": String(tab === this.tab), "data-tab": tab, onclick: () => this.#choose(tab, onchange),
    }, label));
    this.clear = h("button", { type: "button", class: "quiet", onclick: () => this.reset(onchange) }, "Clear filters");
    this.element = h("div", { class: "traffic-filter", role: "search", "aria-label": "Traffic" },
      h("div", { class: "segments", role: "group", "aria-label": "Show" }, this.tabs),
      this.text,
      h("details", { class: "more-filters" }, h("summary", {}, "Filters"),
        h("div", { class: "filter-row" }, this.operation, this.status, this.outcome,
          h("label", {}, this.tokens, " Token requests"), this.clear)),
      h("label", { class: "problems" }, this.problems, " Only problems"));
    this.setOperations([], []);
  }

  #choose(tab, onchange) {
    this.tab = tab;
    this.tabs.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.tab === tab)));
    onchange();
  }

  reset(onchange) {
    for (const control of [this.text, this.operation, this.status, this.outcome]) {
      control.value = "";
    }
    this.problems.checked = false;
    onchange();
  }

  // isSet reports whether the filter hides anything besides token requests.
  isSet() {
    return Boolean(this.text.value || this.operation.value || this.status.value || this.outcome.value || this.problems.checked);
  }

  // setOperations sets the operations and triggers to choose from.
  setOperations(requests, callbacks) {
    const before = this.#operations.size;
    requests.forEach((request) => this.#operations.add(operationOf(request)));
    callbacks.forEach((callback) => this.#operations.add(callback.trigger));
    if (this.#operations.size === before && before > 0) {
      return;
    }
    const chosen = this.operation.value;
    replace(this.operation, h("option", { value: "" }, "Any operation or trigger"), [...this.#operations].sort().map((name) => h("option", { value: name }, name)));
    this.operation.value = chosen;
  }

  // hasCall reports whether a call of requests is shown: one of its attempts matches.
  hasCall({ attempts }) {
    return this.tab !== "callbacks" && attempts.some((request) => this.#hasRequest(request));
  }

  #hasRequest(request) {
    return (this.tokens.checked || request.operation !== "token" || this.operation.value === "token")
      && (!this.operation.value || this.operation.value === operationOf(request))
      && this.#hasStatus(request.status)
      && (!this.outcome.value || this.outcome.value === request.outcome)
      && (!this.problems.checked || isRequestProblem(request))
      && this.#hasText(request);
  }

  hasCallback(callback) {
    return this.tab !== "requests" && !this.outcome.value
      && (!this.operation.value || this.operation.value === callback.trigger)
      && (!this.status.value || (callback.attempts > 0 && this.#hasStatus(callback.status)))
      && (!this.problems.checked || isCallbackProblem(callback))
      && this.#hasText(callback);
  }

  #hasStatus(status) {
    return !this.status.value || this.status.value === String(Math.floor(status / 100));
  }

  #hasText(entry) {
    const wanted = this.text.value.trim().toLowerCase();
    return !wanted || haystackOf(entry).includes(wanted);
  }
}

function haystackOf(entry) {
  if (!haystacks.has(entry)) {
    haystacks.set(entry, stringify({ ...entry, header: undefined }).slice(0, searched).toLowerCase());
  }
  return haystacks.get(entry);
}

function select(label, options, onchange) {
  return h("select", { "aria-label": label, onchange }, options.map(([value, name]) => h("option", { value }, name)));
}
