// Shows a list message: a button that opens its sections. They close when an item is tapped.

import { h, outside } from "./dom.js";
import { answer, choices, tap } from "./message_choices.js";
import { media, mediaOf } from "./message_media.js";
import { growing, label, text, words } from "./message_text.js";
import { fields, isSet, list, string } from "./message_value.js";

export function menu(value, context) {
  const content = fields(value);
  const properties = fields(content.message_properties);
  const show = (shown) => {
    sections.hidden = !shown;
    open.setAttribute("aria-expanded", String(shown));
  };
  const closeAfterTap = (event) => {
    if (event.target.closest(".menu-item")) {
      show(false);
      open.focus();
    }
  };
  const sections = h("div", { class: "menu", hidden: true, onclick: closeAfterTap },
    growing(h("div"), list(content.sections), (one) => section(one, properties.catalog_id, context)));
  const open = h("button", {
    type: "button",
    class: "choice menu-open",
    "aria-expanded": "false",
    onclick: () => show(sections.hidden),
  }, h("span", { class: "choice-icon", "aria-hidden": "true" }, "☰"), h("span", { dir: "auto" }, label(properties.menu) || "Options"));
  return {
    body: [
      words("p", "header", context.channel === "WHATSAPP" ? properties.whatsapp_header : ""),
      isSet(content.media) && media(content.media, context),
      words("strong", "title", content.title),
      text(content.description),
    ],
    after: h("div", { class: "choices" }, open, sections),
  };
}

function section(value, catalogID, context) {
  const content = fields(value);
  return h("div", { class: "menu-section" },
    words("p", "menu-title", content.title),
    growing(h("div"), list(content.items), (one) => item(one, catalogID, context)),
  );
}

function item(value, catalogID, context) {
  const content = fields(value);
  if (isSet(content.product)) {
    return product(fields(content.product), catalogID, context);
  }
  if (!isSet(content.choice) && !isSet(content.text_message)) {
    return h("div", {}, choices([value], context));
  }
  const chosen = isSet(content.choice) ? fields(content.choice) : { title: fields(content.text_message).text, postback_data: content.postback_data };
  const title = string(chosen.title);
  return h("div", { class: "menu-row" },
    h("button", { type: "button", class: "menu-item", disabled: !context.actions.tap, onclick: () => tap(context, chosen.postback_data, title) },
      h("span", { class: "menu-name", dir: "auto" }, label(title) || "(no title)"), words("small", "", chosen.description)),
    isSet(chosen.media) && thumbnail(chosen.media),
  );
}

// thumbnail leads to a medium, which is too small to be shown in a menu.
function thumbnail(value) {
  const medium = mediaOf(value);
  const element = outside(medium.url, medium.icon);
  element.setAttribute("aria-label", `Open ${medium.file || medium.name}`);
  element.classList.add("menu-media");
  return element;
}

function product(content, catalogID, context) {
  const title = `Product ${label(content.id)}`;
  const chosen = { id: string(content.id), marketplace: string(content.marketplace), quantity: 1 };
  const response = isSet(catalogID) ? { products: [chosen], catalog_id: string(catalogID) } : { products: [chosen] };
  return h("div", { class: "menu-row" },
    h("button", {
      type: "button", class: "menu-item", disabled: !context.actions.tap, onclick: () => answer(context, { product_response_message: response }, title),
    }, h("span", { class: "menu-name", dir: "auto" }, "🛍 ", title), words("small", "", content.marketplace)),
  );
}
