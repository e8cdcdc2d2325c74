import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { iterate, newNumber, notFound, pages, rejected, startFake, ulid } from './fake.js';
import { kinds, others } from './kinds.js';

const fake = await startFake();
after(() => fake.stop());
const { contact: contacts, conversation: conversations, messages } = fake.connect();

const app_id = fake.info.app_id;
const identity = { channel: 'SMS', identity: newNumber() };
let contact_id;
let message;
const made = [];

before(async () => {
  const contact = await contacts.create({
    contactCreateRequestBody: { channel_identities: [identity], language: 'EN_US' },
  });
  contact_id = contact.id;
});

async function send(method, request) {
  const reply = await messages[method]({
    sendMessageRequestBody: { app_id, recipient: { contact_id }, ...request },
  });
  assert.deepEqual(Object.keys(reply).sort(), ['accepted_time', 'message_id']);
  assert.match(reply.message_id, ulid);
  assert.ok(Math.abs(Date.now() - reply.accepted_time) < 60_000, `accepted at ${reply.accepted_time}`);
  made.unshift(reply.message_id);
  return reply;
}

for (const [method, content] of Object.entries(kinds)) {
  test(`messages: ${method}, and get it as it was sent`, () => sendAndGet(method, content));
}

for (const [what, content] of Object.entries(others)) {
  test(`messages: send ${what}, and get it as it was sent`, () => sendAndGet('send', content));
}

async function sendAndGet(method, content) {
  // Each request has a field in a form that only the platform accepts, so that the fake reads it in the form of the platform.
  const reply = await send(method, { message: content, ttl: 60, conversation_metadata: { sent: method } });
  const { conversation_id, ...stored } = await messages.get({ message_id: reply.message_id });
  assert.match(conversation_id, ulid);
  assert.deepEqual(stored, {
    id: reply.message_id,
    accept_time: reply.accepted_time,
    app_message: content,
    channel_identity: identity,
    contact_id,
    direction: 'TO_CONTACT',
    message_status: { status: 'QUEUED', event_time: reply.accepted_time },
    processing_mode: 'CONVERSATION',
  });
  message = { ...stored, conversation_id };
}

test('messages: send with all options of a request', async () => {
  const reply = await send('send', {
    message: { text_message: { text: 'all options' } },
    callback_url: 'https://shop.example.com/override',
    channel_priority_order: ['RCS', 'SMS'],
    channel_properties: { SMS_SENDER: 'Shop' },
    conversation_metadata: { order: 17 },
    conversation_metadata_update_strategy: 'REPLACE',
    correlation_id: 'order-17',
    message_content_type: 'CONTENT_NOTIFICATION',
    message_metadata: 'for the report',
    processing_strategy: 'DEFAULT',
    queue: 'HIGH_PRIORITY',
    ttl: 3600, // The SDK sends "3600s".
  });
  const stored = await messages.get({ message_id: reply.message_id });
  assert.equal(stored.metadata, 'for the report');
  const conversation = await conversations.get({ conversation_id: stored.conversation_id });
  assert.deepEqual(conversation.metadata_json, { order: 17 });
  assert.equal(conversation.correlation_id, 'order-17');
  assert.deepEqual(conversation.last_received, reply.accepted_time);
  assert.equal(conversation.active_channel, 'SMS');
});

test('messages: send to channel identities: a new one gets a contact, a known one keeps its contact', async () => {
  const recipient = { identified_by: { channel_identities: [{ channel: 'SMS', identity: newNumber() }] } };
  const first = await send('sendTextMessage', { recipient, message: { text_message: { text: 'one' } }, ttl: '10s' });
  const second = await send('sendTextMessage', { recipient, message: { text_message: { text: 'two' } }, ttl: '10' });
  const [one, two] = await Promise.all([first, second].map(({ message_id }) => messages.get({ message_id })));
  assert.equal(one.contact_id, two.contact_id);
  assert.equal(one.conversation_id, two.conversation_id);
  const contact = await contacts.get({ contact_id: one.contact_id });
  assert.deepEqual(contact.channel_identities, recipient.identified_by.channel_identities);
  assert.deepEqual(await iterate(messages.list({ contact_id: contact.id })), made.slice(0, 2));
});

test('messages: a wrong send is rejected', async () => {
  const request = { app_id, recipient: { contact_id }, message: { text_message: { text: 'hello' } } };
  for (const [field, change] of [
    [/app_id/, { app_id: undefined }],
    [/recipient/, { recipient: undefined }],
    [/recipient/, { recipient: {} }],
    [/message/, { message: {} }],
    [/message/, { message: { text_message: { text: 'a' }, location_message: kinds.sendLocationMessage.location_message } }],
    [/ttl/, { ttl: 'soon' }],
  ]) {
    await rejected(messages.send({ sendMessageRequestBody: { ...request, ...change } }), 400, 'INVALID_ARGUMENT', field);
  }
  await notFound(messages.send({ sendMessageRequestBody: { ...request, app_id: '01BX5ZZKBKACTAV9WEVGEMMVRZ' } }));
});

test('messages: list: pages, newest first, with filters', async () => {
  assert.equal(made.length, 16);
  assert.deepEqual(await pages(messages.list({ app_id, page_size: 5 })), { ids: made, sizes: [5, 5, 5, 1] });
  assert.deepEqual(await pages(messages.list({ messages_source: 'CONVERSATION_SOURCE' })), { ids: made, sizes: [10, 6] });
  assert.deepEqual(await iterate(messages.list({ contact_id, page_size: 3 })), made.slice(2));
  const { conversation_id } = message;
  assert.deepEqual(await iterate(messages.list({ conversation_id, page_size: 100 })), made.slice(2));
  assert.deepEqual(await iterate(messages.list({ channel: 'RCS' })), []);
  assert.deepEqual(await iterate(messages.list({ channel_identity: identity.identity })), made.slice(2));
  assert.deepEqual(await iterate(messages.list({ direction: 'TO_APP' })), []);
  assert.deepEqual(await iterate(messages.list({ only_recipient_originated: true })), []);
  assert.deepEqual(await iterate(messages.list({ messages_source: 'DISPATCH_SOURCE' })), []);
  const { accept_time: start_time } = await messages.get({ message_id: made[2] });
  assert.ok(!(await iterate(messages.list({ start_time, page_size: 1000 }))).includes(made[15]));
  assert.deepEqual(await iterate(messages.list({ end_time: message.accept_time, contact_id, page_size: 1000 })),
    made.slice(made.indexOf(message.id) + 1));
  assert.equal((await messages.list({ page_size: 1000 })).data.length, 16);
  await rejected(messages.list({ page_size: 1001 }), 400, 'INVALID_ARGUMENT', /page_size/);
});

test('messages: list returns the same as get', async () => {
  const { data } = await messages.list({ contact_id, page_size: 100 });
  assert.deepEqual(data.find(({ id }) => id === message.id), message);
});

test('messages: get with messages_source', async () => {
  const got = await messages.get({ message_id: message.id, messages_source: 'CONVERSATION_SOURCE' });
  assert.deepEqual(got, message);
});

test('messages: list without metadata', async () => {
  const { data } = await messages.list({ contact_id, view: 'WITHOUT_METADATA', page_size: 100 });
  assert.ok(data.every(({ metadata }) => metadata === undefined));
});

test('messages: update the metadata', async () => {
  message = { ...message, metadata: 'changed' };
  const request = { message_id: message.id, updateMessageRequestBody: { metadata: 'changed' } };
  assert.deepEqual(await messages.update(request), message);
  assert.deepEqual(await messages.get({ message_id: message.id }), message);
  await notFound(messages.update({ ...request, messages_source: 'DISPATCH_SOURCE' }));
});

test('messages: the last message of each identity, page by page', async () => {
  const last = (request) => messages.listLastMessagesByChannelIdentity({
    listLastMessagesByChannelIdentityRequestBody: { messages_source: 'CONVERSATION_SOURCE', page_size: 1, ...request },
  });
  assert.deepEqual(await iterate(last({})), [made[0], made[2]]);
  assert.deepEqual(await iterate(last({ channel_identities: [identity.identity] })), [made[2]]);
  assert.deepEqual(await iterate(last({ contact_ids: [contact_id] })), [made[2]]);
  assert.deepEqual(await iterate(last({ messages_source: undefined })), [made[0], made[2]]); // The default is CONVERSATION_SOURCE.
  await rejected(last({ contact_ids: [contact_id], channel_identities: ['1'] }), 400, 'INVALID_ARGUMENT', /contact_ids/);
});

test('messages: delete', async () => {
  await messages.delete({ message_id: message.id });
  await notFound(messages.get({ message_id: message.id }));
  await notFound(messages.delete({ message_id: message.id, messages_source: 'CONVERSATION_SOURCE' }));
  assert.deepEqual(await iterate(messages.list({ app_id })), made.filter((id) => id !== message.id));
});
