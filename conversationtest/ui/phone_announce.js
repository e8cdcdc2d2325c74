// Announces new messages to screen readers.

import { channelName, cut } from "./format.js";
import { summary } from "./message.js";

const pause = 1500; // Milliseconds between two announcements.

export class Announcer {
  #newest = 0; // The time of the newest message that is known.
  #waiting = [];
  #last = 0;

  constructor({ store, announce }) {
    this.store = store;
    this.announce = announce;
  }

  // update announces the messages that have arrived. With quietly, it only notes them.
  update(quietly) {
    const { people, appID } = this.store;
    const before = this.#newest;
    for (const thread of people.threads.values()) {
      for (let at = thread.items.length - 1; at >= 0 && thread.items[at].time > before; at--) {
        const item = thread.items[at];
        this.#newest = Math.max(this.#newest, item.time);
        if (!quietly && thread.person.appID === appID && item.message?.direction === "TO_CONTACT") {
          this.#waiting.push(item);
        }
      }
    }
    if (this.#waiting.length > 0 && !this.timer) {
      this.timer = setTimeout(() => this.#tell(), Math.max(0, this.#last + pause - Date.now()));
    }
  }

  #tell() {
    const items = this.#waiting;
    this.#waiting = [];
    this.timer = undefined;
    this.#last = Date.now();
    const thread = this.store.people.thread(items.at(-1).threadKey);
    const from = thread ? `Message for ${thread.person.name} on ${channelName(thread.channel)}: ` : "";
    this.announce(items.length === 1 ? from + cut(summary(items[0])) : `${items.length} new messages`);
  }
}
