// The clock of the fake, callbacks that arrive twice, and the reset.

import { get, post } from "./api.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { dateTime } from "./format.js";
import { number, whole } from "./weather_fields.js";
import { readable, seconds } from "./weather_words.js";

const jumps = [["1m", "+1 minute"], ["1h", "+1 hour"], ["24h", "+1 day"]];

// createClock returns {element, update(), show(), hide()}. It ticks while it is shown.
export function createClock({ announce }) {
  const now = h("time", { class: "clock-now" });
  const moved = h("p", { class: "card-state" });
  const problem = h("p", { class: "problem", role: "alert" });
  const count = number("How far", 7, 1, 100_000);
  const unit = h("select", { "aria-label": "Unit" }, [["m", "minutes"], ["h", "hours"], ["d", "days"]].map(([value, name]) => h("option", { value, selected: value === "d" }, name)));
  let read = { at: 0, now: 0 };
  let timer;

  function tick() {
    if (read.now) {
      const time = new Date(read.now + performance.now() - read.at).toISOString();
      now.textContent = dateTime(time);
      now.setAttribute("datetime", time);
    }
  }

  function take(clock) {
    read = { at: performance.now(), now: Date.parse(clock.now) };
    moved.textContent = seconds(clock.advanced) === 0 ? "It has not been moved." : `It is ${readable(clock.advanced)} ahead.`;
    tick();
  }

  async function advance(by) {
    problem.textContent = "";
    try {
      take(await post("clock", { advance: by }));
      announce(`The clock is moved by ${readable(by)}`);
    } catch (failure) {
      problem.textContent = failure.message;
    }
  }

  const chosen = () => (unit.value === "d" ? `${24 * whole(count, 1)}h` : `${whole(count, 1)}${unit.value}`);
  const element = h("section", { class: "weather-card", "aria-label": "Clock" }, h("h2", {}, "Clock"), now, moved,
    h("p", { class: "card-text" }, "Tokens and batches expire, and retries and reports whose time has come run. The clocks of your app stay as they are."),
    h("div", { class: "card-fields" }, jumps.map(([by, label]) => h("button", { type: "button", class: "quiet", onclick: () => advance(by) }, label)),
      h("span", { class: "field" }, count, unit, h("button", { type: "button", class: "quiet", onclick: () => advance(chosen()) }, "Move"))),
    problem);
  return {
    element,
    update: () => get("clock").then(take, () => {}),
    show() {
      clearInterval(timer);
      timer = setInterval(tick, 1000);
    },
    hide: () => clearInterval(timer),
  };
}

// createTwice returns the card for callbacks that are delivered twice.
export function createTwice({ announce }) {
  const count = number("How many callbacks", 1, 1, 100_000);
  const result = h("p", { class: "card-state", role: "status" });
  async function duplicate() {
    const asked = whole(count, 1);
    try {
      await post("duplicate-callbacks", { count: asked });
      result.textContent = `The next ${asked === 1 ? "callback arrives" : `${asked} callbacks arrive`} twice.`;
    } catch (failure) {
      result.textContent = failure.message;
    }
    announce(result.textContent);
  }
  return h("section", { class: "weather-card", "aria-label": "Callbacks" }, h("h2", {}, "Callbacks"),
    h("p", { class: "card-text" }, "Sinch may deliver a callback more than once. Does your app notice?"),
    h("div", { class: "card-fields" }, h("span", { class: "field" }, "the next ", count),
      h("button", { type: "button", class: "quiet", onclick: duplicate }, "Deliver twice")), result);
}

// createReset returns the card that resets the fake.
export function createReset({ announce }) {
  const problem = h("p", { class: "problem", role: "alert" });
  async function reset(dialog) {
    dialog.close();
    try {
      await post("reset");
      announce("The fake is as after its start");
    } catch (failure) {
      problem.textContent = failure.message;
    }
  }
  function ask() {
    const cancel = h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Cancel");
    const dialog = openDialog("Reset everything?", [
      h("p", {}, "All messages, contacts, webhooks, faults and scripts are removed, and the traffic. The project, its key and its app remain. Access tokens end."),
      h("div", { class: "card-fields" }, h("button", { type: "button", class: "danger", onclick: () => reset(dialog) }, "Reset everything"), cancel),
    ]);
    cancel.focus();
  }
  return h("section", { class: "weather-card", "aria-label": "Reset" }, h("h2", {}, "Reset"),
    h("p", { class: "card-text" }, "Brings the fake back to the state after its start."),
    h("div", { class: "card-fields" }, h("button", { type: "button", class: "danger", "aria-haspopup": "dialog", onclick: ask }, "Reset everything…")), problem);
}
