// The people of an app, the one with the newest message first.

import { h } from "./dom.js";
import { channelName, channels } from "./format.js";
import { searchText } from "./message.js";
import { PersonRow } from "./phone_person.js";

const page = 100; // As many people are shown at first, and as many more with each press of the button.

export class PeopleList {
  #rows = new Map(); // By the key of the person.
  #limit = page;

  constructor({ store }, newContact) {
    this.store = store;
    this.search = h("input", {
      type: "search", placeholder: "Search", "aria-label": "Search people and messages", "aria-keyshortcuts": "/", autocomplete: "off",
      oninput: () => this.#filter(), onkeydown: (event) => this.#searchKey(event),
    });
    this.channel = h("select", { "aria-label": "Channel", onchange: () => this.#filter() },
      h("option", { value: "" }, "All channels"), channels.map((channel) => h("option", { value: channel }, channelName(channel))));
    this.list = h("ul", { class: "people", "aria-label": "People" });
    this.none = h("p", { class: "empty", role: "status", hidden: true });
    this.more = h("button", { type: "button", class: "quiet more", hidden: true, onclick: () => this.#showMore() }, "Show more people");
    this.element = h("div", { class: "phone-people" },
      h("div", { class: "phone-tools" }, this.search, this.channel,
        h("button", { type: "button", "aria-keyshortcuts": "n", onclick: newContact }, "New contact")),
      h("div", { class: "people-scroller" }, this.list, this.none, this.more));
  }

  // update shows what has changed in the people of the store. SelectedKey is the key of the thread that is open.
  update(selectedKey) {
    this.selectedKey = selectedKey;
    const query = this.search.value.trim().toLowerCase();
    const all = this.store.people.listed(this.store.appID);
    const found = query || this.channel.value ? this.#found(all, query) : all.map((person) => ({ person }));
    this.#show(found.slice(0, this.#limit));
    this.more.hidden = found.length <= this.#limit;
    this.none.hidden = found.length > 0;
    const none = all.length === 0 ? "Nobody yet" : "Nothing found";
    if (this.none.textContent !== none) {
      this.none.textContent = none;
    }
  }

  focusSearch() {
    this.search.focus();
    this.search.select();
  }

  // move moves the focus to the next person, or to the one before.
  move(by) {
    const links = [...this.list.querySelectorAll(".person-link")];
    const focused = links.findIndex((link) => link.closest("li").contains(document.activeElement));
    const at = focused < 0 ? links.findIndex((link) => link.getAttribute("aria-current")) : focused;
    const next = at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by));
    links[next]?.focus();
  }

  #show(found) {
    const kept = new Set(found.map(({ person }) => person.key));
    for (const [key, row] of this.#rows) {
      if (!kept.has(key)) {
        row.element.remove();
        this.#rows.delete(key);
      }
    }
    const focused = document.activeElement;
    let next = this.list.firstChild;
    for (const { person, item } of found) {
      const row = this.#rows.get(person.key) ?? new PersonRow();
      this.#rows.set(person.key, row);
      row.update(person, { people: this.store.people, channel: this.channel.value, item, selectedKey: this.selectedKey });
      if (row.element === next) {
        next = next.nextSibling;
      } else {
        this.list.insertBefore(row.element, next);
      }
    }
    if (focused !== document.activeElement && this.list.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }

  // #found returns the people on a channel whom a search finds, with the message that it finds if it is not their name.
  #found(all, query) {
    const found = [];
    for (const person of all) {
      const threads = person.threads.filter((thread) => !this.channel.value || thread.channel === this.channel.value);
      if (threads.length === 0) {
        continue;
      }
      const isNamed = [person.name, ...threads.map((thread) => thread.identity)].some((name) => name.toLowerCase().includes(query));
      const item = isNamed ? undefined : newestWith(threads, query);
      if (isNamed || item) {
        found.push({ person, item });
      }
    }
    return found;
  }

  #filter() {
    this.#limit = page;
    this.update(this.selectedKey);
  }

  #showMore() {
    this.#limit += page;
    this.update(this.selectedKey);
  }

  #searchKey(event) {
    const first = this.list.querySelector(".person-link");
    if (first && event.key === "ArrowDown") {
      event.preventDefault();
      first.focus();
    }
    if (first && event.key === "Enter") {
      event.preventDefault();
      first.click();
    }
  }
}

// newestWith returns the newest message that contains a text in lower case.
function newestWith(threads, text) {
  let newest;
  for (const thread of threads) {
    const item = thread.items.findLast((candidate) => candidate.message && searchText(candidate).includes(text));
    if (item && item.time > (newest?.time ?? 0)) {
      newest = item;
    }
  }
  return newest;
}
