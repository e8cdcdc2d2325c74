// Writes commands for a shell.

import { stringify } from "./json.js";

// quote returns a string as one word of a shell. Control characters are escaped, so that a terminal does not act on them.
export function quote(value) {
  const text = String(value);
  if (/^[\w./:@%+=,-]+$/.test(text)) {
    return text;
  }
  if (!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text)) {
    return `'${text.replaceAll("'", "'\\''")}'`;
  }
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `$'${escaped}'`;
}

// curl returns a command that makes a request with the credentials of the fake.
export function curl(setup, { method = "POST", url, body }) {
  const lines = [`curl -u ${quote(`${setup.key_id}:${setup.key_secret}`)}`];
  if (method !== (body === undefined ? "GET" : "POST")) {
    lines.push(`-X ${quote(method)}`);
  }
  lines.push(quote(url));
  if (body !== undefined) {
    const isText = typeof body === "string";
    lines.push(`-H 'Content-Type: ${isText ? "application/x-www-form-urlencoded" : "application/json"}'`);
    lines.push(`--data-raw ${quote(isText ? body : stringify(body))}`);
  }
  return lines.join(" \\\n  ");
}

// requestCurl returns a command that makes a request again.
export function requestCurl(setup, request) {
  const url = new URL(request.path, setup.base_url);
  for (const [name, values] of Object.entries(request.query ?? {})) {
    values.forEach((value) => url.searchParams.append(name, value));
  }
  return curl(setup, { method: request.method, url: url.href, body: request.body ?? undefined });
}

// sendCurl returns a command that sends a message.
export function sendCurl(setup) {
  return curl(setup, {
    url: `${setup.base_url}/v1/projects/${setup.project_id}/messages:send`,
    body: {
      app_id: setup.app_id,
      recipient: { identified_by: { channel_identities: [{ channel: "SMS", identity: "15551230000" }] } },
      message: { text_message: { text: "Hello from curl" } },
    },
  });
}

// webhookCurl returns a command that registers a webhook.
export function webhookCurl(setup) {
  return curl(setup, {
    url: `${setup.base_url}/v1/projects/${setup.project_id}/webhooks`,
    body: {
      app_id: setup.app_id,
      target: "http://127.0.0.1:3000/callbacks",
      target_type: "HTTP",
      secret: "a secret of your choice",
      triggers: ["MESSAGE_INBOUND", "MESSAGE_DELIVERY", "EVENT_INBOUND", "OPT_IN", "OPT_OUT"],
    },
  });
}
