// Shows cards, and rows of cards to swipe through.

import { h, replace } from "./dom.js";
import { choices } from "./message_choices.js";
import { media } from "./message_media.js";
import { growing, text, words } from "./message_text.js";
import { fields, isSet, list, string } from "./message_value.js";

const heights = new Set(["SHORT", "MEDIUM", "TALL"]);

export function card(value, context) {
  const content = fields(value);
  const header = context.channel === "WHATSAPP" ? fields(content.message_properties).whatsapp_header : "";
  return h("div", { class: "card", "data-height": heights.has(content.height) ? content.height : null },
    words("p", "header", header),
    isSet(content.media_message) && media(content.media_message, context),
    (isSet(content.title) || isSet(content.description)) && h("div", { class: "card-text" }, words("strong", "title", content.title), text(content.description)),
    choices(content.choices, context),
    !Object.keys(content).length && string(value),
  );
}

export function carousel(value, context) {
  const content = fields(value);
  return { body: row(list(content.cards), (one) => card(one, context)), after: choices(content.choices, context) };
}

// row shows values side by side, to swipe through.
export function row(values, render) {
  const count = values.length;
  const position = h("span", { class: "carousel-position", role: "status" });
  const slides = h("ul", { class: "track", tabindex: "0", "aria-label": `${count} cards` });
  const [track, more] = growing(slides, values, (value) => h("li", { class: "slide" }, render(value)));
  const previous = h("button", { type: "button", class: "carousel-button", "aria-label": "Previous card", onclick: () => move(-1) }, "‹");
  const next = h("button", { type: "button", class: "carousel-button", "aria-label": "Next card", onclick: () => move(1) }, "›");
  let current = 0;

  function move(by) {
    if (count === 0) {
      return;
    }
    const to = Math.min(Math.max(current + by, 0), track.children.length - 1);
    const left = track.children[to].offsetLeft - track.children[0].offsetLeft;
    track.scrollTo({ left, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
    arrive(to);
  }

  function arrive(at) {
    current = at;
    previous.disabled = at === 0;
    next.disabled = at === track.children.length - 1;
    replace(position, `${at + 1} of ${count}`);
  }

  track.addEventListener("scrollend", () => arrive(nearest(track, current)));
  function pressed(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by && !event.target.closest("video, audio")) {
      event.preventDefault();
      move(by);
    }
  }

  arrive(0);
  return h("div", { class: "carousel", role: "group", "aria-roledescription": "carousel", "aria-label": "Cards", onkeydown: pressed },
    track, count > 1 && h("div", { class: "carousel-bar" }, previous, position, next, more));
}

// nearest returns the index of the slide at the beginning of the track, or the current one if the track cannot scroll to it.
function nearest(track, current) {
  const isAtEnd = track.scrollLeft + track.clientWidth >= track.scrollWidth - 2;
  const distances = Array.from(track.children, (slide) => Math.abs(slide.offsetLeft - track.children[0].offsetLeft - track.scrollLeft));
  const at = distances.indexOf(Math.min(...distances));
  return isAtEnd ? Math.max(at, current) : at;
}
