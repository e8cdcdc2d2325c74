// The list of the faults and scripts that are active.

import { del } from "./api.js";
import { h, replace } from "./dom.js";
import { channelName } from "./format.js";
import { faultTitle, happened, howOften, readable, scriptTitle } from "./weather_words.js";

// createActive returns {element, update()}.
export function createActive({ store, announce }) {
  const list = h("ul", { class: "active-list" });
  const title = h("h2", {});
  const clear = h("button", { type: "button", class: "quiet", onclick: clearAll }, "Clear all");
  const element = h("section", { class: "weather-active", "aria-label": "Active faults and scripts" }, h("div", { class: "card-head" }, title, clear), list);
  const rules = () => [...store.faults.map((fault) => row("faults", fault)), ...(store.scripts.scripts ?? []).map((script) => row("scripts", script))];

  async function clearAll() {
    const removed = await Promise.allSettled([del("faults"), del("scripts")]);
    announce(removed.every(({ status }) => status === "fulfilled") ? "Good weather: all faults and scripts are removed" : "Not all could be removed");
    await store.readRules();
  }

  async function remove(kind, rule) {
    await del(`${kind}/${rule.id}`).catch(() => {}); // It may be gone already.
    announce("Removed");
    await store.readRules();
  }

  function row(kind, rule) {
    const name = kind === "faults" ? faultTitle(rule) : scriptTitle(rule.script);
    const details = [
      kind === "faults" ? rule.operation || (rule.kind === "token_endpoint_down" ? "token" : "every operation") : rule.channel ? channelName(rule.channel) : "any channel",
      howOften(rule), rule.code, rule.delay && `delay ${readable(rule.delay)}`, rule.retry_after && `Retry-After ${rule.retry_after}`,
    ].filter(Boolean).join(" · ");
    return h("li", { class: rule.spent ? "is-spent" : undefined },
      h("span", { class: "active-name" }, name), h("span", { class: "active-details" }, details),
      h("span", { class: `badge ${rule.spent ? "" : "warn"}` }, rule.spent ? `spent: ${happened(rule.hits)}` : happened(rule.hits)),
      h("button", { type: "button", class: "quiet", "aria-label": `Remove: ${name}`, onclick: () => remove(kind, rule) }, "Remove"));
  }

  function update() {
    const rows = rules();
    const active = rows.filter((item) => !item.classList.contains("is-spent")).length;
    title.textContent = active === 0 ? "Good weather" : `${active} active`;
    element.classList.toggle("is-good", active === 0);
    clear.hidden = rows.length === 0;
    const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement);
    replace(list, rows);
    if (focused >= 0) {
      const buttons = list.querySelectorAll("button");
      (buttons[Math.min(focused, buttons.length - 1)] ?? clear).focus();
    }
  }

  return { element, update };
}
