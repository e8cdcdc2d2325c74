// What the phone shows before there is anybody.

import { post } from "./api.js";
import { copyButton } from "./copy.js";
import { sendCurl } from "./curl.js";
import { h } from "./dom.js";

// firstSteps shows how to send the first message. start begins as a new contact.
export function firstSteps(setup, { announce }, start) {
  const command = sendCurl(setup);
  const problem = h("p", { class: "problem", role: "alert" });
  const send = h("button", { type: "button", onclick: sendOne }, "Send a test message");
  async function sendOne() {
    problem.textContent = "";
    send.disabled = true;
    try {
      await post("send", { app_id: setup.app_id, channel: "SMS", identity: "15551230000", text: "Hello from the fake" });
    } catch (failure) {
      problem.textContent = failure.message;
    }
    send.disabled = false;
  }
  return h("div", { class: "phone-start" },
    h("h2", {}, "No messages yet"),
    h("p", {}, "Send one with your app, or with this command. It appears here."),
    h("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, command),
    h("p", { class: "buttons" }, send, copyButton(command, "Copy", announce), h("button", { type: "button", class: "quiet", onclick: start }, "Start as a new contact")),
    problem);
}
