import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { startFake } from './fake.js';

const fake = await startFake();
after(() => fake.stop());

test('the ready line has what a client needs to connect', () => {
  const { base_url, token_url, batch_url, control_url, ui_url, ...rest } = fake.info;
  assert.match(base_url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(token_url, `${base_url}/oauth2/token`);
  assert.equal(batch_url, `${base_url}/batch`);
  assert.equal(control_url, `${base_url}/_fake`);
  assert.match(ui_url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.deepEqual(Object.keys(rest), ['project_id', 'key_id', 'key_secret', 'app_id']);
});

test('OAuth2: the SDK fetches a token and calls the API', async () => {
  const { apps } = await fake.connect().app.list();
  assert.deepEqual(apps.map((app) => app.id), [fake.info.app_id]);
});

for (const [what, credentials] of [
  ['a wrong secret', { keySecret: 'wrong' }],
  ['a wrong key id', { keyId: 'wrong' }],
]) {
  test(`OAuth2: ${what} is rejected`, async () => {
    await assert.rejects(fake.connect(credentials).app.list(), (failure) => {
      assert.equal(failure.statusCode, 401);
      assert.match(failure.message, /OAuth2Token/);
      assert.equal(JSON.parse(failure.data).error, 'invalid_client');
      return true;
    });
  });
}

test('another project is not found', async () => {
  await assert.rejects(fake.connect({ projectId: 'other' }).app.list(), { statusCode: 404 });
});
