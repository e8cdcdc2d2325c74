import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { notFound, rejected, startFake, ulid } from './fake.js';

const fake = await startFake();
after(() => fake.stop());
const { webhooks } = fake.connect();

const app_id = fake.info.app_id;
const target = 'https://shop.example.com/callbacks';
const client_credentials = {
  client_id: 'shop', client_secret: 'made up', endpoint: 'https://shop.example.com/token', token_request_type: 'FORM',
};
let webhook;

const create = (request) => webhooks.create({ webhookCreateRequestBody: request });

test('webhooks: create', async () => {
  const request = { app_id, target, target_type: 'HTTP', triggers: ['MESSAGE_INBOUND', 'MESSAGE_DELIVERY'], secret: 'hush', client_credentials };
  webhook = await create(request);
  assert.match(webhook.id, ulid);
  assert.deepEqual(webhook, { ...request, id: webhook.id });
});

test('webhooks: create with the target of another webhook is rejected', async () => {
  await rejected(create({ app_id, target, triggers: ['MESSAGE_INBOUND'] }), 400, 'INVALID_ARGUMENT', /target/);
});

test('webhooks: create for an unknown app is rejected', async () => {
  await notFound(create({ app_id: '01BX5ZZKBKACTAV9WEVGEMMVRZ', target, triggers: ['MESSAGE_INBOUND'] }));
});

test('webhooks: get', async () => {
  assert.deepEqual(await webhooks.get({ webhook_id: webhook.id }), webhook);
});

test('webhooks: update with a mask', async () => {
  const changed = await webhooks.update({
    webhook_id: webhook.id,
    update_mask: ['triggers', 'secret'],
    webhookUpdateRequestBody: { target: 'https://not.named.example.com/', triggers: ['EVENT_INBOUND'], secret: '' },
  });
  const { secret, ...rest } = webhook;
  webhook = { ...rest, triggers: ['EVENT_INBOUND'] };
  assert.deepEqual(changed, webhook);
});

test('webhooks: update without a mask', async () => {
  webhook = { ...webhook, target: `${target}/v2` };
  const changed = await webhooks.update({ webhook_id: webhook.id, webhookUpdateRequestBody: { target: webhook.target } });
  assert.deepEqual(changed, webhook);
  assert.deepEqual(await webhooks.get({ webhook_id: webhook.id }), webhook);
});

test('webhooks: list; a sixth webhook of an app is rejected', async () => {
  const all = [webhook];
  for (let i = 1; i < 5; i++) {
    all.push(await create({ app_id, target: `${target}/${i}`, target_type: 'HTTP', triggers: ['CAPABILITY'] }));
  }
  const list = await webhooks.list({ app_id });
  assert.deepEqual(list.webhooks, all);
  await rejected(create({ app_id, target: `${target}/6`, triggers: ['CAPABILITY'] }), 400, 'INVALID_ARGUMENT', /webhooks/);
});

test('webhooks: delete', async () => {
  await webhooks.delete({ webhook_id: webhook.id });
  await notFound(webhooks.get({ webhook_id: webhook.id }));
  await notFound(webhooks.delete({ webhook_id: webhook.id }));
  const list = await webhooks.list({ app_id });
  assert.equal(list.webhooks.length, 4);
});
