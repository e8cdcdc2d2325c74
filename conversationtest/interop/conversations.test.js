import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { iterate, newNumber, notFound, pages, rejected, startFake, ulid } from './fake.js';

const fake = await startFake();
after(() => fake.stop());
const { contact: contacts, conversation: conversations } = fake.connect();

const app_id = fake.info.app_id;
let contact_id;
let conversation;
const made = [];

before(async () => {
  ({ id: contact_id } = await newContact());
});

function newContact() {
  return contacts.create({
    contactCreateRequestBody: {
      channel_identities: [{ channel: 'SMS', identity: newNumber() }],
      language: 'EN_US',
    },
  });
}

async function create(request) {
  const created = await conversations.create({ createConversationRequestBody: request });
  made.unshift(created.id);
  return created;
}

test('conversations: create', async () => {
  const request = {
    app_id,
    contact_id,
    active: true,
    active_channel: 'SMS',
    metadata: 'first',
    metadata_json: { order: 17, open: true, lines: ['tea'] },
    correlation_id: 'order-17',
  };
  conversation = await create(request);
  assert.match(conversation.id, ulid);
  assert.deepEqual(conversation, { ...request, id: conversation.id, last_received: new Date(0) });
});

test('conversations: create for an unknown contact is rejected', async () => {
  await notFound(create({ app_id, contact_id: '01BX5ZZKBKACTAV9WEVGEMMVRZ' }));
});

test('conversations: a second active one is rejected', async () => {
  await rejected(create({ app_id, contact_id, active: true }), 400, 'INVALID_ARGUMENT', /active/);
});

test('conversations: get', async () => {
  assert.deepEqual(await conversations.get({ conversation_id: conversation.id }), conversation);
});

test('conversations: list: filters and pages, newest first', async () => {
  for (let i = 0; i < 4; i++) {
    await create({ app_id, contact_id: (await newContact()).id });
  }
  await create({ app_id, contact_id, active: false });
  assert.deepEqual(await pages(conversations.list({ app_id, page_size: 4 })), { ids: made, sizes: [4, 2] });
  assert.deepEqual(await iterate(conversations.list({ app_id, only_active: true, page_size: 2 })), made.slice(1));
  assert.deepEqual(await iterate(conversations.list({ contact_id })), [made[0], conversation.id]);
  assert.deepEqual(await iterate(conversations.list({ app_id, contact_id, only_active: true })), [conversation.id]);
  assert.deepEqual(await iterate(conversations.list({ app_id, active_channel: 'SMS' })), [conversation.id]);
});

test('conversations: update: the SDK itself sends metadata_update_strategy=REPLACE', async () => {
  conversation = { ...conversation, metadata: 'second', metadata_json: { order: 18 } };
  const changed = await conversations.update({
    conversation_id: conversation.id,
    updateConversationRequestBody: conversation,
  });
  assert.deepEqual(changed, conversation);
});

test('conversations: update with a mask', async () => {
  const changed = await conversations.update({
    conversation_id: conversation.id,
    update_mask: ['active_channel', 'metadata'],
    updateConversationRequestBody: { active_channel: 'MESSENGER', metadata_json: { order: 0 } },
  });
  const { metadata, ...rest } = conversation;
  conversation = { ...rest, active_channel: 'MESSENGER' };
  assert.deepEqual(changed, conversation);
  assert.deepEqual(await conversations.get({ conversation_id: conversation.id }), conversation);
});

test('conversations: update the metadata field by field', async () => {
  conversation = { ...conversation, metadata_json: { order: 18, paid: { by: 'card' } } };
  const changed = await conversations.update({
    conversation_id: conversation.id,
    metadata_update_strategy: 'MERGE_PATCH',
    updateConversationRequestBody: { metadata_json: { paid: { by: 'card' } } },
  });
  assert.deepEqual(changed, conversation);
});

test('conversations: stop', async () => {
  await conversations.stopActive({ conversation_id: conversation.id });
  conversation = { ...conversation, active: false };
  assert.deepEqual(await conversations.get({ conversation_id: conversation.id }), conversation);
  assert.deepEqual(await iterate(conversations.list({ app_id, contact_id, only_active: true })), []);
});

test('conversations: delete', async () => {
  await conversations.delete({ conversation_id: conversation.id });
  await notFound(conversations.get({ conversation_id: conversation.id }));
  await notFound(conversations.stopActive({ conversation_id: conversation.id }));
  await notFound(conversations.delete({ conversation_id: conversation.id }));
});
