// Builds elements. Text becomes text nodes, so nothing from a message becomes markup.

const urlAttributes = new Set(["href", "src", "poster"]);
const forbidden = new Set(["style", "srcdoc", "action", "formaction", "innerHTML", "outerHTML"]);

// h creates an element. A property whose name begins with "on" is an event handler, "class" and "aria-…" are attributes, and
// "value", "checked" and other properties of the element are set as such. Children are nodes, strings, or lists of them; null and false are left out.
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    set(element, name, value);
  }
  append(element, children);
  return element;
}

function set(element, name, value) {
  if (value === undefined || value === null || value === false || forbidden.has(name)) {
    return;
  }
  if (name.startsWith("on")) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2).toLowerCase(), value);
    }
    return;
  }
  if (urlAttributes.has(name)) {
    const url = isOwn(value) ? value : safeURL(value);
    if (url) {
      element.setAttribute(name, url);
    }
    return;
  }
  if (["value", "checked", "disabled", "hidden", "selected", "open", "muted"].includes(name)) {
    element[name] = value;
    return;
  }
  element.setAttribute(name, value === true ? "" : String(value));
}

// isOwn reports whether a URL is a place in this page or one of its files.
function isOwn(value) {
  return typeof value === "string" && (value.startsWith("#/") || /^[a-z]+\.svg$/.test(value));
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(element, child);
    } else if (child instanceof Node) {
      element.append(child);
    } else if (child !== undefined && child !== null && child !== false) {
      element.append(document.createTextNode(String(child)));
    }
  }
}

// replace puts children in place of those that an element has.
export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

// safeURL returns a URL that a link or a medium can have: an absolute http(s), tel or mailto URL. It returns an empty string
// for any other.
export function safeURL(value) {
  try {
    const url = new URL(String(value));
    return ["http:", "https:", "tel:", "mailto:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

// mediaURL returns an http(s) URL, or an empty string.
export function mediaURL(value) {
  const url = safeURL(value);
  return /^https?:/.test(url) ? url : "";
}

// outside returns an element that leads to another site, or plain text if the URL is not safe.
export function outside(url, ...children) {
  const safe = safeURL(url);
  if (!safe) {
    return h("span", { class: "no-link" }, ...children);
  }
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer nofollow", title: safe }, ...children);
}
