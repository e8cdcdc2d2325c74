// The view Setup: what a client needs for the fake, in several languages.

import { url } from "./api.js";
import { copyButton } from "./copy.js";
import { h, replace } from "./dom.js";
import { recall, remember } from "./memory.js";
import { snippetsOf } from "./setup_snippets.js";

const key = "conversation-fake-language";

export function mountSetup({ store, announce }) {
  const values = h("dl", { class: "setup-values" });
  const tabs = h("div", { class: "setup-tabs", role: "tablist", "aria-label": "Language", onkeydown: moved });
  const panel = h("div", { class: "setup-panel", role: "tabpanel", id: "setup-panel", tabindex: "0" });
  const element = h("section", { class: "setup", "aria-label": "Setup" },
    h("h1", {}, "Setup"),
    h("p", { class: "setup-text" }, "Point your app at the fake. It sends nothing to anyone, and its keys are valid nowhere else."),
    tabs, panel,
    h("h2", {}, "Addresses and keys"), values);
  let languages = [];
  let chosen = recall(key) ?? "env";
  let shown = "";

  function update() {
    const { setup } = store;
    const now = JSON.stringify(setup);
    if (now === shown) {
      return;
    }
    shown = now;
    if (!setup.base_url) {
      replace(panel, h("p", { class: "empty" }, "The page is not connected to the fake yet."));
      return;
    }
    languages = snippetsOf(setup);
    if (!languages.some(({ id }) => id === chosen)) {
      chosen = languages[0].id;
    }
    replace(tabs, languages.map(({ id, name }) => h("button", {
      type: "button", role: "tab", id: `setup-tab-${id}`, "aria-controls": panel.id, onclick: () => choose(id),
    }, name)));
    choose(chosen);
    replace(values, rowsOf(setup).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, h("code", {}, value), named(copyButton(value, "Copy", announce), `Copy: ${name}`)))));
  }

  function choose(id) {
    chosen = id;
    remember(key, id);
    for (const tab of tabs.children) {
      const isChosen = tab.id === `setup-tab-${id}`;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", `setup-tab-${id}`);
    replace(panel, languages.find((language) => language.id === id).blocks.map(block));
  }

  function block({ title, code, note }) {
    return h("section", { class: "setup-block", "aria-label": title },
      h("div", { class: "card-head" }, h("h2", {}, title), named(copyButton(code, "Copy", announce), `Copy: ${title}`)),
      h("pre", { tabindex: "0", role: "group", "aria-label": `Code: ${title}` }, code),
      note && h("p", { class: "setup-text" }, note));
  }

  function moved(event) {
    const at = languages.findIndex(({ id }) => id === chosen);
    const last = languages.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) {
      return;
    }
    event.preventDefault();
    choose(languages[to].id);
    tabs.children[to].focus();
  }

  return { element, update, show() {} };
}

function rowsOf(setup) {
  return [
    ["Project id", setup.project_id], ["Key id", setup.key_id], ["Key secret", setup.key_secret], ["App id", setup.app_id],
    ["Base URL", setup.base_url], ["Token URL", setup.token_url], ["Batch URL", setup.batch_url],
    ["Control API", url("").href],
  ];
}

function named(button, label) {
  button.setAttribute("aria-label", label);
  return button;
}
