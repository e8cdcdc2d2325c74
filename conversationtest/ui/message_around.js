// Shows what is around the content of a message: who writes, and what is quoted.

import { h, mediaURL } from "./dom.js";
import { initials } from "./message_contact.js";
import { label, words } from "./message_text.js";
import { summary } from "./message_summary.js";
import { fields, isSet, string } from "./message_value.js";
import { to } from "./router.js";

// agentLine shows the agent who writes for the app. The picture is loaded when the person asks for it.
export function agentLine(agent) {
  if (!isSet(agent)) {
    return null;
  }
  const { display_name: name, picture_url: picture, type } = fields(agent);
  return h("div", { class: "agent" },
    avatar(label(name, 60), mediaURL(picture), type),
    words("span", "agent-name", name),
    type === "BOT" && h("span", { class: "badge" }, "Bot"));
}

function avatar(name, picture, type) {
  const face = type === "BOT" && !name ? "🤖" : initials(name);
  if (!picture) {
    return h("span", { class: "avatar", "aria-hidden": "true" }, face);
  }
  const button = h("button", {
    type: "button",
    class: "avatar",
    "aria-label": `Load the picture of ${name || "the agent"}`,
    title: "Load picture",
    onclick: () => {
      const image = h("img", { class: "avatar", alt: "", src: picture, onerror: () => image.replaceWith(avatar(name, "", type)) });
      button.replaceWith(image);
    },
  }, face);
  return button;
}

// quote shows the message that a message answers, and leads to it.
export function quote(id, actions) {
  if (!isSet(id)) {
    return null;
  }
  const quoted = string(id);
  const item = actions.item?.(quoted);
  const words = actions.quoted?.(quoted) || (item ? summary(item, actions.item) : "");
  return h("a", { class: "quote", href: to("message", quoted), "aria-label": `Answer to: ${label(words, 120) || "a message that is not here"}` },
    h("span", { dir: "auto" }, label(words, 120) || `Message ${label(quoted, 40)}`));
}
