// Describes faults and scripts, and durations as the fake writes them.

const titles = {
  drop_after_accept: "Drop the answer", rate_limit: "Too many requests (429)", slow: "Slow answers", expired_token: "Expired tokens",
  revoke_tokens: "Revoked tokens", token_endpoint_down: "Token endpoint down", reset: "Connection reset",
  html: "HTML of a proxy", bad_json: "Bad JSON",
};

const scriptTitles = {
  deliver: "Delivered", read: "Read", fail: "Channel fails", fallback: "Fallback to the next channel", none: "No reports",
};

export const kinds = [
  "refuse", "unknown_host", "bad_certificate", "connect_hang", "reset_mid_request", "hang", "status", "html", "redirect", "hang_after_accept",
  "status_after_accept", "truncated_body", "stall", "empty_body", "bad_json", "cut_gzip",
];

export const operations = [
  "Messages.Send", "Messages.Get", "Messages.List", "Events.Send", "Contacts.Create", "Contacts.List", "Conversations.List", "Capability.Query",
  "Webhooks.Create", "Templates.List", "Batches.Send",
];

export function faultTitle({ kind, status }) {
  if (kind === "status") {
    return status ? `Status ${status}` : "Error status";
  }
  return Object.hasOwn(titles, kind) ? titles[kind] : words(kind);
}

export function scriptTitle(script) {
  return Object.hasOwn(scriptTitles, script) ? scriptTitles[script] : words(script);
}

export function words(name) {
  const text = String(name).replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// howOften describes the limits of a rule.
export function howOften({ times, probability, skip }) {
  const parts = [times ? `the next ${times}` : "every time"];
  if (probability) {
    parts.push(`with a chance of ${Math.round(probability * 100)} %`);
  }
  if (skip) {
    parts.push(`after ${skip} others`);
  }
  return parts.join(", ");
}

export function happened(hits) {
  return hits === 0 ? "has not happened yet" : `happened ${hits === 1 ? "once" : `${hits.toLocaleString()} times`}`;
}

const units = { h: 3600, m: 60, s: 1, ms: 0.001, "µs": 1e-6, ns: 1e-9 };

// seconds returns the seconds of a duration such as "1h30m0.5s".
export function seconds(duration) {
  return [...String(duration ?? "").matchAll(/([\d.]+)(h|ms|m|s|µs|ns)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * units[unit], 0);
}

// readable returns a duration such as "26h0m0s" for people.
export function readable(duration) {
  let rest = seconds(duration);
  const parts = [];
  for (const [name, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) {
      parts.push(`${count.toLocaleString()} ${name}${count === 1 ? "" : "s"}`);
    }
  }
  if (rest >= 0.001 || parts.length === 0) {
    parts.push(`${Math.round(rest * 1000) / 1000} s`);
  }
  return parts.join(" ");
}
