import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { notFound, rejected, startFake, ulid } from './fake.js';

const fake = await startFake();
after(() => fake.stop());
const { app: apps } = fake.connect();

const sms = { channel: 'SMS', static_bearer: { claimed_identity: 'service plan', token: 'made up' } };
const messenger = { channel: 'MESSENGER', static_token: { token: 'made up' }, callback_secret: 'hush' };
const defaults = {
  processing_mode: 'CONVERSATION',
  rate_limits: { inbound: 25, outbound: 25, webhooks: 25 },
  queue_stats: { outbound_limit: 500000 },
};
const active = (...credentials) => credentials.map((credential) => ({ ...credential, state: { status: 'ACTIVE' } }));
let app;

test('apps: create', async () => {
  const request = { display_name: 'Shop', channel_credentials: [sms], conversation_metadata_report_view: 'FULL' };
  app = await apps.create({ appCreateRequestBody: request });
  assert.match(app.id, ulid);
  assert.deepEqual(app, { ...request, ...defaults, channel_credentials: active(sms), id: app.id });
});

test('apps: create without a name is rejected', async () => {
  await rejected(
    apps.create({ appCreateRequestBody: { channel_credentials: [sms] } }),
    400, 'INVALID_ARGUMENT', /display_name/,
  );
});

test('apps: get', async () => {
  assert.deepEqual(await apps.get({ app_id: app.id }), app);
});

test('apps: list', async () => {
  const { apps: all } = await apps.list();
  assert.deepEqual(all.map(({ id }) => id), [fake.info.app_id, app.id]);
  assert.deepEqual(all[1], app);
});

test('apps: update without a mask changes the fields of the body', async () => {
  const update = { app_id: app.id, appUpdateRequestBody: { display_name: 'Store' } };
  app = { ...app, display_name: 'Store' };
  assert.deepEqual(await apps.update(update), app);
});

test('apps: update with a mask changes the named fields only', async () => {
  const changed = await apps.update({
    app_id: app.id,
    update_mask: ['channel_credentials', 'conversation_metadata_report_view'],
    appUpdateRequestBody: {
      display_name: 'not named in the mask',
      channel_credentials: [sms, messenger],
      conversation_metadata_report_view: 'NONE',
    },
  });
  app = { ...app, channel_credentials: active(sms, messenger), conversation_metadata_report_view: 'NONE' };
  assert.deepEqual(changed, app);
  assert.deepEqual(await apps.get({ app_id: app.id }), app);
});

test('apps: settings of every kind', async () => {
  const settings = {
    callback_settings: { secret_for_overridden_callback_urls: 'hush' },
    delivery_report_based_fallback: { enabled: true, delivery_report_waiting_time: 60 },
    dispatch_retention_policy: { retention_type: 'MESSAGE_EXPIRE_POLICY', ttl_days: 7 },
    message_retry_settings: { retry_duration: 3600 },
    processing_mode: 'CONVERSATION',
    retention_policy: { retention_type: 'CONVERSATION_EXPIRE_POLICY', ttl_days: 90 },
    smart_conversation: { enabled: true },
  };
  app = { ...app, ...settings };
  assert.deepEqual(await apps.update({ app_id: app.id, appUpdateRequestBody: settings }), app);
  assert.deepEqual(await apps.get({ app_id: app.id }), app);
  await rejected(
    apps.update({ app_id: app.id, appUpdateRequestBody: { retention_policy: { ttl_days: 3651 } } }),
    400, 'INVALID_ARGUMENT', /retention_policy\.ttl_days/,
  );
});

test('apps: delete', async () => {
  await apps.delete({ app_id: app.id });
  await notFound(apps.get({ app_id: app.id }));
  await notFound(apps.update({ app_id: app.id, appUpdateRequestBody: { display_name: 'gone' } }));
  await notFound(apps.delete({ app_id: app.id }));
  const { apps: left } = await apps.list();
  assert.deepEqual(left.map(({ id }) => id), [fake.info.app_id]);
});
