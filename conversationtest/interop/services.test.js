// Events, transcoding and capability lookups: calls that store nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { newNumber, notFound, rejected, startFake, ulid } from './fake.js';
import { kinds } from './kinds.js';

const fake = await startFake();
after(() => fake.stop());
const { capability, contact: contacts, events, transcoding } = fake.connect();

const app_id = fake.info.app_id;
const nobody = '01BX5ZZKBKACTAV9WEVGEMMVRZ';
const agent = { display_name: 'Kim', type: 'BOT' };
const identified_by = { channel_identities: [{ channel: 'MESSENGER', identity: newNumber() }] };
let contact_id;

before(async () => {
  const contact = await contacts.create({
    contactCreateRequestBody: { channel_identities: [{ channel: 'SMS', identity: newNumber() }], language: 'EN_US' },
  });
  contact_id = contact.id;
});

for (const [method, event] of Object.entries({
  send: { composing_event: {} },
  sendComposingEvent: { composing_event: {} },
  sendComposingEndEvent: { composing_end_event: {} },
  sendCommentReplyEvent: { comment_reply_event: { text: 'Thank you' } },
  sendAgentJoinedEvent: { agent_joined_event: { agent } },
  sendAgentLeftEvent: { agent_left_event: { agent } },
  sendGenericEvent: { generic_event: { payload: { any: ['thing'] } } },
})) {
  test(`events: ${method}`, async () => {
    for (const recipient of [{ contact_id }, { identified_by }]) {
      const reply = await events[method]({
        sendEventRequestBody: { app_id, recipient, event, event_metadata: 'mine', queue: 'NORMAL_PRIORITY' },
      });
      assert.deepEqual(Object.keys(reply).sort(), ['accepted_time', 'event_id']);
      assert.match(reply.event_id, ulid);
      assert.ok(reply.accepted_time instanceof Date);
    }
  });
}

test('events: a wrong event is rejected', async () => {
  const request = { app_id, recipient: { contact_id }, event: { composing_event: {} } };
  const send = (change) => events.send({ sendEventRequestBody: { ...request, ...change } });
  await rejected(send({ event: {} }), 400, 'INVALID_ARGUMENT', /event/);
  await notFound(send({ recipient: { contact_id: nobody } }));
  await notFound(send({ app_id: nobody }));
});

test('transcoding: a string for each channel', async () => {
  for (const app_message of Object.values(kinds)) {
    const { transcoded_message } = await transcoding.transcodeMessage({
      transcodeMessageRequestBody: { app_id, app_message, channels: ['SMS', 'MESSENGER', 'WHATSAPP'] },
    });
    assert.deepEqual(Object.keys(transcoded_message).sort(), ['MESSENGER', 'SMS', 'WHATSAPP']);
    for (const text of Object.values(transcoded_message)) {
      assert.equal(typeof text, 'string');
      assert.notEqual(text, '');
    }
  }
});

test('transcoding: without channels is rejected', async () => {
  const request = { app_id, app_message: kinds.sendTextMessage, channels: [] };
  await rejected(
    transcoding.transcodeMessage({ transcodeMessageRequestBody: request }),
    400, 'INVALID_ARGUMENT', /channels/,
  );
});

test('capability: the query is echoed', async () => {
  for (const recipient of [{ contact_id }, { identified_by }]) {
    const request = { app_id, recipient, request_id: 'mine' };
    assert.deepEqual(await capability.lookup({ lookupCapabilityRequestBody: request }), request);
  }
});

test('capability: the fake generates a missing request id', async () => {
  const reply = await capability.lookup({ lookupCapabilityRequestBody: { app_id, recipient: { contact_id } } });
  assert.deepEqual(reply, { app_id, recipient: { contact_id }, request_id: reply.request_id });
  assert.match(reply.request_id, ulid);
});

test('capability: a wrong query is rejected', async () => {
  const lookup = (request) => capability.lookup({ lookupCapabilityRequestBody: request });
  await rejected(lookup({ app_id, recipient: {} }), 400, 'INVALID_ARGUMENT', /recipient/);
  await notFound(lookup({ app_id: nobody, recipient: { contact_id } }));
  await notFound(lookup({ app_id, recipient: { contact_id: nobody } }));
});
