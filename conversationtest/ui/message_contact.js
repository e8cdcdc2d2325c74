// Shows a business card.

import { h, outside } from "./dom.js";
import { callURL } from "./message_choices.js";
import { label, rows, words } from "./message_text.js";
import { fields, isSet, list, string } from "./message_value.js";

export function contactCard(value) {
  const content = fields(value);
  const name = fields(content.name);
  const organization = fields(content.organization);
  const fullName = label(name.full_name) || label([name.prefix, name.first_name, name.middle_name, name.last_name, name.suffix].filter(isSet).map(string).join(" "));
  return h("div", { class: "contact-card" },
    h("div", { class: "contact-head" },
      h("span", { class: "avatar", "aria-hidden": "true" }, initials(fullName)),
      h("div", {},
        words("strong", "title", fullName || "(no name)"),
        words("div", "quiet-text", [organization.title, organization.department, organization.company].filter(isSet).map(string).join(" · ")),
      ),
    ),
    rows([
      ...each(content.phone_numbers, "Phone", (phone) => outside(callURL(phone.phone_number), label(phone.phone_number))),
      ...each(content.email_addresses, "Email", (email) => outside(`mailto:${encodeURIComponent(string(email.email_address))}`, label(email.email_address))),
      ...each(content.urls, "Web", (page) => outside(page.url, label(page.url))),
      ...each(content.addresses, "Address", addressLine),
      ["Birthday", content.birthday],
    ]),
  );
}

// each returns a row for each element of a list, named after its type.
function each(values, name, valueOf) {
  return list(values).map((value) => {
    const type = label(fields(value).type).toLowerCase();
    return [type ? `${name} (${type})` : name, valueOf(fields(value))];
  });
}

function addressLine(address) {
  return [address.city, address.state, address.zip, address.country || address.country_code].filter(isSet).map(string).join(", ");
}

// initials returns the first letters of the first and the last word of a name.
export function initials(name) {
  const parts = name.split(/[\s@]+/).filter((part) => /[\p{L}\p{N}]/u.test(part));
  const letters = [parts[0], parts.length > 1 ? parts.at(-1) : ""].map((part) => Array.from(part ?? "").find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? "");
  return letters.join("").toUpperCase() || "?";
}
