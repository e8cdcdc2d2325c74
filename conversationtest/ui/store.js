// Holds what the page knows of the fake, and keeps it up to date with the stream of its events.

import { get, post, url } from "./api.js";
import { People } from "./people.js";

const keptRequests = 1000; // As many requests, and as many callbacks, are kept.
const messagesPerCall = 200;

export class Store {
  connection = "connecting"; // connecting, live or lost
  appID = ""; // The app whose phone is shown.
  apps = [];
  now = ""; // The time of the fake when it was last read.
  people = new People();
  requests = new Map(); // By seq, oldest first.
  callbacks = new Map();
  faults = [];
  scripts = { script: "none", scripts: [] };
  setup = {};
  onchange = () => {};

  #changes = new Set();
  #wanted = new Set(); // The ids of messages to read.
  #meanwhile = new Set(); // The ids of messages that have changed since the state was last asked for.
  #reading = false;
  #stream;
  #generation = 0;

  // connect reads the state and follows the stream. When the stream breaks, it begins anew, since the fake may be another.
  async connect() {
    const generation = ++this.#generation;
    this.#stream?.close();
    try {
      await this.#load(generation);
    } catch {
      if (generation === this.#generation) {
        this.#lose();
      }
    }
  }

  async #load(generation) {
    const [state, setup, requests, callbacks, faults, scripts] = await Promise.all([
      get("state"), get("setup"), get(`requests?last=${keptRequests}`), get(`callbacks?last=${keptRequests}`), get("faults"), get("scripts"),
    ]);
    if (generation !== this.#generation) {
      return;
    }
    const before = this.instance;
    this.#wanted.clear();
    Object.assign(this, { instance: state.instance, now: state.now, setup, faults: faults.faults, scripts });
    this.#setApps(state.apps);
    this.people.load(state, before === state.instance);
    this.requests = bySeq(requests.requests);
    this.callbacks = bySeq(callbacks.callbacks);
    this.#follow(state.last_event, generation);
    this.#set("live");
    this.#changed("all");
  }

  #setApps(apps) {
    this.apps = apps;
    if (!apps.some((app) => app.id === this.appID)) {
      this.appID = apps[0]?.id ?? "";
    }
  }

  #follow(after, generation) {
    const stream = new EventSource(url(`events?after=${after}`));
    this.#stream = stream;
    stream.onerror = () => generation === this.#generation && this.#lose();
    for (const [kind, handle] of Object.entries(this.#handlers)) {
      stream.addEventListener(kind, (event) => {
        if (generation === this.#generation) {
          handle(JSON.parse(event.data));
        }
      });
    }
  }

  #handlers = {
    request: (request) => this.#log(this.requests, request, "requests"),
    callback: (callback) => this.#log(this.callbacks, callback, "callbacks"),
    callback_attempt: (callback) => this.#log(this.callbacks, callback, "callbacks"),
    sent: (sent) => this.#messageOrEvent(sent, "app"),
    received: (received) => this.#messageOrEvent(received, "contact"),
    report: (report) => this.#read(report.message_id),
    fault: () => this.#readFaults(),
    faults: (answer) => this.#replaced("faults", () => (this.faults = answer.faults)),
    script: () => this.#readScripts(),
    scripts: (answer) => this.#replaced("scripts", () => (this.scripts = answer)),
    clock: (clock) => this.#replaced("clock", () => (this.now = clock.now)),
    reset: () => this.connect(),
    lost: () => this.connect(),
  };

  #log(log, entry, change) {
    log.set(entry.seq, entry);
    if (log.size > keptRequests) {
      log.delete(log.keys().next().value);
    }
    this.#changed(change);
    if (change === "requests" && /^(Apps|Webhooks)\./.test(entry.operation) && entry.method !== "GET") {
      this.#readApps();
    }
    if (change === "requests" && /^(Contacts|Conversations|Messages\.Delete)/.test(entry.operation) && entry.method !== "GET") {
      this.#readState();
    }
  }

  #messageOrEvent(described, from) {
    if (described.message_id) {
      this.#read(described.message_id);
      return;
    }
    this.people.addEvent(described, from);
    this.#changed("messages");
    this.#changed("people");
  }

  // #read reads a message soon, together with others that have changed.
  async #read(id) {
    if (!id) {
      return;
    }
    this.#wanted.add(id);
    this.#meanwhile.add(id);
    if (this.#reading) {
      return;
    }
    this.#reading = true;
    await null;
    while (this.#wanted.size > 0) {
      const generation = this.#generation;
      const ids = [...this.#wanted].slice(0, messagesPerCall);
      ids.forEach((wanted) => this.#wanted.delete(wanted));
      try {
        const answer = await get(`messages?ids=${ids.map(encodeURIComponent).join(",")}`);
        if (generation === this.#generation) {
          this.people.put(answer.messages, answer.contacts);
          this.#changed("messages");
          this.#changed("people");
        }
      } catch {
        break; // As in later.
      }
    }
    this.#reading = false;
  }

  #readApps = later(async () => {
    const state = await get("state");
    this.#setApps(state.apps);
    this.#changed("apps");
  });

  #readState = later(async () => {
    const generation = this.#generation;
    const meanwhile = (this.#meanwhile = new Set());
    const state = await get("state");
    if (generation !== this.#generation) {
      return;
    }
    this.people.load(state, true);
    meanwhile.forEach((id) => this.#read(id));
    this.#changed("messages");
    this.#changed("people");
  });

  #readFaults = later(async () => {
    this.faults = (await get("faults")).faults;
    this.#changed("faults");
  });

  #readScripts = later(async () => {
    this.scripts = await get("scripts");
    this.#changed("scripts");
  });

  #replaced(what, keep) {
    keep();
    this.#changed(what);
  }

  #lose() {
    this.#stream?.close();
    const generation = ++this.#generation;
    this.#set("lost");
    setTimeout(() => generation === this.#generation && this.connect(), 500);
  }

  #set(connection) {
    this.connection = connection;
    this.#changed("connection");
  }

  // #changed calls onchange with all changes of a frame, and in a hidden tab with those of a quarter of a second.
  #changed(what) {
    const waiting = this.#changes.size > 0;
    this.#changes.add(what);
    if (waiting) {
      return;
    }
    const tell = () => {
      const changes = this.#changes;
      this.#changes = new Set();
      this.onchange(changes);
    };
    if (document.hidden) {
      setTimeout(tell, 250);
    } else {
      requestAnimationFrame(tell);
    }
  }

  // readRules reads the faults and the scripts now, such as after the page has changed them.
  async readRules() {
    try {
      const [faults, scripts] = await Promise.all([get("faults"), get("scripts")]);
      Object.assign(this, { faults: faults.faults, scripts });
      this.#changed("faults");
      this.#changed("scripts");
    } catch {
      // The stream breaks too, and the state is read anew.
    }
  }

  // touch reports a change that the page made itself, such as another selection.
  touch(what) {
    this.#changed(what);
  }

  selectApp(id) {
    this.appID = id;
    this.#changed("all");
  }

  // receive sends a message or an event as a contact. See POST /_fake/receive.
  receive(body) {
    return post("receive", { app_id: this.appID, ...body });
  }
}

function bySeq(entries) {
  return new Map(entries.map((entry) => [entry.seq, entry]));
}

// later returns a function that runs f soon, once for all calls until then, and after an earlier run has ended.
function later(f) {
  let waiting = false;
  let last = Promise.resolve();
  return () => {
    if (waiting) {
      return;
    }
    waiting = true;
    setTimeout(() => {
      waiting = false;
      last = last.then(f).catch(() => {}); // The stream breaks too, and the state is read anew.
    }, 50);
  };
}
