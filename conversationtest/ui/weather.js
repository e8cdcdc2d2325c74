// The view Weather: faults, delivery reports and the time of the fake.

import { h } from "./dom.js";
import { createActive } from "./weather_active.js";
import { WeatherCard } from "./weather_card.js";
import { faultCards, scriptCards } from "./weather_cards.js";
import { createClock, createReset, createTwice } from "./weather_clock.js";
import { readable, scriptTitle, seconds } from "./weather_words.js";

export function mountWeather(context) {
  const { store } = context;
  const faults = faultCards.map((definition) => new WeatherCard(definition, context));
  const scripts = scriptCards.map((definition) => new WeatherCard(definition, context));
  const active = createActive(context);
  const clock = createClock(context);
  const usual = h("p", { class: "card-text" });
  const element = h("section", { class: "weather", "aria-label": "Weather" },
    h("h1", {}, "Weather"),
    active.element,
    group("Faults", h("p", { class: "card-text" }, "What goes wrong between the app and the API. At most one fault happens to a request: the oldest that applies."), faults),
    group("Delivery", usual, scripts),
    h("div", { class: "weather-grid" }, clock.element, createTwice(context), createReset(context)));

  function showUsual() {
    const { script = "none", delay } = store.scripts;
    const late = seconds(delay) > 0 ? `, each ${readable(delay)} later` : "";
    usual.textContent = `The oldest script that applies to a message decides its reports. Without one: ${scriptTitle(script).toLowerCase()}${late}.`;
  }

  function update(changes) {
    const has = (...wanted) => changes.has("all") || wanted.some((change) => changes.has(change));
    if (has("faults")) {
      faults.forEach((card) => card.update());
    }
    if (has("scripts")) {
      scripts.forEach((card) => card.update());
      showUsual();
    }
    if (has("faults", "scripts")) {
      active.update();
    }
    if (has("clock")) {
      clock.update();
    }
  }

  return { element, update, show: () => clock.show(), hide: () => clock.hide() };
}

function group(title, text, cards) {
  return h("section", { class: "weather-group", "aria-label": title }, h("h2", {}, title), text, h("ul", { class: "weather-grid" }, cards.map((card) => card.element)));
}
