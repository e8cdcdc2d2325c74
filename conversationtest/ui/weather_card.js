// A card with a switch for a fault or a script.

import { del, post } from "./api.js";
import { h } from "./dom.js";
import { happened } from "./weather_words.js";

let nextID = 1;

// A definition has a title, a text, the rule that it adds to a list ("faults" or "scripts"), its fields, and matches(rule), which
// reports whether a rule is one of this card.
export class WeatherCard {
  #definition;
  #store;
  #announce;
  #rule; // The rule that is shown.
  #last = Promise.resolve();

  constructor(definition, { store, announce }) {
    this.#definition = definition;
    this.#store = store;
    this.#announce = announce;
    const id = `weather-${nextID++}`;
    this.fields = definition.fields.map((field) => field(definition.title));
    this.switch = h("button", { type: "button", role: "switch", class: "switch", "aria-checked": "false", "aria-labelledby": id, onclick: () => this.#toggle() });
    this.state = h("p", { class: "card-state" });
    this.problem = h("p", { class: "problem", role: "alert", hidden: true });
    this.element = h("li", { class: "weather-card", "data-card": definition.name },
      h("div", { class: "card-head" }, h("h3", { id }, definition.title), this.switch),
      h("p", { class: "card-text" }, definition.text),
      h("div", { class: "card-fields" }, this.fields.map((field) => field.element)),
      this.state, this.problem);
    this.element.querySelector(".card-fields").addEventListener("change", () => this.#change());
  }

  // update shows the rule of the card, if the fake has one.
  update() {
    const rules = this.#store[this.#definition.list === "faults" ? "faults" : "scripts"];
    const matching = (rules.scripts ?? rules).filter(this.#definition.matches);
    const rule = matching.find(({ spent }) => !spent) ?? matching.at(-1);
    if (rule && rule.id !== this.#rule?.id) {
      this.fields.forEach((field) => field.read(rule));
    }
    this.#rule = rule;
    this.switch.setAttribute("aria-checked", String(this.#isOn()));
    this.element.classList.toggle("is-on", this.#isOn());
    this.state.textContent = rule ? `${rule.spent ? "Spent" : "On"}: ${happened(rule.hits)}` : "Off";
  }

  #isOn() {
    return Boolean(this.#rule && !this.#rule.spent);
  }

  #toggle() {
    this.#run(async () => {
      const wasOn = this.#isOn();
      await (wasOn ? this.#remove() : this.#replace());
      return wasOn ? "off" : "on";
    });
  }

  #change() {
    this.#run(async () => {
      if (!this.#isOn()) {
        return "";
      }
      await this.#replace();
      return "changed";
    });
  }

  async #remove() {
    if (this.#rule) {
      await del(`${this.#definition.list}/${this.#rule.id}`).catch(() => {}); // It may be gone already.
    }
  }

  async #replace() {
    await this.#remove();
    await post(this.#definition.list, Object.assign({}, this.#definition.rule, ...this.fields.map((field) => field.write())));
  }

  // #run runs an action after those before it, and announces what it returns.
  #run(action) {
    this.#last = this.#last.then(async () => {
      this.problem.hidden = true;
      try {
        const done = await action();
        this.#announce(done && `${this.#definition.title}: ${done}`);
      } catch (failure) {
        this.problem.hidden = false;
        this.problem.textContent = failure.message;
      }
      await this.#store.readRules();
      this.update();
    });
  }
}
