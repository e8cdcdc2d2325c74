// Finds the node of a field that breaks the contract.

// isBranch reports whether a value has children.
export function isBranch(value) {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

// locate returns where the path of a field, such as recipient.channel_identities[0].identity, leads in a value: the path to the
// deepest node that exists, and what is missing below it. The path is empty for the whole, such as for "the request".
export function locate(value, field) {
  if (field === "the request") {
    return { path: [], missing: "" };
  }
  const steps = stepsOf(field);
  const path = [];
  let at = value;
  while (path.length < steps.length && isBranch(at) && Object.hasOwn(at, steps[path.length])) {
    at = at[steps[path.length]];
    path.push(steps[path.length]);
  }
  return { path, missing: steps.slice(path.length).join(".") };
}

function stepsOf(field) {
  return [...String(field).matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map((match) => match[1] ?? match[0]);
}
