// The requests that the SDK sends, as the fake logs them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newNumber, startFake } from './fake.js';

test('the log has a line for each request, with no credentials, no bodies, no digits of phone numbers', async (t) => {
  const fake = await startFake();
  t.after(() => fake.stop());
  const { contact: contacts, conversation: conversations, messages } = fake.connect();
  const app_id = fake.info.app_id;
  const number = newNumber();

  const { message_id } = await messages.send({
    sendMessageRequestBody: {
      app_id,
      recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: number }] } },
      message: { text_message: { text: 'a secret text' } },
    },
  });
  const message = await messages.get({ message_id });
  await contacts.update({
    contact_id: message.contact_id,
    update_mask: ['display_name', 'email'],
    updateContactRequestBody: { display_name: 'Åsa' },
  });
  await conversations.update({
    conversation_id: message.conversation_id,
    updateConversationRequestBody: { metadata: 'new' },
  });
  await messages.list({ channel_identity: `+${number}` });
  await messages.delete({ message_id });

  const log = await fake.stop();
  const project = `/v1/projects/${fake.info.project_id}`;
  const lines = log.filter(({ msg }) => msg === 'request');
  const requests = lines.map(({ method, path, query, status }) => [method, path, query ?? '', status].join(' '));
  assert.deepEqual(requests, [
    'POST /oauth2/token  200',
    `POST ${project}/messages:send  200`,
    `GET ${project}/messages/${message_id} messages_source=CONVERSATION_SOURCE 200`,
    `PATCH ${project}/contacts/${message.contact_id} update_mask=display_name,email 200`,
    `PATCH ${project}/conversations/${message.conversation_id} metadata_update_strategy=REPLACE 200`,
    // The SDK does not escape the plus, so that the fake reads a space.
    `GET ${project}/messages channel_identity= *********** 200`,
    `DELETE ${project}/messages/${message_id} messages_source=CONVERSATION_SOURCE 200`,
  ]);
  for (const { duration } of lines) {
    assert.match(duration, /^[\d.]+(µs|ms|s)$/);
  }
  const text = JSON.stringify(log);
  for (const secret of [fake.info.key_secret, fake.info.key_id, number, 'a secret text', 'Bearer', 'Basic']) {
    assert.ok(!text.includes(secret), `the log has ${secret}`);
  }
});
