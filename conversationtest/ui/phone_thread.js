// A thread as a phone of its channel shows it. Its owner is the contact, so the app's messages are on the left.

import { h } from "./dom.js";
import { channelName } from "./format.js";
import { summary } from "./message.js";
import { label } from "./message_text.js";
import { Composer } from "./phone_composer.js";
import { Log } from "./phone_log.js";
import { openMenu } from "./phone_menu.js";
import { initialOf } from "./phone_person.js";
import { menuOf } from "./phone_reports.js";
import { changeRow, createRow } from "./phone_row.js";

const typingFor = 6000; // Milliseconds.

export class ThreadView {
  constructor({ store }) {
    this.store = store;
    this.composer = new Composer((body) => this.#send(body), (id) => this.#quoted(id));
    this.log = new Log((item) => createRow(item, this.#actions, (id, button) => this.#menu(id, button)), (row, item) => changeRow(row, item, this.#actions));
    this.name = h("h2", {});
    this.subtitle = h("p", {});
    this.initial = h("span", { class: "avatar", "aria-hidden": "true" });
    this.banner = h("p", { class: "opted-out", hidden: true }, "This contact has opted out. ",
      h("button", { type: "button", onclick: () => this.composer.run(() => this.#send({ event: "opt_in" })) }, "Opt in again"));
    this.element = h("article", { class: "device thread", "aria-label": "Thread" },
      h("header", { class: "device-bar" }, h("a", { class: "back", href: "#/phone", "aria-label": "Back to the people" }, "‹"), this.initial, h("div", {}, this.name, this.subtitle)),
      this.banner, this.log.element, this.composer.element);
  }

  // open shows a thread: its newest messages, or the one with an id.
  open(thread, id) {
    if (this.thread?.key !== thread.key) {
      this.composer.open();
    }
    this.#show(thread);
    this.log.open(thread.items, id);
  }

  // update shows what has changed in the thread.
  update(thread) {
    this.#show(thread);
    this.log.update(thread.items);
  }

  #show(thread) {
    const { person } = (this.thread = thread);
    const app = this.store.apps.find((known) => known.id === person.appID);
    const place = `${channelName(thread.channel)} with ${app?.display_name || "the app"}`;
    const subtitle = person.name === thread.identity ? place : `${label(thread.identity)} · ${place}`;
    if (this.name.textContent !== person.name || this.subtitle.textContent !== subtitle) {
      this.name.textContent = person.name;
      this.subtitle.textContent = subtitle;
      this.initial.textContent = initialOf(person.name);
      this.element.setAttribute("aria-label", `${person.name} on ${channelName(thread.channel)}`);
    }
    this.element.dataset.channel = thread.channel;
    this.#actions.channel = thread.channel;
    this.banner.hidden = !thread.optedOut;
    this.#showTyping();
  }

  // #showTyping shows who is typing, for some seconds.
  #showTyping() {
    const { typing, person } = this.thread;
    const left = typing ? typing.since + typingFor - Date.now() : 0;
    clearTimeout(this.timer);
    this.log.typing.hidden = left <= 0;
    if (left > 0) {
      this.log.typing.textContent = typing.from === "app" ? "App is typing…" : `${person.name} is typing…`;
      this.log.typing.dataset.from = typing.from;
      this.timer = setTimeout(() => this.#showTyping(), left);
    }
  }

  #actions = {
    channel: "",
    tap: ({ postback_data, message, reply_to }) => this.composer.run(() => this.#send(message ? { message, reply_to } : { postback_data, reply_to })),
    shareLocation: (id) => this.composer.askLocation(id),
    reply: (id) => this.composer.replyTo(id),
    quoted: (id) => this.#quoted(id),
    item: (id) => this.store.people.messages.get(id),
  };

  #quoted(id) {
    const item = this.store.people.messages.get(id);
    return item ? summary(item, this.#actions.item) : "";
  }

  async #send(body) {
    const { key, person, channel, identity } = this.thread;
    await this.store.receive({ app_id: person.appID, channel, identity, ...body });
    if (key === this.thread.key) {
      this.log.follow();
    }
  }

  #menu(id, button) {
    const item = this.store.people.messages.get(id);
    if (item) {
      const { store, composer } = this;
      openMenu(button, "Actions", menuOf(item, {
        store, note: (text) => composer.showNote(text), report: (f) => composer.run(f), reply: (replied) => composer.replyTo(replied),
      }));
    }
  }
}
