// The people whom the apps write to, and the messages and events with each of them on each channel.

import { label } from "./message_text.js";

export class People {
  all = new Map(); // By key.
  contacts = new Map(); // By id.
  messages = new Map(); // By id.
  threads = new Map(); // By key.

  // load takes over the state of the fake. With keep, events that the state does not have are kept.
  load(state, keep) {
    const events = keep ? [...this.threads.values()].flatMap((thread) => thread.items.filter((item) => item.event)) : [];
    const unread = keep ? new Map([...this.threads].map(([key, thread]) => [key, thread.unread])) : new Map();
    this.contacts = new Map();
    this.all = new Map();
    this.messages = new Map();
    this.threads = new Map();
    this.#putContacts(state.contacts);
    state.messages.forEach((message) => this.#put(message));
    events.forEach((item) => this.#insert(this.threads.get(item.threadKey), item));
    for (const out of state.opted_out ?? []) {
      this.#threadsOf(out).forEach((thread) => (thread.optedOut = true));
    }
    for (const [key, thread] of this.threads) {
      thread.unread = unread.get(key) ?? 0;
    }
  }

  // put stores messages, and contacts.
  put(messages, contacts) {
    this.#putContacts(contacts);
    for (const message of messages) {
      const before = this.messages.get(message.id);
      const thread = this.#put(message);
      if (before?.threadKey !== thread.key && message.direction === "TO_CONTACT") {
        thread.unread++;
      }
      if (!before && thread.typing?.from === (message.direction === "TO_APP" ? "contact" : "app")) {
        thread.typing = undefined;
      }
    }
  }

  // addEvent stores what happened besides messages. Whoever is typing is not kept for longer than that.
  addEvent(described, from) {
    const thread = this.#threadOf(described);
    const { name } = eventOf(described);
    if (name === "composing_event" || name === "composing_end_event") {
      thread.typing = name === "composing_event" ? { from, since: Date.now() } : undefined;
      return;
    }
    if (name === "opt_out" || name === "opt_in") {
      thread.optedOut = name === "opt_out";
    }
    const id = described.event_id || `event-${described.time}-${described.event ?? ""}`;
    this.#insert(thread, { id, time: Date.parse(described.time), event: described, from, threadKey: thread.key });
  }

  // listed returns the people of an app, the one with the newest message first.
  listed(appID) {
    return [...this.all.values()].filter((person) => person.appID === appID).sort((a, b) => b.time - a.time);
  }

  // newestThread returns the thread of a person with the newest message, of all channels if none is named.
  newestThread(person, channel) {
    const threads = person.threads.filter((thread) => !channel || thread.channel === channel);
    return threads.reduce((newest, thread) => ((thread.items.at(-1)?.time ?? 0) >= (newest?.items.at(-1)?.time ?? -1) ? thread : newest), undefined);
  }

  thread(key) {
    return this.threads.get(key);
  }

  #putContacts(contacts) {
    for (const contact of contacts ?? []) {
      this.contacts.set(contact.id, contact);
      for (const person of this.all.values()) {
        if (person.contactID === contact.id) {
          person.name = nameOf(contact, person);
        }
      }
    }
  }

  #put(message) {
    const before = this.messages.get(message.id);
    const thread = this.#threadOf(message);
    if (message.name && thread.person.name === thread.person.identity) {
      thread.person.name = label(message.name);
    }
    const item = { id: message.id, time: Date.parse(message.accept_time), message, threadKey: thread.key, version: (before?.version ?? 0) + 1 };
    if (before && before.threadKey !== thread.key) {
      const old = this.threads.get(before.threadKey);
      old.items.splice(old.items.findIndex((other) => other.id === item.id), 1);
      this.#insert(old, switched(item, old));
    }
    this.messages.set(message.id, item);
    this.#insert(thread, item);
    return thread;
  }

  // #insert puts an item at its place by time, or in place of the one with its id.
  #insert(thread, item) {
    if (!thread) {
      return;
    }
    const { items } = thread;
    let at = items.length;
    while (at > 0 && (items[at - 1].time > item.time || (items[at - 1].time === item.time && items[at - 1].id > item.id))) {
      at--;
    }
    if (items[at - 1]?.id === item.id) {
      items[at - 1] = item;
    } else {
      items.splice(at, 0, item);
    }
    thread.person.time = Math.max(thread.person.time, item.time);
  }

  // #threadsOf returns the threads of an identity that has opted out, of all channels if no channel is named.
  #threadsOf(out) {
    const found = [...this.threads.values()].filter((thread) => thread.person.appID === out.app_id && thread.identity === out.identity && (!out.channel || thread.channel === out.channel));
    if (found.length > 0 || !out.channel) {
      return found;
    }
    const isTheirs = (identity) => identity.channel === out.channel && identity.identity === out.identity;
    const contact = [...this.contacts.values()].find((known) => known.channel_identities?.some(isTheirs));
    return [this.#threadOf({ ...out, contact_id: contact?.id })];
  }

  // #threadOf returns the thread of a message or event. Without a contact, as in dispatch mode, the person is the identity.
  #threadOf(about) {
    const identity = about.identity ?? "";
    const personKey = `${about.app_id}|${about.contact_id || `@${identity}`}`;
    const key = `${personKey}|${about.channel ?? ""}`;
    if (!this.threads.has(key)) {
      const person = this.#personOf(personKey, about);
      const thread = { key, person, channel: about.channel ?? "", identity, items: [], unread: 0, optedOut: false };
      this.threads.set(key, thread);
      person.threads.push(thread);
    }
    return this.threads.get(key);
  }

  #personOf(key, about) {
    if (!this.all.has(key)) {
      const contact = this.contacts.get(about.contact_id);
      this.all.set(key, {
        key, appID: about.app_id, contactID: about.contact_id ?? "", identity: about.identity ?? "", name: nameOf(contact, about), threads: [], time: 0,
      });
    }
    return this.all.get(key);
  }
}

// switched returns the event that is in a thread in place of a message that has switched to another channel.
function switched({ id, time, message }, thread) {
  const event = { event: "switched_channel", message_id: id, channel: message.channel, time: message.accept_time };
  return { id: `switched-${id}`, time, event, from: "app", threadKey: thread.key };
}

// eventOf returns the name of an event, such as "composing_event" or "opt_in", and its content.
export function eventOf(described) {
  if (described.event) {
    return { name: described.event, content: described };
  }
  const [name, content] = Object.entries(described.contact_event ?? described.body?.event ?? {})[0] ?? ["event", {}];
  return { name, content };
}

// timeOf returns the time of an item as the fake sends it.
export function timeOf(item) {
  return item?.message?.accept_time ?? item?.event?.time;
}

// nameOf returns the name of a contact, else the name or the identity that a message has.
function nameOf(contact, about) {
  const name = contact?.display_name;
  return label(name && name !== "Unknown" ? name : about.name || about.identity || contact?.id || "Unknown");
}
