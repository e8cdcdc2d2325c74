// The cards of the weather.

import {
  channelField, delayField, kindField, oftenField, operationField, reasonField, retryAfterField, statusField,
} from "./weather_fields.js";
import { faultTitle, kinds, scriptTitle } from "./weather_words.js";

function fault(kind, text, fields = [oftenField, operationField], more = {}) {
  return {
    list: "faults", name: kind, title: faultTitle({ kind }), text, fields, rule: { kind, ...more.rule },
    matches: (rule) => rule.kind === kind, ...more.card,
  };
}

const isUnavailable = ({ kind, status }) => kind === "status" && status === 503;

export const faultCards = [
  fault("drop_after_accept", "The request takes effect, and the connection ends without an answer."),
  fault("rate_limit", "The API asks the app to slow down.", [oftenField, operationField, retryAfterField]),
  fault("status", "The API answers with 503, and nothing happens.", undefined,
    { rule: { status: 503 }, card: { name: "unavailable", title: "Unavailable (503)", matches: isUnavailable } }),
  fault("slow", "The answer comes late.", [oftenField, operationField, (title) => delayField(title, "by", { least: 0.1, start: 2 })]),
  fault("expired_token", "The access token is rejected, as if it had expired."),
  fault("revoke_tokens", "All access tokens end before the request is handled."),
  fault("token_endpoint_down", "The app cannot get a token.", [oftenField]),
  fault("reset", "The connection is reset before the request is read."),
  {
    list: "faults", name: "other", title: "Another fault", text: "Choose its kind. The status is for faults that answer.", rule: {},
    fields: [kindField, oftenField, operationField, statusField], matches: (rule) => kinds.includes(rule.kind) && !isUnavailable(rule),
  },
];

const scriptDelay = (title) => delayField(title, "delay of each report");

function script(name, text, fields = []) {
  return {
    list: "scripts", name: `script-${name}`, title: scriptTitle(name), text, rule: { script: name },
    fields: [oftenField, channelField, ...fields, scriptDelay], matches: (rule) => rule.script === name,
  };
}

export const scriptCards = [
  script("fail", "The message is queued on the channel, then fails.", [reasonField]),
  script("fallback", "The first channel fails, the next one delivers.", [reasonField]),
  script("deliver", "The message is queued on the channel, then delivered."),
  script("read", "The message is delivered, then read."),
  script("none", "Nothing is reported about the message."),
];
