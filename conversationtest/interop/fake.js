// Starts conversation-fake and connects the official SDK to it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { SinchClient } from '@sinch/sdk-core';

const program = process.env.CONVERSATION_FAKE;
assert.ok(program, 'CONVERSATION_FAKE must name the program; "make interop" sets it');

/** Starts a separate fake for a test file, on a free port. Flags are added to those of the program. */
export async function startFake(flags = []) {
  const child = spawn(program, ['-addr', '127.0.0.1:0', '-script', 'none', '-contract', 'platform', '-mode', 'conversation', '-log', 'json', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  process.once('exit', () => child.kill('SIGKILL'));
  const log = [];
  const stderr = createInterface({ input: child.stderr });
  stderr.on('line', (line) => log.push(line));
  const stderrEnded = once(stderr, 'close');

  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(([code]) => assert.fail(`the fake ended with code ${code}:\n${log.join('\n')}`)),
  ]);
  const info = JSON.parse(line);
  let stopped;

  return {
    info,
    /** Returns the services of an SDK client that sends every request to the fake. */
    connect(credentials = {}) {
      return new SinchClient({
        projectId: info.project_id,
        keyId: info.key_id,
        keySecret: info.key_secret,
        ...credentials,
        conversationRegion: 'us',
        authHostname: info.base_url,
        conversationHostname: info.base_url,
        conversationTemplatesHostname: info.base_url,
        logger: null, // The SDK would also log the failures that a test expects.
      }).conversation;
    },
    /** Stops the fake with SIGTERM and returns its log, which has a line for each request. */
    stop() {
      stopped ??= end();
      return stopped;
    },
  };

  async function end() {
    const began = Date.now();
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null], 'exit code and signal');
    assert.ok(Date.now() - began < 1000, 'it ends within a second');
    await stderrEnded;
    return log.map((entry) => JSON.parse(entry));
  }
}

/** Checks that the fake rejects a call with the platform's error body. */
export async function rejected(call, code, status, message) {
  await assert.rejects(call, (failure) => {
    assert.equal(failure.statusCode, code, failure.message);
    const { error } = JSON.parse(failure.data);
    assert.equal(error.code, code);
    assert.equal(error.status, status);
    assert.match(error.message, message);
    assert.ok(Array.isArray(error.details));
    return true;
  });
}

export const notFound = (call) => rejected(call, 404, 'NOT_FOUND', /not found/);

/** Returns the ids of all items of a list, read page by page, and the sizes of the pages. */
export async function pages(firstPage) {
  const ids = [];
  const sizes = [];
  for (let page = await firstPage; ; page = await page.nextPage()) {
    ids.push(...page.data.map((item) => item.id));
    sizes.push(page.data.length);
    if (!page.hasNextPage) {
      return { ids, sizes };
    }
  }
}

/** Returns the ids of all items of a list, read with the SDK's iterator. */
export async function iterate(list) {
  const ids = [];
  for await (const item of list) {
    ids.push(item.id);
  }
  return ids;
}

/** Returns a new phone number on each call. */
export const newNumber = () => `1555${String(++numbers).padStart(7, '0')}`;
let numbers = 0;

/** Matches the ids of the platform. */
export const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;
