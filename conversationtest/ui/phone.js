// The view Phone: the people whom an app writes to, and a thread with one of them as their phone shows it.

import { h, replace } from "./dom.js";
import { Announcer } from "./phone_announce.js";
import { openContact } from "./phone_contact.js";
import { PeopleList } from "./phone_list.js";
import { firstSteps } from "./phone_start.js";
import { ThreadView } from "./phone_thread.js";
import { go, to } from "./router.js";

export function mountPhone(context) {
  return new Phone(context);
}

const wide = matchMedia("(min-width: 721px)"); // Else, the list and the thread are pages. As in phone.css.
const nowhere = { kind: "phone", parts: [] };

class Phone {
  #place = nowhere;
  #key = ""; // That of the thread that is open.
  #wasEmpty = false;

  constructor(context) {
    this.context = context;
    this.store = context.store;
    this.announcer = new Announcer(context);
    this.newContact = () => openContact(this.store);
    this.list = new PeopleList(context, this.newContact);
    this.thread = new ThreadView(context);
    this.stage = h("div", { class: "phone-stage" });
    this.element = h("section", { class: "phone", "aria-label": "Phone" }, h("h1", { class: "visually-hidden" }, "Phone"), this.list.element, this.stage);
    wide.addEventListener("change", () => this.element.isConnected && this.update(new Set(["people"])));
  }

  show(place) {
    this.#place = place;
    if (place.parts.length === 0 && !wide.matches) {
      this.#key = "";
    }
    this.#resolve();
    this.list.update(this.#key);
  }

  hide() {
    this.thread.log.leave();
  }

  update(changes) {
    if (!["all", "people", "messages", "apps"].some((change) => changes.has(change))) {
      return;
    }
    const thread = this.#open;
    if (thread?.items.length === 0) {
      this.#follow(thread);
    } else if (thread) {
      thread.unread = 0;
      this.thread.update(thread);
    } else {
      this.#drop();
      this.#resolve();
    }
    this.list.update(this.#key);
    this.announcer.update(changes.has("all"));
  }

  // key handles a key, and reports whether it did.
  key(event) {
    const keys = { "/": () => this.#search(), n: this.newContact, r: () => this.#open && this.thread.composer.focus() };
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (Object.hasOwn(keys, event.key)) {
      keys[event.key]();
      return true;
    }
    if (!by) {
      return false;
    }
    const isInLog = this.thread.log.element.contains(event.target);
    if (isInLog && event.key.startsWith("Arrow")) {
      return false;
    }
    (isInLog ? this.thread.log : this.list).move(by);
    return true;
  }

  // #open is the thread that is open, if it is still there and of the app that is selected.
  get #open() {
    const thread = this.store.people.thread(this.#key);
    return thread?.person.appID === this.store.appID ? thread : undefined;
  }

  // #resolve shows the thread of the place, if there is one.
  #resolve() {
    const { kind, parts } = this.#place;
    const { people, instance } = this.store;
    if (!instance) {
      this.#notice("Loading");
    } else if (kind === "message") {
      const item = people.messages.get(parts[0]);
      this.#openThread(item && people.thread(item.threadKey), parts[0], `The fake has no message ${parts[0] ?? ""}. It may be from before a restart or a reset.`);
    } else if (parts.length >= 2) {
      this.#openThread(people.thread(`${parts[0]}|${parts[1]}`), "", "There is no such thread. It may be from before a restart or a reset.");
    } else {
      this.#choose();
    }
  }

  // #choose opens the newest thread, unless the list is a page.
  #choose() {
    const [newest] = this.store.people.listed(this.store.appID);
    if (!newest) {
      this.#wasEmpty = true;
      const { setup, appID } = this.store;
      this.#showStage("thread", `start ${JSON.stringify(setup)} ${appID}`, () => firstSteps({ ...setup, app_id: appID }, this.context, this.newContact));
      return;
    }
    if (!wide.matches && !this.#wasEmpty) {
      this.#showStage("list", "none", () => h("p", { class: "empty" }, "Select a person"));
      return;
    }
    const thread = this.#open ?? this.store.people.newestThread(newest);
    this.#place = nowhere;
    go(to("phone", thread.person.key, thread.channel), true);
    this.#openThread(thread);
  }

  #openThread(thread, messageID, missing) {
    if (!thread) {
      this.#notice(missing);
      return;
    }
    this.#wasEmpty = false;
    if (thread.person.appID !== this.store.appID) {
      this.store.selectApp(thread.person.appID);
    }
    const isOpen = this.#key === thread.key && this.stage.contains(this.thread.element);
    this.#key = thread.key;
    thread.unread = 0;
    this.#showStage("thread", "thread", () => this.thread.element);
    if (!isOpen || (messageID && !this.thread.log.show(messageID))) {
      this.thread.open(thread, messageID);
    }
    if (!messageID && !wide.matches) {
      this.thread.log.scroller.focus({ preventScroll: true });
    }
  }

  // #follow opens the thread to which the messages of a thread have moved with a switch of their channel.
  #follow(thread) {
    const next = this.store.people.newestThread(thread.person);
    if (next.items.length > 0) {
      go(to("phone", next.person.key, next.channel), true);
      this.#openThread(next);
    } else {
      this.thread.update(thread);
    }
  }

  // #drop forgets a thread that is gone.
  #drop() {
    if (this.#key) {
      this.#place = nowhere;
      this.#key = "";
      go("#/phone", true);
    }
  }

  #notice(text) {
    this.#key = "";
    this.#showStage("thread", text, () => h("p", { class: "empty", role: "status" }, text, " ", this.store.instance && h("a", { href: "#/phone" }, "Open the phone")));
  }

  // #showStage shows what build returns, unless that is shown.
  #showStage(page, name, build) {
    this.element.dataset.page = page;
    if (this.stage.dataset.shown !== name) {
      this.stage.dataset.shown = name;
      replace(this.stage, build());
    }
  }

  #search() {
    if (!wide.matches) {
      go("#/phone", true);
      this.show(nowhere);
    }
    this.list.focusSearch();
  }
}
