// Starts a thread as a new contact.

import { channelName, channels } from "./format.js";
import { field, openForm } from "./phone_dialog.js";
import { go, to } from "./router.js";

const phoneChannels = ["SMS", "MMS", "RCS", "WHATSAPP", "VIBERBM"];

// openContact asks for a contact, and opens the thread that its first message begins.
export function openContact(store) {
  const dialog = openForm("New contact", [
    field("channel", "Channel", { options: channels.map((channel) => [channel, channelName(channel)]) }),
    field("identity", "Identity", { required: true, hint: "A phone number with its country code, such as 15551230000. On other channels, the id of the person" }),
    field("name", "Name", { hint: "Optional" }),
    field("text", "First message", { rows: 2, value: "Hello" }),
  ], "Start", async ({ channel, identity, name, text }) => {
    const body = { channel, identity: checkedIdentity(channel, identity), text: text.trim(), name: name.trim() };
    if (!body.text) {
      throw new Error("First message: it is empty: write what the contact sends");
    }
    const answer = await store.receive(body);
    const person = `${store.appID}|${answer.contact_id || `@${body.identity}`}`;
    go(to("phone", person, channel));
  });
  dialog.querySelector("[name=identity]").focus();
}

// checkedIdentity returns an identity as a channel has it. See E164 of the SDK.
function checkedIdentity(channel, identity) {
  const trimmed = identity.trim();
  if (!trimmed) {
    throw new Error("Identity: it is required: write a phone number, or what identifies a person on the channel");
  }
  if (!phoneChannels.includes(channel)) {
    return trimmed;
  }
  const digits = trimmed.replace(/[\s().[\]\p{Pd}]/gu, "").replace(/^(\+|00)/, "");
  if (!/^[1-9][0-9]{6,14}$/.test(digits)) {
    throw new Error("Identity: it is not a phone number: write the country code, then the number, 7 to 15 digits in all");
  }
  return digits;
}
