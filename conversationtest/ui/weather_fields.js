// The fields of a card: each has an element, writes its part of a rule, and shows that of another.

import { h } from "./dom.js";
import { channelName, channels } from "./format.js";
import { reasonCodes } from "./reasons.js";
import { faultTitle, kinds, operations, readable, seconds } from "./weather_words.js";

const delays = [0, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60];

// oftenField is how often a rule applies: to the next N, by chance, or always.
export function oftenField(title) {
  const mode = select(`How often: ${title}`, [["next", "the next"], ["chance", "by chance"], ["always", "always"]]);
  const count = number(`How many: ${title}`, 1, 1, 100_000);
  const chance = h("input", { type: "range", min: 1, max: 100, value: 30, "aria-label": `Chance: ${title}`, oninput: show });
  const percent = h("output", {});
  const chanceBox = h("span", { class: "slider" }, chance, percent);
  function show() {
    count.hidden = mode.value !== "next";
    chanceBox.hidden = mode.value !== "chance";
    percent.textContent = `${chance.value} %`;
  }
  mode.addEventListener("change", show);
  show();
  return {
    element: h("span", { class: "field" }, mode, count, chanceBox),
    write: () => ({ next: { times: whole(count, 1) }, chance: { probability: Number(chance.value) / 100 }, always: {} })[mode.value],
    read({ times, probability }) {
      mode.value = probability ? "chance" : times ? "next" : "always";
      count.value = times || 1;
      chance.value = Math.round((probability || 0.3) * 100);
      show();
    },
  };
}

export function operationField(title) {
  const control = select(`Operation: ${title}`, [...operations.map((name) => [name, name]), ["", "every operation"]]);
  return {
    element: h("label", { class: "field" }, "of ", control),
    write: () => (control.value ? { operation: control.value } : {}),
    read({ operation = "" }) {
      if (![...control.options].some((option) => option.value === operation)) {
        control.append(h("option", { value: operation }, operation));
      }
      control.value = operation;
    },
  };
}

// delayField is a slider for a delay. With least, the delay is at least that many seconds.
export function delayField(title, label, { least = 0, start = least } = {}) {
  const steps = delays.filter((delay) => delay >= least);
  const slider = h("input", { type: "range", min: 0, max: steps.length - 1, value: steps.indexOf(start), "aria-label": `${label}: ${title}`, oninput: show });
  const output = h("output", {});
  function show() {
    const text = slider.value === "0" && least === 0 ? "none" : readable(`${steps[slider.value]}s`);
    output.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  }
  show();
  return {
    element: h("span", { class: "field" }, `${label} `, h("span", { class: "slider" }, slider, output)),
    write: () => (steps[slider.value] > 0 ? { delay: `${steps[slider.value]}s` } : {}),
    read({ delay }) {
      const wanted = seconds(delay);
      slider.value = Math.max(0, steps.findLastIndex((step) => step <= wanted));
      show();
    },
  };
}

export function retryAfterField(title) {
  const control = number(`Retry-After in seconds: ${title}`, 1, 0, 86_400);
  return {
    element: h("label", { class: "field" }, "Retry-After ", control, " s"),
    write: () => ({ retry_after: String(whole(control, 0)) }),
    read: ({ retry_after }) => (control.value = retry_after || 0),
  };
}

export function statusField(title) {
  const control = h("input", { type: "number", min: 200, max: 599, placeholder: "default", "aria-label": `Status: ${title}` });
  return {
    element: h("label", { class: "field" }, "status ", control),
    write: () => (control.value ? { status: whole(control, 200) } : {}),
    read: ({ status }) => (control.value = status || ""),
  };
}

export function kindField(title) {
  const control = select(`Kind: ${title}`, kinds.map((kind) => [kind, faultTitle({ kind })]));
  return { element: h("span", { class: "field" }, control), write: () => ({ kind: control.value }), read: ({ kind }) => (control.value = kind) };
}

export function channelField(title) {
  const control = select(`Channel: ${title}`, [["", "any channel"], ...channels.map((channel) => [channel, channelName(channel)])]);
  return {
    element: h("label", { class: "field" }, "on ", control),
    write: () => (control.value ? { channel: control.value } : {}),
    read: ({ channel = "" }) => (control.value = channel),
  };
}

export function reasonField(title) {
  const control = select(`Reason: ${title}`, reasonCodes.map((code) => [code, code]));
  return {
    element: h("label", { class: "field" }, "reason ", control),
    write: () => ({ code: control.value }),
    read: ({ code }) => (control.value = code || reasonCodes[0]),
  };
}

function select(label, options) {
  return h("select", { "aria-label": label }, options.map(([value, name]) => h("option", { value }, name)));
}

export function number(label, value, min, max) {
  return h("input", { type: "number", value, min, max, step: 1, "aria-label": label });
}

// whole returns the value of a number field, within its limits.
export function whole(control, least) {
  const value = Math.round(Number(control.value));
  return Number.isFinite(value) ? Math.min(Number(control.max), Math.max(least, value)) : least;
}
