// Reads the values of a message. Each may be of another type than the contract requires.

// fields returns a value if it is a JSON object, else an empty object.
export function fields(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

export function list(value) {
  return Array.isArray(value) ? value : [];
}

export function isSet(value) {
  return value !== undefined && value !== null && value !== "";
}

// string returns a value as text: a string as it is, without halves of characters, and any other as JSON.
export function string(value) {
  if (value === undefined || value === null) {
    return "";
  }
  return typeof value === "string" ? value.toWellFormed() : json(value, 0);
}

// json returns a value as JSON, with the innermost and the last of what is large left out.
export function json(value, indent = 2) {
  return JSON.stringify(pruned(value, 8, { left: 2000 }), null, indent) ?? "";
}

function pruned(value, depth, budget) {
  budget.left--;
  if (typeof value === "string") {
    return value.length > 2000 ? value.slice(0, 2000) + "…" : value;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (depth === 0 || budget.left < 0) {
    return Array.isArray(value) ? "[…]" : "{…}";
  }
  if (Array.isArray(value)) {
    const kept = value.slice(0, 100).map((element) => pruned(element, depth - 1, budget));
    return value.length > 100 ? [...kept, `… ${value.length - 100} more`] : kept;
  }
  const kept = Object.create(null); // So that "__proto__" is a key as any other.
  const names = Object.keys(value);
  for (const name of names.slice(0, 100)) {
    kept[name] = pruned(value[name], depth - 1, budget);
  }
  if (names.length > 100) {
    kept["…"] = `${names.length - 100} more`;
  }
  return kept;
}

// besideKind are the fields of a message that are not its kind, unless there is nothing else.
const besideKind = new Set(["explicit_channel_message", "channel_specific_message", "explicit_channel_omni_message"]);
const neverKind = new Set(["agent", "reply_to"]);

export function isFromContact(message) {
  return fields(message).direction === "TO_APP";
}

// contentOf returns the kind of a message and its content: for a message to a contact, as its channel shows it.
export function contentOf(message) {
  const stored = fields(fields(message).message);
  const content = fields(isFromContact(message) ? stored.contact_message : fields(message).shown ?? stored.app_message);
  const names = Object.keys(content).filter((name) => isSet(content[name]) && !neverKind.has(name));
  const kind = names.find((name) => !besideKind.has(name)) ?? names[0] ?? "";
  return { kind, value: kind ? content[kind] : undefined };
}

// besideOf returns the fields of a message that are not its content, such as agent and reply_to.
export function besideOf(message) {
  const stored = fields(fields(message).message);
  return fields(isFromContact(message) ? stored.contact_message : stored.app_message);
}
