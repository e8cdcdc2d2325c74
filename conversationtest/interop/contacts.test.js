import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { iterate, newNumber, notFound, pages, rejected, startFake, ulid } from './fake.js';

const fake = await startFake();
after(() => fake.stop());
const { contact: contacts, conversation: conversations } = fake.connect();

const number = newNumber();
let contact;
const made = [];

async function create(more = {}) {
  const created = await contacts.create({
    contactCreateRequestBody: {
      channel_identities: [{ channel: 'SMS', identity: newNumber() }],
      language: 'EN_US',
      ...more,
    },
  });
  made.unshift(created.id);
  return created;
}

test('contacts: create', async () => {
  const request = {
    channel_identities: [
      { channel: 'SMS', identity: number },
      { channel: 'MESSENGER', identity: '7746490198930851', app_id: fake.info.app_id },
    ],
    display_name: 'Åsa & Söner',
    email: 'asa@example.com',
    external_id: 'customer 7',
    language: 'SV',
    metadata: 'likes tea',
    channel_priority: ['MESSENGER', 'SMS'],
  };
  contact = await create(request);
  assert.match(contact.id, ulid);
  assert.deepEqual(contact, { ...request, id: contact.id });
});

test('contacts: create without identities is rejected', async () => {
  await rejected(
    contacts.create({ contactCreateRequestBody: { language: 'EN_US' } }),
    400, 'INVALID_ARGUMENT', /channel_identities/,
  );
});

test('contacts: get', async () => {
  assert.deepEqual(await contacts.get({ contact_id: contact.id }), contact);
});

test('contacts: list: pages of the requested size, newest first', async () => {
  for (let i = 0; i < 24; i++) {
    await create();
  }
  assert.deepEqual(await pages(contacts.list({ page_size: 9 })), { ids: made, sizes: [9, 9, 7] });
});

test('contacts: list: ten a page, and the iterator walks all pages', async () => {
  const page = await contacts.list({});
  assert.equal(page.data.length, 10);
  assert.equal(page.hasNextPage, true);
  assert.deepEqual(await iterate(contacts.list({})), made);
});

test('contacts: list: a page token of another query is rejected', async () => {
  const { nextPageValue } = await conversationsPage();
  await rejected(
    contacts.list({ page_token: JSON.parse(nextPageValue) }),
    400, 'INVALID_ARGUMENT', /page_token/,
  );
});

async function conversationsPage() {
  for (const contact_id of made.slice(0, 2)) {
    await conversations.create({ createConversationRequestBody: { app_id: fake.info.app_id, contact_id } });
  }
  return conversations.list({ app_id: fake.info.app_id, page_size: 1 });
}

test('contacts: list: more than 20 a page is rejected', async () => {
  await rejected(contacts.list({ page_size: 21 }), 400, 'INVALID_ARGUMENT', /page_size/);
});

test('contacts: update without a mask: the whole contact, as the SDK types it', async () => {
  contact = { ...contact, display_name: 'Åsa', metadata: 'likes coffee' };
  const changed = await contacts.update({ contact_id: contact.id, updateContactRequestBody: contact });
  assert.deepEqual(changed, contact);
});

test('contacts: update with a mask changes the named fields and clears those that the body leaves out', async () => {
  const changed = await contacts.update({
    contact_id: contact.id,
    update_mask: ['display_name', 'email', 'language'],
    updateContactRequestBody: { display_name: 'Asa', language: 'EN', metadata: 'not named in the mask' },
  });
  const { email, ...rest } = contact;
  contact = { ...rest, display_name: 'Asa', language: 'EN' };
  assert.deepEqual(changed, contact);
  assert.deepEqual(await contacts.get({ contact_id: contact.id }), contact);
});

test('contacts: list: filter by external id and by identity', async () => {
  assert.deepEqual(await iterate(contacts.list({ external_id: 'customer 7' })), [contact.id]);
  assert.deepEqual(await iterate(contacts.list({ channel: 'SMS', identity: number })), [contact.id]);
  assert.deepEqual(await iterate(contacts.list({ channel: 'RCS', identity: number })), []);
  await rejected(contacts.list({ channel: 'SMS' }), 400, 'INVALID_ARGUMENT', /identity/);
});

test('contacts: get the profile on a channel', async () => {
  const ask = (change) => contacts.getChannelProfile({
    getChannelProfileRequestBody: {
      app_id: fake.info.app_id, channel: 'MESSENGER', recipient: { contact_id: contact.id }, ...change,
    },
  });
  const profile = await ask({});
  assert.deepEqual(profile, { profile_name: 'Profile of 7746490198930851' });
  assert.deepEqual(await ask({}), profile);
  await rejected(ask({ channel: 'LINE' }), 400, 'INVALID_ARGUMENT', /recipient/);
  await notFound(ask({ recipient: { contact_id: 'nobody' } }));
});

test('contacts: list those that share a number', async () => {
  const shared = newNumber();
  const { id: first } = await create({ channel_identities: [{ channel: 'SMS', identity: shared }] });
  const { id: second } = await create({ channel_identities: [{ channel: 'RCS', identity: shared }] });
  const conflicts = [];
  for await (const conflict of contacts.listIdentityConflicts({ page_size: 1 })) {
    conflicts.push(conflict);
  }
  assert.deepEqual(conflicts, [{ identity: shared, channels: ['SMS', 'RCS'], contact_ids: [first, second] }]);
  await contacts.delete({ contact_id: first });
  await contacts.delete({ contact_id: second });
  made.splice(0, 2);
});

test('contacts: merge', async () => {
  const rcs = { channel: 'RCS', identity: newNumber() };
  const source = await create({
    email: 'both@example.com',
    channel_identities: [{ channel: 'SMS', identity: newNumber() }, rcs],
  });
  assert.equal(source.display_name, 'Unknown');
  const active = await conversations.create({
    createConversationRequestBody: { app_id: fake.info.app_id, contact_id: source.id },
  });
  const merged = await contacts.mergeContact({
    destination_id: contact.id,
    mergeContactRequestBody: { source_id: source.id, strategy: 'MERGE' },
  });
  assert.equal(merged.id, contact.id);
  assert.equal(merged.display_name, 'Asa');
  assert.deepEqual(merged.channel_identities, [...contact.channel_identities, rcs]);
  assert.equal(merged.channel_priority.at(-1), 'RCS');
  await notFound(contacts.get({ contact_id: source.id }));
  const moved = await conversations.get({ conversation_id: active.id });
  assert.equal(moved.contact_id, contact.id);
});

test('contacts: delete', async () => {
  await contacts.delete({ contact_id: contact.id });
  await notFound(contacts.get({ contact_id: contact.id }));
  await notFound(contacts.delete({ contact_id: contact.id }));
  assert.deepEqual(await iterate(contacts.list({ page_size: 20 })), made.filter((id, i) => i !== 0 && id !== contact.id));
});
