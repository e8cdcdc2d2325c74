// Sends messages and events as the contact of a thread.

import { h } from "./dom.js";
import { cut } from "./format.js";
import { field, openForm } from "./phone_dialog.js";
import { openMenu } from "./phone_menu.js";

export class Composer {
  #replyTo = "";

  // A composer sends with send(body), which returns a promise. Quoted(id) returns the beginning of a message.
  constructor(send, quoted) {
    this.send = send;
    this.quoted = quoted;
    this.problem = h("p", { class: "problem", role: "alert" });
    this.note = h("p", { class: "note", role: "status" });
    this.text = h("textarea", { rows: 1, "aria-label": "Message as the contact", placeholder: "Write as the contact", onkeydown: (event) => this.#key(event) });
    this.replyText = h("span", {});
    this.reply = h("p", { class: "reply-to", hidden: true }, this.replyText,
      h("button", { type: "button", class: "quiet", "aria-label": "Do not reply to this message", onclick: () => this.replyTo("") }, "×"));
    const attach = h("button", {
      type: "button", class: "quiet attach", "aria-label": "Attach, or send an event", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => this.#attach(attach),
    }, "+");
    this.element = h("form", { class: "composer", "aria-label": "Send as the contact", onsubmit: (event) => this.#submit(event) },
      this.problem, this.note, this.reply, h("div", { class: "composer-line" }, attach, this.text, h("button", { type: "submit" }, "Send")));
  }

  // open makes the composer that of another thread.
  open() {
    this.text.value = "";
    this.problem.textContent = "";
    this.note.textContent = "";
    this.replyTo("");
  }

  focus() {
    this.text.focus();
  }

  // replyTo sets the message that the next one replies to.
  replyTo(id) {
    this.#replyTo = id;
    this.reply.hidden = !id;
    this.replyText.textContent = id ? `Reply to: ${cut(this.quoted(id))}` : "";
    if (id) {
      this.focus();
    }
  }

  // showNote shows what has happened, for some seconds.
  showNote(text) {
    clearTimeout(this.timer);
    this.note.textContent = text;
    this.timer = setTimeout(() => (this.note.textContent = ""), 5000);
  }

  // run calls f and shows its error. It reports whether there was none.
  async run(f) {
    this.problem.textContent = "";
    try {
      await f();
      return true;
    } catch (error) {
      this.problem.textContent = error.message;
      return false;
    }
  }

  // askLocation asks for a location, and sends it as a reply if there is a message to reply to.
  askLocation(replyTo = this.#replyTo) {
    openForm("Send a location", [
      field("title", "Title", { value: "Here" }),
      field("latitude", "Latitude", { value: "52.52", inputmode: "decimal" }),
      field("longitude", "Longitude", { value: "13.405", inputmode: "decimal" }),
    ], "Send", async ({ title, latitude, longitude }) => {
      const coordinates = { latitude: degrees("Latitude", latitude, 90), longitude: degrees("Longitude", longitude, 180) };
      await this.#sendWith({ message: { location_message: { title: title.trim() || "Here", coordinates } } }, replyTo);
    });
  }

  #askMedia() {
    openForm("Send media", [
      field("url", "URL", { type: "url", value: "https://", hint: "Of an image, a video, an audio or another file. The fake does not fetch it" }),
    ], "Send", async ({ url }) => {
      if (!/^https?:\/\/[^/]/i.test(url.trim()) || !URL.canParse(url.trim())) {
        throw new Error("URL: it is not an http or https URL: use one such as https://example.com/photo.jpg");
      }
      await this.#sendWith({ media_url: url.trim() }, this.#replyTo);
    });
  }

  #attach(button) {
    const event = (label, name) => ({ label, run: () => this.run(() => this.send({ event: name })) });
    openMenu(button, "Attach, or send an event", [
      { label: "Media by URL…", run: () => this.#askMedia() },
      { label: "Location…", run: () => this.askLocation() },
      event("Is typing", "composing"),
      event("Stopped typing", "composing_end"),
      event("Opt out", "opt_out"),
      event("Opt in", "opt_in"),
    ]);
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.element.requestSubmit();
    }
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.text.value;
    if (!text.trim()) {
      return;
    }
    this.text.value = "";
    const isSent = await this.run(() => this.#sendWith({ text }, this.#replyTo));
    if (!isSent && !this.text.value) {
      this.text.value = text;
    }
  }

  async #sendWith(body, replyTo) {
    await this.send(replyTo ? { ...body, reply_to: replyTo } : body);
    if (replyTo === this.#replyTo) {
      this.replyTo("");
    }
  }
}

function degrees(name, value, most) {
  const number = Number(value);
  if (value.trim() === "" || Number.isNaN(number) || Math.abs(number) > most) {
    throw new Error(`${name}: it is not a number from -${most} to ${most}: use degrees, such as 52.52`);
  }
  return number;
}
