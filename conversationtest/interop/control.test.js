// Retries, duplicates, faults, the clock, the log of events and a reset, as a program with the official SDK sees them.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { ask, count, receiveCallbacks, steer, step } from './control.js';
import { newNumber, startFake } from './fake.js';

const fake = await startFake();
after(() => fake.stop());
const { app: apps, messages, webhooks } = fake.connect();
const control = steer(fake);
const callbacks = await receiveCallbacks();

const app_id = fake.info.app_id;
const secret = 'the secret of the webhook';
const sms = { channel: 'SMS', identity: newNumber() };

const hook = () => webhooks.create({
  webhookCreateRequestBody: {
    app_id, secret, target: callbacks.url('/callbacks', secret), target_type: 'HTTP', triggers: ['MESSAGE_INBOUND', 'MESSAGE_DELIVERY'],
  },
});

before(hook);

const send = (text) => messages.send({
  sendMessageRequestBody: {
    app_id, recipient: { identified_by: { channel_identities: [sms] } }, message: { text_message: { text } },
  },
});

const receive = (text) => control.post('/receive', { ...sms, text });

/** Returns the next callback, which must have the inbound text. */
async function next(text) {
  const callback = await callbacks.next();
  assert.equal(callback.event.trigger, 'MESSAGE_INBOUND');
  assert.equal(callback.event.message.contact_message.text_message.text, text);
  return callback;
}

/** Waits until the fake knows that the last callback has failed: its retry then has a time. */
async function failed() {
  while (!(await control.get('/callbacks')).callbacks.at(-1).failure);
}

const signature = ({ headers, body }) => [
  headers['x-sinch-webhook-signature'], headers['x-sinch-webhook-signature-nonce'], headers['x-sinch-webhook-signature-timestamp'], body,
];

/** Returns the texts that were sent since the last reset. */
const sentTexts = async () => (await control.get('/sent')).sent.map(({ body }) => body.message.text_message.text);

step('a callback that failed with 500 is retried when its time has come, with the same signature', async () => {
  callbacks.answerWith(500);
  await receive('retried');
  const first = await next('retried');
  assert.equal(first.status, 500);
  await failed();
  await control.post('/clock', { advance: '5s' });
  const second = await next('retried');
  assert.equal(second.status, 200);
  assert.deepEqual(signature(second), signature(first));
  await control.settled();
  const { callbacks: log } = await control.get('/callbacks');
  assert.equal(log.at(-1).attempts, 2);
  assert.equal(log.at(-1).delivered, true);
  assert.deepEqual(JSON.parse(first.body), log.at(-1).body);
});

step('a callback is given up after five attempts', async () => {
  callbacks.answerWith(500, 503, 404, 400, 500);
  await receive('given up');
  const first = await next('given up');
  await failed();
  await control.post('/clock', { advance: '2m' });
  for (let attempt = 2; attempt <= 5; attempt++) {
    assert.deepEqual(signature(await next('given up')), signature(first));
  }
  await control.settled();
  const { callbacks: log } = await control.get('/callbacks');
  assert.equal(log.at(-1).attempts, 5);
  assert.equal(log.at(-1).delivered, false);
  assert.match(log.at(-1).failure, /500/);
});

step('a callback arrives twice', async () => {
  await control.post('/duplicate-callbacks', { count: 1 });
  await receive('twice');
  const first = await next('twice');
  assert.deepEqual(signature(await next('twice')), signature(first));
  await receive('once');
  await next('once');
  await control.settled();
  callbacks.allRead();
});

step('the callbacks of an hour later have its time in their signature', async () => {
  const { now } = await control.post('/clock', { advance: '1h' });
  await receive('later');
  const { headers } = await next('later');
  const signed = Number(headers['x-sinch-webhook-signature-timestamp']) * 1000;
  assert.ok(Math.abs(signed - Date.parse(now)) < 60_000, `signed at ${signed}, and it is ${now}`);
});

step('a send whose answer is lost is an error of the SDK, and was sent once', async () => {
  await apps.get({ app_id }); // It renews the token, so that the fault does not happen to a 401.
  const fault = await control.post('/faults', { kind: 'drop_after_accept', operation: 'Messages.Send', times: 1 });
  await assert.rejects(send('lost'));
  assert.deepEqual((await sentTexts()).filter((text) => text === 'lost'), ['lost']);
  const { faults } = await control.get('/faults');
  assert.deepEqual(faults.map(({ id, kind, hits }) => [id, kind, hits]), [[fault.id, 'drop_after_accept', 1]]);
  const { requests } = await control.get('/requests?operation=Messages.Send');
  assert.equal(requests.at(-1).fault, 'drop_after_accept');
  assert.equal(requests.at(-1).status, 0);
});

step('an answer on demand reaches the SDK, until the fault is removed', async () => {
  const { id } = await control.post('/faults', { kind: 'status', operation: 'Apps.Get', status: 409 });
  await assert.rejects(apps.get({ app_id }), (failure) => failure.statusCode === 409);
  assert.deepEqual(await control.remove(`/faults/${id}`), { removed: 1 });
  assert.equal((await apps.get({ app_id })).id, app_id);
  assert.equal((await ask(fake, 'DELETE', `/faults/${id}`)).status, 404);
});

step('all faults are removed', async () => {
  await control.post('/faults', { kind: 'rate_limit', retry_after: '1' });
  await control.post('/faults', { kind: 'html', operation: 'Messages.Send' });
  await control.remove('/faults');
  assert.deepEqual(await control.get('/faults'), { faults: [] });
  assert.equal((await apps.get({ app_id })).id, app_id);
});

step('a fault that does not exist is refused, and the answer names the field', async () => {
  const { status, answer } = await ask(fake, 'POST', '/faults', { kind: 'drop', operation: 'Messages.Send' });
  assert.equal(status, 400);
  assert.match(answer.error, /kind.*drop_after_accept/);
});

step('a request that breaks the contract is in the log, with the field', async () => {
  const empty = { app_id, recipient: { identified_by: { channel_identities: [sms] } }, message: {} };
  await assert.rejects(messages.send({ sendMessageRequestBody: empty }), (failure) => failure.statusCode === 400);
  const { requests } = await control.get('/requests?operation=Messages.Send');
  const { status, body, violation } = requests.at(-1);
  assert.equal(status, 400);
  assert.deepEqual(body.message, {});
  assert.match(violation.field, /message/);
  assert.ok(violation.reason);
});

step('the log of requests has no credentials', async () => {
  const log = JSON.stringify(await control.get('/requests'));
  for (const credential of [fake.info.key_secret, Buffer.from(`${fake.info.key_id}:${fake.info.key_secret}`).toString('base64')]) {
    assert.ok(!log.includes(credential));
  }
});

step('a token expires with the clock, and the SDK renews it', async () => {
  await apps.get({ app_id });
  const before = (await control.get('/requests')).requests.at(-1).seq;
  await control.post('/clock', { advance: '59m' });
  await apps.get({ app_id });
  await control.post('/clock', { advance: '2m' });
  assert.equal((await apps.get({ app_id })).id, app_id);
  const { requests } = await control.get(`/requests?after=${before}`);
  assert.deepEqual(requests.map(({ operation, status }) => `${operation} ${status}`),
    ['Apps.Get 200', 'Apps.Get 401', 'token 200', 'Apps.Get 200']);
});

step('the stream has each event, with ids that join them', async () => {
  const stream = await openStream('?after=0');
  const { message_id } = await send('streamed');
  const sent = await stream.until('sent', (data) => data.message_id === message_id);
  assert.equal(sent.identity, sms.identity);
  await control.post('/deliver', { message_id });
  assert.equal((await stream.until('report')).status, 'DELIVERED');
  const { seq, trigger } = await stream.until('callback');
  assert.equal(trigger, 'MESSAGE_DELIVERY');
  const attempt = await stream.until('callback_attempt');
  assert.deepEqual([attempt.seq, attempt.status], [seq, 200]);
  assert.equal((await callbacks.next()).event.message_delivery_report.message_id, message_id);
  await control.post('/clock', { advance: '1s' });
  await stream.until('clock');
  stream.close();
});

/** Opens the stream of events. */
async function openStream(query) {
  const abort = new AbortController();
  const reply = await fetch(`${fake.info.control_url}/events${query}`, { signal: abort.signal });
  assert.equal(reply.headers.get('content-type'), 'text/event-stream');
  const text = reply.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let unread = '';
  return {
    close: () => abort.abort(),
    /** Returns the data of the next event of a kind. */
    async until(kind, matches = () => true) {
      for (;;) {
        for (let end; (end = unread.indexOf('\n\n')) >= 0;) {
          const lines = unread.slice(0, end).split('\n');
          unread = unread.slice(end + 2);
          const data = lines.find((line) => line.startsWith('data: '));
          if (lines.includes(`event: ${kind}`) && matches(JSON.parse(data.slice(6)))) {
            return JSON.parse(data.slice(6));
          }
        }
        const { done, value } = await text.next();
        assert.ok(!done, 'the stream has ended');
        unread += value;
      }
    },
  };
}

step('a reset forgets everything, and what was outstanding never arrives', async () => {
  callbacks.answerWith(500);
  await receive('never again');
  await next('never again');
  await control.post('/faults', { kind: 'status' });
  await control.post('/reset');
  assert.deepEqual(await sentTexts(), []);
  assert.deepEqual(await control.get('/faults'), { faults: [] });
  assert.deepEqual(await control.get('/callbacks'), { callbacks: [] });
  assert.equal((await control.get('/clock')).advanced, '0s');
  const state = await control.get('/state');
  assert.deepEqual(state.apps.map(({ id, webhooks: hooks }) => [id, hooks]), [[app_id, []]]);
  assert.deepEqual([state.contacts, state.conversations, state.messages], [[], [], []]);
  await control.post('/clock', { advance: '24h' });
  await control.settled();
  callbacks.allRead();
});

step('the same client continues after a reset', async () => {
  await hook();
  await send('after the reset');
  assert.deepEqual(await sentTexts(), ['after the reset']);
  await receive('welcome back');
  await next('welcome back');
});

step('what is unknown is refused, and the answer lists what is known', async () => {
  const path = await ask(fake, 'GET', '/inbox');
  assert.equal(path.status, 404);
  assert.match(path.answer.error, /\/_fake\/receive/);
  assert.equal((await ask(fake, 'POST', '/state')).status, 405);
  const field = await ask(fake, 'POST', '/receive', { ...sms, txt: 'hi' });
  assert.equal(field.status, 400);
  assert.match(field.answer.error, /txt.*text/);
});

count(callbacks, 15);
