// docs/from-node.md: its tables have every name of the SDK and no other, and its example runs.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

import { ConversationCallbackWebhooks, ConversationDomainApi, ConversationService } from '@sinch/sdk-core';

import { startFake } from './fake.js';
import { exportedNames, methodsOf, serviceMethods } from './names.js';

const page = readFileSync(new URL('../../docs/from-node.md', import.meta.url), 'utf8');
const code = (text) => [...text.matchAll(/`([^`]*)`/g)].map(([, name]) => name);

/** Returns the cells of the rows of all tables in a section, without their headers. */
function rows(heading) {
  const [, section] = page.split(`\n## ${heading}\n`);
  return section.split('\n## ')[0].split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split(' | '));
}

const sorted = (names) => [...names].sort();

test('the table has every method of the services, and no other', () => {
  const named = rows('Methods').flatMap(([node]) => code(node)).filter((name) => /^[a-z]/.test(name));
  assert.deepEqual(sorted(named), sorted(serviceMethods()));
});

test('the table has every method of the classes, and no other', () => {
  const named = rows('Methods').flatMap(([node]) => code(node)).filter((name) => /^[A-Z]/.test(name));
  const methods = [ConversationService, ConversationDomainApi, ConversationCallbackWebhooks]
    .flatMap((type) => methodsOf(type).map((method) => `${type.name}.${method}`));
  assert.deepEqual(sorted(named), sorted(['SinchClient', ...methods]));
});

test('the tables have every exported name, and no other', () => {
  const named = [...rows('Types').flatMap(([node]) => code(node)), ...rows('Methods').flatMap((cells) => (cells.length > 3 ? code(cells[1]) : []))];
  const exported = [...exportedNames('@sinch/conversation'), ...exportedNames('@sinch/sdk-client')];
  assert.ok(exported.length > 500, `${exported.length} names`);
  assert.deepEqual(sorted(named), sorted(exported));
});

test('the page shows the shop as it is', () => {
  assert.ok(page.includes(`\`\`\`js\n${readFileSync(new URL('shop.js', import.meta.url), 'utf8')}\`\`\`\n`));
});

test('the shop sends the requests that the page shows', async (t) => {
  const fake = await startFake(['-project', 'PROJECT', '-app', 'APP']);
  after(() => fake.stop());
  const port = await freePort();
  const env = {
    ...process.env,
    SINCH_PROJECT_ID: fake.info.project_id, SINCH_KEY_ID: fake.info.key_id, SINCH_KEY_SECRET: fake.info.key_secret, SINCH_APP_ID: fake.info.app_id,
    SINCH_CONVERSATION_REGION: 'eu', SINCH_CONVERSATION_BASE_URL: fake.info.base_url, SINCH_AUTH_HOSTNAME: fake.info.base_url,
    SINCH_WEBHOOK_SECRET: 'the secret of the webhook', PORT: port, SHOP: `http://127.0.0.1:${port}`, FAKE: fake.info.control_url,
  };
  const shop = spawn(process.execPath, ['shop.js'], { cwd: import.meta.dirname, env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => shop.kill());
  await once(createInterface({ input: shop.stdout }), 'line');
  await fake.connect().webhooks.create({
    webhookCreateRequestBody: {
      app_id: 'APP', target: `${env.SHOP}/sinch`, target_type: 'HTTP', secret: env.SINCH_WEBHOOK_SECRET, triggers: ['MESSAGE_INBOUND', 'MESSAGE_DELIVERY'],
    },
  });
  await fetch(`${env.SHOP}/messages`);

  for (const [script, output] of shown('### Run both against the same fake').slice(-3)) {
    assert.match(await run(script, env), output);
  }
});

/** Returns the shell blocks of a section with the patterns of their outputs. */
function shown(heading) {
  const [, section] = page.split(`\n${heading}\n`);
  return [...section.split('\n## ')[0].matchAll(/^```sh\n([^]*?)^```\n(?:\n<!-- output -->\n```text\n([^]*?)^```)?/gm)]
    .map(([, script, output = '']) => [script, pattern(output)]);
}

/** Returns the pattern of an output: three dots are any part of a line, and a line of three dots is any number of lines. */
const pattern = (output) => new RegExp(`^${output.split('\n').map((line) => (line === '...'
  ? '(?:.*\n)*?' : `${line.split('...').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}\n`)).join('').trimEnd()}\\s*$`);

async function run(script, env) {
  const cwd = await mkdtemp(join(tmpdir(), 'from-node-'));
  try {
    const { stdout } = await promisify(execFile)('bash', ['-eu', '-c', script], { cwd, env });
    return stdout;
  } finally {
    await rm(cwd, { recursive: true });
  }
}

/** Returns a port that is free. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
