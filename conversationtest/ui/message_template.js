// Shows a template that could not be filled in.

import { h } from "./dom.js";
import { channelName } from "./format.js";
import { box, raw, rows, words } from "./message_text.js";
import { fields, isSet } from "./message_value.js";

export function template(value) {
  const content = fields(value);
  const boxes = Object.entries(fields(content.channel_template)).slice(0, 20).map(([channel, one]) => reference(`${channelName(channel)} template`, fields(one)));
  if (isSet(content.omni_template)) {
    boxes.unshift(reference("Template", fields(content.omni_template)));
  }
  return boxes.length > 0 ? boxes : raw("template_message", value);
}

function reference(title, content) {
  const parameters = rows(Object.entries(fields(content.parameters)));
  return box(title,
    words("strong", "title", content.template_id),
    rows([["Version", content.version], ["Language", content.language_code]]),
    parameters && [h("p", { class: "box-part" }, "Parameters"), parameters],
  );
}
