// Shows the text of a message: with links, without reordering what is around it, and shortened if it is long.

import { h, outside, replace } from "./dom.js";
import { isSet, json, string } from "./message_value.js";

const shownAtFirst = 2000; // characters
const maxLinks = 200;
const link = /https?:\/\/[^\s<>"]+/gi;
const afterLink = ".,;:!?'*_~…»”’]}";

const directions = { "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO" };

// visible returns a string with symbols in place of the characters that control a terminal or reorder text.
export function visible(value) {
  return string(value)
    .replaceAll("\r\n", "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/g, symbol);
}

function symbol(character) {
  const code = character.charCodeAt(0);
  if (code < 0x20) {
    return String.fromCharCode(0x2400 + code);
  }
  if (code < 0xa0) {
    return code === 0x7f ? "␡" : "␦";
  }
  return `⟦${directions[character]}⟧`;
}

// text shows a string of any length.
export function text(value, className = "text") {
  if (!isSet(value)) {
    return null;
  }
  const whole = visible(value);
  const element = h("div", { class: className, dir: "auto" });
  show(element, whole, shownAtFirst);
  return element;
}

function show(element, whole, limit) {
  if (whole.length <= limit) {
    replace(element, linked(whole));
    return;
  }
  const more = h("button", {
    type: "button",
    class: "quiet show-all",
    onclick: () => {
      show(element, whole, 100 * limit);
      element.tabIndex = -1;
      element.focus();
    },
  }, `Show all ${whole.length.toLocaleString()} characters`);
  replace(element, linked(beginning(whole, limit)), "… ", more);
}

// beginning returns the first characters of a string, without half of one.
function beginning(value, limit) {
  const isHalf = /[\ud800-\udbff]/.test(value[limit - 1] ?? "");
  return value.slice(0, isHalf ? limit - 1 : limit);
}

// label returns a string for one line, such as the text of a button.
export function label(value, limit = 200) {
  const whole = visible(string(value).slice(0, 4 * limit)).replace(/\s+/g, " ").trim();
  return whole.length > limit ? beginning(whole, limit) + "…" : whole;
}

// words shows one line in an element.
export function words(tag, className, value) {
  return isSet(value) ? h(tag, { class: className, dir: "auto" }, label(value, 500)) : null;
}

// linked returns text with links in place of its http(s) URLs.
function linked(whole) {
  const parts = [];
  let end = 0;
  let links = 0;
  for (const match of whole.matchAll(link)) {
    if (links++ >= maxLinks) {
      break;
    }
    const url = withoutPunctuation(match[0]);
    parts.push(whole.slice(end, match.index), outside(url, url));
    end = match.index + url.length;
  }
  parts.push(whole.slice(end));
  return parts;
}

// withoutPunctuation returns a URL without what ends the sentence or the parentheses around it.
function withoutPunctuation(url) {
  let unopened = url.split(")").length - url.split("(").length;
  let end = url.length;
  while (end > 0) {
    if (url[end - 1] === ")" && unopened > 0) {
      unopened--;
    } else if (!afterLink.includes(url[end - 1])) {
      break;
    }
    end--;
  }
  return url.slice(0, end);
}

// growing shows the first values in an element, followed by a button that shows more.
export function growing(parent, values, render, limit = 30) {
  const grow = (end) => {
    const start = parent.children.length;
    parent.append(...h("div", {}, values.slice(start, end).map(render)).childNodes);
    return parent.children[start];
  };
  grow(limit);
  if (values.length <= limit) {
    return [parent];
  }
  const more = h("button", {
    type: "button",
    class: "quiet show-all",
    onclick: () => {
      grow(parent.children.length + 1000)?.focus();
      more.hidden = parent.children.length >= values.length;
    },
  }, `Show all ${values.length.toLocaleString()}`);
  return [parent, more];
}

// raw shows a value as JSON below its label.
export function raw(title, value, open = false) {
  return h("details", { class: "raw", open }, h("summary", { dir: "auto" }, label(title)), h("pre", { dir: "ltr", tabindex: "0" }, visible(json(value))));
}

// box shows what a phone has its own screen for, below a label.
export function box(title, ...children) {
  return h("div", { class: "labelled-box", role: "group", "aria-label": title }, h("p", { class: "box-label" }, title), children);
}

// rows shows names and values. Those without a value are left out.
export function rows(entries) {
  const shown = entries.filter(([, value]) => isSet(value));
  return shown.length > 0 ? growing(h("dl", { class: "rows" }), shown, nameAndValue) : null;
}

function nameAndValue([name, value]) {
  return h("div", {}, h("dt", { dir: "auto" }, label(name)), h("dd", { dir: "auto" }, value instanceof Node ? value : label(value, 500)));
}
