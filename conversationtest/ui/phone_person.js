// A person in the list, with a link to each of their threads.

import { h, replace } from "./dom.js";
import { channelName, cut, dayOf, shortTime } from "./format.js";
import { summary } from "./message.js";
import { timeOf } from "./people.js";
import { eventText } from "./phone_events.js";
import { to } from "./router.js";

const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

export class PersonRow {
  #shown = [];

  constructor() {
    this.initial = h("span", { class: "avatar", "aria-hidden": "true" });
    this.name = h("span", { class: "person-name" });
    this.time = h("span", { class: "person-time" });
    this.summary = h("span", { class: "person-summary" });
    this.unread = h("span", { class: "unread", hidden: true });
    this.link = h("a", { class: "person-link", href: "#/phone" }, this.initial, this.name, this.time, this.summary, this.unread);
    this.channels = h("div", { class: "person-channels" });
    this.element = h("li", { class: "person" }, this.link, this.channels);
  }

  // update shows a person. With an item, which a search has found, the row leads to it.
  update(person, { people, channel, item, selectedKey }) {
    const thread = people.newestThread(person, channel);
    const last = item ?? thread?.items.at(-1);
    const threads = person.threads.map(({ key, unread, optedOut }) => `${key} ${unread} ${optedOut} ${key === selectedKey}`).join();
    const shown = [person.name, last, thread?.key, threads, item];
    if (shown.every((value, i) => value === this.#shown[i])) {
      return;
    }
    const isSelected = person.threads.some((known) => known.key === selectedKey);
    const unread = person.threads.reduce((sum, known) => sum + known.unread, 0);
    this.#shown = shown;
    this.initial.textContent = initialOf(person.name);
    this.name.textContent = person.name;
    this.time.textContent = timeText(timeOf(last));
    this.summary.textContent = last ? cut(last.message ? summary(last, (id) => people.messages.get(id)) : eventText(last), 120) : "";
    this.unread.textContent = `${unread} unread`;
    this.unread.hidden = unread === 0;
    this.link.setAttribute("href", item ? to("message", item.id) : to("phone", person.key, thread?.channel ?? ""));
    setCurrent(this.link, isSelected);
    replace(this.channels, person.threads.map((known) => threadLink(person, known, known.key === selectedKey)));
  }
}

function threadLink(person, thread, isSelected) {
  const notes = [thread.optedOut && "opted out", thread.unread > 0 && person.threads.length > 1 && String(thread.unread)].filter(Boolean);
  const link = h("a", { class: thread.optedOut ? "channel is-opted-out" : "channel", href: to("phone", person.key, thread.channel), title: `${person.name} on ${channelName(thread.channel)}` },
    channelName(thread.channel), notes.length > 0 && ` · ${notes.join(" · ")}`);
  setCurrent(link, isSelected);
  return link;
}

function setCurrent(link, isCurrent) {
  if (isCurrent) {
    link.setAttribute("aria-current", "true");
  } else {
    link.removeAttribute("aria-current");
  }
}

function timeText(time) {
  if (!time) {
    return "";
  }
  return dayOf(time) === dayOf(new Date().toISOString()) ? shortTime(time) : date.format(new Date(time));
}

// initialOf returns what stands for a name in a circle: its first letter, or the end of a number.
export function initialOf(name) {
  return /^\+?\d+$/.test(name) ? name.slice(-2) : (Array.from(name.slice(0, 10))[0] ?? "");
}
