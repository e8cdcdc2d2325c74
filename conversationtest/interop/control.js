// Steers the fake over /_fake/, and receives its callbacks with the official SDK.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';

import { ConversationCallbackWebhooks } from '@sinch/sdk-core';

/** Returns functions that call the control API of a fake. They fail unless it answers with 2xx. */
export function steer(fake) {
  const call = async (method, path, body) => {
    const { status, answer } = await ask(fake, method, path, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${answer.error}`);
    return answer;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    remove: (path) => call('DELETE', path),
    /** Waits until no callback is outstanding. */
    settled: async () => assert.deepEqual(await call('POST', '/wait', { timeout: '20s' }), { idle: true }),
  };
}

/** Calls the control API and returns the status and the answer. */
export async function ask(fake, method, path, body) {
  const reply = await fetch(fake.info.control_url + path, { method, body: body && JSON.stringify(body) });
  return { status: reply.status, answer: await reply.json() };
}

/**
 * Starts a server on loopback that receives callbacks. The check of the SDK verifies each, with the secret of its path, and
 * its parser reads each. What does not verify is answered with 401, and fails the file at the end.
 */
export async function receiveCallbacks() {
  const secrets = new Map();
  const received = [];
  const refused = [];
  const statuses = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const body = Buffer.concat(chunks).toString();
    const secret = secrets.get(request.url);
    const webhooks = new ConversationCallbackWebhooks(secret);
    if (!webhooks.validateAuthenticationHeader(request.headers, body, request.url, request.method)) {
      refused.push({ path: request.url, body });
      response.writeHead(401).end();
      return;
    }
    const callback = { path: request.url, headers: request.headers, body, event: webhooks.parseEvent(body), status: statuses.shift() ?? 200 };
    received.push(callback);
    response.writeHead(callback.status).end();
    waiting.splice(0).forEach((wake) => wake());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  let seen = 0;

  return {
    received,
    refused,
    /** Returns the URL of a path, whose callbacks are verified with the secret. */
    url(path, secret) {
      secrets.set(path, secret);
      return `http://127.0.0.1:${server.address().port}${path}`;
    },
    /** Answers the next callbacks with these statuses. */
    answerWith: (...next) => statuses.push(...next),
    /** Returns the next callback that nobody has read. */
    async next() {
      while (received.length <= seen) {
        await new Promise((wake) => waiting.push(wake));
      }
      return received[seen++];
    },
    /** Checks that every callback was read. */
    allRead: () => assert.deepEqual(received.slice(seen).map((callback) => callback.event.trigger), []),
  };
}

let steps = 0;

/** Is a test that counts as a step. */
export function step(name, run) {
  steps++;
  test(name, run);
}

/** Checks and prints, at the end of a file, how many steps there were, and that the SDK verified each of the callbacks. */
export function count(callbacks, least) {
  test('every step is counted, and every callback is verified by the SDK', (t) => {
    t.diagnostic(`${steps} steps through the control API, ${callbacks.received.length} callbacks verified by the Node SDK`);
    assert.ok(steps >= least, `${steps} steps`);
    assert.deepEqual(callbacks.refused, []);
    callbacks.allRead();
  });
}
