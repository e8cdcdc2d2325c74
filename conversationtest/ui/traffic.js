// The view Traffic: the requests of the app and the callbacks to it, live.

import { copyButton } from "./copy.js";
import { groupCalls, timeOfCall } from "./calls.js";
import { sendCurl, webhookCurl } from "./curl.js";
import { h, replace } from "./dom.js";
import { stringify } from "./json.js";
import { to } from "./router.js";
import { callbackDetail } from "./traffic_callback.js";
import { TrafficFilter } from "./traffic_filter.js";
import { TrafficList } from "./traffic_list.js";
import { requestDetail } from "./traffic_request.js";
import { timeOf } from "./traffic_rows.js";

export function mountTraffic(context) {
  const view = new TrafficView(context);
  return { element: view.element, show: (place) => view.show(place), update: (changes) => view.update(changes), key: (event) => view.key(event) };
}

const callbackItems = new WeakMap();
const relevant = ["all", "requests", "callbacks"];

class TrafficView {
  #context;
  #place = { kind: "traffic", seq: 0 };
  #calls = [];
  #detail; // {kind, seq, entry, element, update, reveal}

  constructor(context) {
    this.#context = context;
    this.filter = new TrafficFilter(() => {
      this.list.top();
      this.#refreshList();
    });
    this.list = new TrafficList();
    this.empty = h("div", { class: "empty", hidden: true });
    this.count = h("p", { class: "traffic-count quiet-text", role: "status" });
    this.pane = h("div", { class: "traffic-detail" });
    this.element = h("section", { class: "traffic", "aria-label": "Traffic" },
      h("h1", { class: "visually-hidden" }, "Traffic"),
      h("div", { class: "traffic-side" }, this.filter.element, this.count, this.empty, this.list.element),
      this.pane);
  }

  update(changes) {
    if (changes.has("all") || changes.has("requests")) {
      this.#calls = groupCalls(this.#context.store.requests.values());
    }
    if (relevant.some((change) => changes.has(change))) {
      this.#refreshList();
      this.#refreshDetail();
    }
  }

  show({ kind, parts }) {
    this.#place = { kind, seq: kind === "traffic" ? 0 : Number(parts[0]) };
    this.element.classList.toggle("has-detail", kind !== "traffic");
    this.list.select(kind === "traffic" ? "" : to(kind, this.#place.seq));
    this.#refreshDetail();
    if (kind !== "traffic" && getComputedStyle(this.list.element.parentElement).display === "none") {
      this.pane.querySelector("h2")?.focus();
    }
  }

  #refreshList() {
    const { requests, callbacks } = this.#context.store;
    this.filter.setOperations(requests, callbacks);
    const items = this.#calls.filter((call) => this.filter.hasCall(call)).map(itemOfCall);
    for (const callback of callbacks.values()) {
      if (this.filter.hasCallback(callback)) {
        items.push(itemOfCallback(callback));
      }
    }
    items.sort(newestFirst);
    this.list.update(items);
    this.count.textContent = items.length > 0 && this.filter.isSet() ? `${items.length} found` : "";
    this.empty.hidden = items.length > 0;
    if (items.length === 0) {
      this.#showEmpty();
    }
  }

  #showEmpty() {
    const { store } = this.#context;
    const kind = this.filter.isSet() ? "filter" : this.filter.tab === "callbacks" ? "callbacks" : "requests";
    if (this.empty.dataset.kind === kind && this.empty.dataset.url === store.setup.base_url) {
      return;
    }
    Object.assign(this.empty.dataset, { kind, url: store.setup.base_url });
    replace(this.empty, {
      filter: () => [h("p", {}, "Nothing matches the filter."), h("button", { type: "button", class: "quiet", onclick: () => this.filter.clear.click() }, "Clear filters")],
      callbacks: () => [h("p", {}, "No callback yet. Register a webhook of your app, and the fake calls it:"), this.#command(webhookCurl(store.setup))],
      requests: () => [
        h("p", {}, "No request yet. Point your app at the fake, as ", h("a", { href: "#/setup" }, "Setup"), " shows, or send a message from a shell:"),
        this.#command(sendCurl(store.setup)),
      ],
    }[kind]());
  }

  #command(text) {
    return h("div", { class: "command" }, h("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, text), copyButton(text, "Copy", this.#context.announce));
  }

  #refreshDetail() {
    const { kind, seq } = this.#place;
    if (kind === "traffic") {
      this.#showNothing("Select a request or a callback.");
      return;
    }
    const { store } = this.#context;
    const entry = (kind === "request" ? store.requests : store.callbacks).get(seq);
    if (!entry) {
      this.#showNothing(store.connection === "live" ? `There is no ${kind} ${this.#place.seq} among the newest 1,000.` : "Connecting");
      return;
    }
    if (!this.#isShown(kind, seq, entry)) {
      this.#open(kind, seq, entry);
    }
    if (kind === "request") {
      this.#detail.update(this.#calls.find((call) => call.attempts.includes(entry)));
    } else if (this.#detail.entry !== entry) {
      this.#detail.update(entry);
    }
    this.#detail.entry = entry;
  }

  // #isShown reports whether the details are those of an entry. A callback changes with its attempts, except for its body.
  #isShown(kind, seq, entry) {
    const shown = this.#detail;
    if (shown?.kind !== kind || shown.seq !== seq) {
      return false;
    }
    return shown.entry === entry || (kind === "callback" && stringify(shown.entry.body) === stringify(entry.body));
  }

  #open(kind, seq, entry) {
    const detail = kind === "request" ? requestDetail(entry, this.#context) : callbackDetail(entry, this.#context);
    this.#detail = { ...detail, kind, seq, entry };
    replace(this.pane, h("a", { class: "back", href: "#/traffic" }, "← Traffic"), detail.element);
    this.pane.scrollTop = 0;
    detail.reveal();
  }

  #showNothing(reason) {
    this.#detail = undefined;
    if (this.pane.firstElementChild?.dataset.reason !== reason) {
      replace(this.pane, h("div", { class: "empty", "data-reason": reason }, h("a", { class: "back", href: "#/traffic" }, "← Traffic"), h("p", {}, reason)));
    }
  }

  // key handles a key, and reports whether it did.
  key(event) {
    const inList = this.list.element.contains(event.target) || event.target === document.body || event.target.id === "main";
    const steps = { j: 1, k: -1, ...(inList && { ArrowDown: 1, ArrowUp: -1 }) };
    if (Object.hasOwn(steps, event.key)) {
      this.list.focus(steps[event.key]);
    } else if (event.key === "/") {
      this.filter.text.focus();
    } else if (event.key === "Escape" && this.#place.kind !== "traffic") {
      location.hash = "#/traffic";
    } else {
      return false;
    }
    return true;
  }
}

function itemOfCall(call) {
  const [first] = call.attempts;
  return { key: call.key, call, at: timeOfCall(call), seq: first.seq };
}

// itemOfCallback returns the item of a callback. One that waits is above all others.
function itemOfCallback(callback) {
  if (!callbackItems.has(callback)) {
    callbackItems.set(callback, { key: `callback-${callback.seq}`, callback, at: Date.parse(timeOf(callback)) || Infinity, seq: callback.seq });
  }
  return callbackItems.get(callback);
}

function newestFirst(a, b) {
  return a.at === b.at ? b.seq - a.seq : a.at < b.at ? 1 : -1;
}
