// Groups requests into calls: the attempts of a client that retries have the same method, path, query and body.

import { stringify } from "./json.js";

const retriedWithin = 2 * 60 * 1000; // Milliseconds from the end of an attempt to the next one.
const retried = new Set([0, 401, 408, 429]);
const spoiling = new Set(["truncated_body", "stall", "empty_body", "bad_json", "cut_gzip", "html"]);

const known = new WeakMap(); // What is computed once for a request: {key, began, ended}.

// groupCalls returns the calls of requests, oldest first. A call is {key, attempts, last, hasUnknown}: its outcome is that of its
// last attempt, and hasUnknown reports whether the outcome of an earlier one is unknown.
export function groupCalls(requests) {
  const calls = [];
  const open = new Map(); // The calls that can have another attempt, by what their attempts have in common.
  for (const request of [...requests].sort((a, b) => a.seq - b.seq)) {
    const { key } = factsOf(request);
    const waiting = open.get(key) ?? [];
    let call = waiting.find(({ last }) => follows(last, request));
    if (call) {
      call.attempts.push(request);
      call.last = request;
    } else {
      call = { key: `request-${request.seq}`, attempts: [request], last: request, hasUnknown: false };
      calls.push(call);
      waiting.push(call);
    }
    open.set(key, waiting.filter(({ last }) => isInconclusive(last)));
  }
  for (const call of calls) {
    call.hasUnknown = call.attempts.slice(0, -1).some((attempt) => attempt.outcome === "unknown");
  }
  return calls;
}

// isInconclusive reports whether a client may retry an attempt: it has no final answer.
function isInconclusive({ status, fault }) {
  return retried.has(status) || status >= 500 || spoiling.has(fault);
}

// timeOfCall returns when a call began, in milliseconds.
export function timeOfCall({ attempts }) {
  return factsOf(attempts[0]).began;
}

function follows(earlier, next) {
  const pause = factsOf(next).began - factsOf(earlier).ended;
  return pause > -1 && pause <= retriedWithin; // The times are in milliseconds, the duration is exact.
}

function factsOf(request) {
  if (!known.has(request)) {
    const began = Date.parse(request.time);
    const key = stringify([request.method, request.path, request.query, request.body]) || request.seq;
    known.set(request, { key, began, ended: began + (request.duration_ms ?? 0) });
  }
  return known.get(request);
}
