// Injected messages and events, stored events, and recent conversations.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { iterate, newNumber, notFound, rejected, startFake, ulid } from './fake.js';

const fake = await startFake();
after(() => fake.stop());
const { contact: contacts, conversation: conversations, events, messages } = fake.connect();

const app_id = fake.info.app_id;
const hour = 60 * 60 * 1000;
const channel_identity = { channel: 'SMS', identity: newNumber() };
let contact_id;
let conversation_id;

before(async () => {
  ({ id: contact_id } = await contacts.create({
    contactCreateRequestBody: { channel_identities: [channel_identity], language: 'EN_US' },
  }));
  ({ id: conversation_id } = await conversations.create({ createConversationRequestBody: { app_id, contact_id } }));
});

const ago = (milliseconds) => new Date(Date.now() - milliseconds);

function inject(change) {
  return conversations.injectMessage({
    conversation_id,
    injectMessageRequestBody: {
      accept_time: ago(hour), channel_identity, contact_id, direction: 'TO_APP',
      contact_message: { text_message: { text: 'hello' } },
      ...change,
    },
  });
}

test('conversations: inject messages of the app and of the contact', async () => {
  const first = {
    accept_time: ago(2 * hour), channel_identity, contact_id, direction: 'TO_CONTACT', metadata: 'mine', sender_id: '15550000',
    app_message: { text_message: { text: 'hi' } },
  };
  await inject({ ...first, contact_message: undefined });
  await inject({});
  const { data: [second, { id, ...stored }] } = await messages.list({ conversation_id });
  assert.match(id, ulid);
  assert.deepEqual(stored, { ...first, conversation_id, injected: true, processing_mode: 'CONVERSATION' });
  assert.deepEqual(second.contact_message, { text_message: { text: 'hello' } });
  const { last_received } = await conversations.get({ conversation_id });
  assert.deepEqual(last_received, second.accept_time);
});

test('conversations: a wrong injection is rejected', async () => {
  await rejected(inject({ accept_time: ago(-hour) }), 400, 'INVALID_ARGUMENT', /accept_time/);
  await rejected(inject({ accept_time: ago(31 * 24 * hour) }), 400, 'INVALID_ARGUMENT', /accept_time/);
  await rejected(inject({ contact_message: undefined }), 400, 'INVALID_ARGUMENT', /app_message/);
  await rejected(inject({ metadata: 'x'.repeat(1025) }), 400, 'INVALID_ARGUMENT', /metadata/);
  await notFound(inject({ contact_id: 'nobody' }));
});

test('events: what was sent and injected is listed, got and deleted', async () => {
  const { event_id: injected, accepted_time } = await conversations.injectEvent({
    conversation_id,
    injectConversationEventRequestBody: { accept_time: ago(hour), app_event: { composing_event: {} } },
  });
  assert.ok(accepted_time instanceof Date);
  const event = { agent_joined_event: { agent: { display_name: 'Kim', type: 'BOT' } } };
  const { event_id: sent, ...accepted } = await events.send({
    sendEventRequestBody: { app_id, recipient: { contact_id }, event },
  });
  assert.deepEqual(await events.get({ event_id: sent }), {
    id: sent, app_event: event, accept_time: accepted.accepted_time, channel_identity, contact_id, conversation_id,
    direction: 'TO_CONTACT', processing_mode: 'CONVERSATION',
  });
  assert.deepEqual(await iterate(events.list({ conversation_id, page_size: 1 })), [sent, injected]);
  assert.deepEqual(await iterate(events.list({ contact_id: 'nobody' })), []);
  await events.delete({ event_id: injected });
  await notFound(events.get({ event_id: injected }));
  await notFound(events.delete({ event_id: injected }));
});

test('conversations: list the recent ones with their newest message', async () => {
  const { message_id } = await messages.send({
    sendMessageRequestBody: {
      app_id,
      recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: newNumber() }] } },
      message: { text_message: { text: 'newest' } },
    },
  });
  const recent = async (request) => {
    const found = [];
    for await (const { conversation, last_message } of conversations.listRecent({ app_id, page_size: 1, ...request })) {
      found.push([conversation.id, last_message.id]);
    }
    return found;
  };
  const newest = await messages.get({ message_id });
  const found = await recent({});
  assert.equal(found.length, 2);
  assert.deepEqual(found[0], [newest.conversation_id, message_id]);
  assert.equal(found[1][0], conversation_id);
  assert.deepEqual(await recent({ order: 'ASC' }), found.toReversed());
  await conversations.stopActive({ conversation_id });
  assert.deepEqual(await recent({ only_active: true }), [found[0]]);
  await notFound(recent({ app_id: 'nothing' }));
});
