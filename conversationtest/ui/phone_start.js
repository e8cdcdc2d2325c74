// What the phone shows before there is anybody.

import { copyButton } from "./copy.js";
import { h } from "./dom.js";

// firstSteps shows how to send the first message. start begins as a new contact.
export function firstSteps(setup, appID, start) {
  const command = curl(setup, appID);
  return h("div", { class: "phone-start" },
    h("h2", {}, "No messages yet"),
    h("p", {}, "Send one with your app, or with this command. It appears here."),
    h("pre", { tabindex: "0", "aria-label": "Command" }, command),
    h("p", { class: "buttons" }, copyButton(command), h("button", { type: "button", class: "quiet", onclick: start }, "Start as a new contact")));
}

function curl(setup, appID) {
  const body = {
    app_id: appID,
    recipient: { identified_by: { channel_identities: [{ channel: "SMS", identity: "15551230000" }] } },
    message: { text_message: { text: "Hello from curl" } },
  };
  return [
    `curl -u ${quoted(`${setup.key_id}:${setup.key_secret}`)}`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`,
    quoted(`${setup.base_url}/v1/projects/${setup.project_id}/messages:send`),
  ].join(" \\\n  ");
}

// quoted returns a string as a shell reads it.
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
