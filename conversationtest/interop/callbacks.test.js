// Delivery reports and inbound messages: the control API causes them, and the official SDK verifies and parses the callbacks.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { ConversationCallbackWebhooks } from '@sinch/sdk-core';

import { ask, count, receiveCallbacks, steer, step } from './control.js';
import { newNumber, startFake, ulid } from './fake.js';

const fake = await startFake();
after(() => fake.stop());
const { app: apps, consents, messages, webhooks } = fake.connect();
const control = steer(fake);
const callbacks = await receiveCallbacks();

const app_id = fake.info.app_id;
const secret = 'the secret of the webhook';
const number = newNumber();
const sms = { channel: 'SMS', identity: number };
let message_id;

before(async () => {
  await webhooks.create({
    webhookCreateRequestBody: {
      app_id, secret, target: callbacks.url('/callbacks', secret), target_type: 'HTTP',
      triggers: ['MESSAGE_SUBMIT', 'MESSAGE_DELIVERY', 'MESSAGE_INBOUND', 'EVENT_INBOUND', 'OPT_IN', 'OPT_OUT'],
    },
  });
});

/** Sends text with the SDK, reads the callback about it, and returns the id of the message. */
async function send(text, request = {}) {
  const reply = await messages.send({
    sendMessageRequestBody: {
      app_id,
      recipient: { identified_by: { channel_identities: [sms] } },
      message: { text_message: { text } },
      ...request,
    },
  });
  const { event } = await next('MESSAGE_SUBMIT');
  assert.equal(event.message_submit_notification.message_id, reply.message_id);
  assert.equal(event.message_submit_notification.submitted_message.text_message.text, text);
  return reply.message_id;
}

/** Returns the next callback, which must have the trigger. */
async function next(trigger) {
  const callback = await callbacks.next();
  assert.equal(callback.event.trigger, trigger);
  assert.equal(callback.event.app_id, app_id);
  assert.equal(callback.event.project_id, fake.info.project_id);
  return callback;
}

/** Reports a status of a message, and returns the report that the callback has. */
async function report(path, body, status) {
  const answer = await control.post(path, body);
  assert.equal(answer.message_id, body.message_id);
  const { event } = await next('MESSAGE_DELIVERY');
  assert.equal(event.message_delivery_report.message_id, body.message_id);
  assert.equal(event.message_delivery_report.status, status);
  return event.message_delivery_report;
}

/** Speaks as the contact, and returns the message that the callback has. */
async function receive(content) {
  const answer = await control.post('/receive', { ...sms, ...content });
  assert.match(answer.message_id, ulid);
  const { event } = await next('MESSAGE_INBOUND');
  assert.equal(event.message.id, answer.message_id);
  assert.equal(event.message.direction, 'TO_APP');
  assert.equal(event.message.channel_identity.identity, number);
  return event.message;
}

step('a message is submitted', async () => {
  message_id = await send('Your parcel has arrived.', { message_metadata: 'order 17', correlation_id: 'order-17' });
});

step('a message is queued on its channel', async () => {
  const queued = await report('/queue-on-channel', { message_id }, 'QUEUED_ON_CHANNEL');
  assert.equal(queued.channel_identity.channel, 'SMS');
  assert.equal(queued.metadata, 'order 17');
});

step('a message is delivered', () => report('/deliver', { message_id }, 'DELIVERED'));
step('a message is read', () => report('/read', { message_id }, 'READ'));

step('no report follows READ, and none is of a message that was not sent', async () => {
  assert.equal((await ask(fake, 'POST', '/deliver', { message_id })).status, 400);
  assert.equal((await ask(fake, 'POST', '/deliver', { message_id: 'none' })).status, 404);
  await control.settled();
  callbacks.allRead();
});

step('a message fails, with a reason', async () => {
  const failed = await send('to nobody');
  const { reason } = await report('/fail', { message_id: failed, code: 'RECIPIENT_NOT_REACHABLE', description: 'gone' }, 'FAILED');
  assert.equal(reason.code, 'RECIPIENT_NOT_REACHABLE');
  assert.equal(reason.description, 'gone');
  assert.equal(reason.sub_code, 'UNSPECIFIED_SUB_CODE');
});

step('a message falls back to the next channel, and is delivered there', async () => {
  const identities = [{ channel: 'RCS', identity: number }, sms];
  const switched = await send('on two channels', { recipient: { identified_by: { channel_identities: identities } } });
  const first = await report('/switch-channel', { message_id: switched }, 'SWITCHING_CHANNEL');
  assert.equal(first.channel_identity.channel, 'RCS');
  const second = await report('/deliver', { message_id: switched }, 'DELIVERED');
  assert.equal(second.channel_identity.channel, 'SMS');
  assert.equal((await ask(fake, 'POST', '/switch-channel', { message_id: switched })).status, 400);
});

step('the contact sends text', async () => {
  const message = await receive({ text: 'Where is my parcel?', name: 'Åsa' });
  assert.deepEqual(message.contact_message.text_message, { text: 'Where is my parcel?' });
});

step('text of any script is verified byte for byte', async () => {
  const text = 'Wo bleibt mein Päckchen? 📦 "<&>" \u2028 שלום';
  const message = await receive({ text });
  assert.equal(message.contact_message.text_message.text, text);
});

step('the contact sends media', async () => {
  const message = await receive({ media_url: 'https://shop.example.com/photo.jpg' });
  assert.equal(message.contact_message.media_message.url, 'https://shop.example.com/photo.jpg');
});

step('the contact chooses a button', async () => {
  const message = await receive({ postback_data: 'yes', reply_to: message_id });
  assert.deepEqual(message.contact_message.choice_response_message, { message_id, postback_data: 'yes' });
});

step('the contact sends a location', async () => {
  const location_message = { title: 'Home', coordinates: { latitude: 55.6, longitude: 13.0 } };
  const message = await receive({ message: { location_message } });
  assert.equal(message.contact_message.location_message.title, 'Home');
  assert.deepEqual(message.contact_message.location_message.coordinates, location_message.coordinates);
});

step('the contact replies to a message, and the app answers', async () => {
  const message = await receive({ text: 'Thank you!', reply_to: message_id });
  assert.deepEqual(message.contact_message.reply_to, { message_id });
  const answer = await send('You are welcome.');
  const { sent } = await control.get('/sent');
  assert.equal(sent.at(-1).message_id, answer);
  assert.equal(sent.at(-1).body.message.text_message.text, 'You are welcome.');
});

step('the contact is typing', async () => {
  const { event_id } = await control.post('/receive', { ...sms, event: 'composing' });
  const { event } = await next('EVENT_INBOUND');
  assert.equal(event.event.id, event_id);
  assert.ok(event.event.contact_event.composing_event);
  await control.post('/receive', { ...sms, event: 'composing_end' });
  assert.ok((await next('EVENT_INBOUND')).event.event.contact_event.composing_end_event);
});

step('the contact opts out, and is on the list', async () => {
  await control.post('/receive', { ...sms, event: 'opt_out' });
  const { event } = await next('OPT_OUT');
  assert.equal(event.opt_out_notification.status, 'OPT_OUT_SUCCEEDED');
  assert.equal(event.opt_out_notification.identity, number);
  assert.deepEqual(await optedOut(), [number]);
});

step('the contact opts in, and is off the list', async () => {
  await control.post('/receive', { ...sms, event: 'opt_in' });
  const { event } = await next('OPT_IN');
  assert.equal(event.opt_in_notification.status, 'OPT_IN_SUCCEEDED');
  assert.deepEqual(await optedOut(), []);
});

async function optedOut() {
  const list = await consents.listIdentities({ app_id, list_type: 'OPT_OUT_ALL' });
  return (list.data ?? list.identities ?? []).map((item) => item.identity);
}

step('the reports of a message go to its callback URL, signed with the secret for such URLs', async () => {
  const own = 'the secret of callback URLs';
  await apps.update({
    app_id, update_mask: ['callback_settings'],
    appUpdateRequestBody: { callback_settings: { secret_for_overridden_callback_urls: own } },
  });
  const overridden = await send('with its own URL', { callback_url: callbacks.url('/override', own) });
  await control.post('/deliver', { message_id: overridden });
  const delivered = await next('MESSAGE_DELIVERY');
  assert.equal(delivered.path, '/override');
  assert.equal(delivered.event.message_delivery_report.message_id, overridden);
  assert.ok(!verifies(secret, delivered), 'the secret of the webhook does not verify it');
  await control.settled();
  callbacks.allRead();
});

const verifies = (key, { headers, body }) => new ConversationCallbackWebhooks(key).validateAuthenticationHeader(headers, body, '/', 'POST');

step('another secret, body, nonce or time is refused by the SDK', async () => {
  await control.post('/receive', { ...sms, text: 'signed' });
  const callback = await next('MESSAGE_INBOUND');
  assert.ok(verifies(secret, callback));
  assert.ok(!verifies('another secret', callback));
  assert.ok(!verifies(secret, { ...callback, body: callback.body.replace('signed', 'forged') }));
  for (const header of ['nonce', 'timestamp']) {
    const headers = { ...callback.headers, [`x-sinch-webhook-signature-${header}`]: '17' };
    assert.ok(!verifies(secret, { ...callback, headers }));
  }
  assert.equal(callback.headers['x-sinch-webhook-signature-algorithm'], 'HmacSHA256');
});

step('the state has every message, with its last status', async () => {
  const state = await control.get('/state');
  const message = state.messages.find(({ id }) => id === message_id);
  assert.equal(message.status, 'READ');
  assert.equal(message.direction, 'TO_CONTACT');
  const inbound = state.messages.filter(({ direction }) => direction === 'TO_APP');
  assert.equal(inbound.length, 7);
});

count(callbacks, 19);
