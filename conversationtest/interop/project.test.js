// Templates, settings of the project and consents.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { notFound, rejected, startFake, ulid } from './fake.js';

const fake = await startFake();
after(() => fake.stop());
const { consents, projectSettings, templatesV2: templates } = fake.connect();

const translations = [
  { language_code: 'en-US', version: '1', text_message: { text: 'Hi ${name}' }, variables: [{ key: 'name', preview_value: 'Eve' }] },
  { language_code: 'sv-SE', version: '1', text_message: { text: 'Hej ${name}' } },
];
let template;

/** Returns the template without the times that the fake sets. */
function undated({ create_time, update_time, translations: all, ...rest }) {
  assert.ok(create_time instanceof Date && update_time instanceof Date);
  return { ...rest, translations: all.map(({ create_time: _, update_time: __, ...translation }) => translation) };
}

test('templates: create', async () => {
  const request = { description: 'Greets', default_translation: 'sv-SE', translations };
  template = await templates.create({ createTemplateRequestBody: request });
  assert.match(template.id, ulid);
  assert.deepEqual(undated(template), { ...request, id: template.id, version: 1 });
});

test('templates: create without the required fields is rejected', async () => {
  const create = (request) => templates.create({ createTemplateRequestBody: request });
  await rejected(create({ translations: [{ text_message: { text: 'a' } }] }), 400, 'INVALID_ARGUMENT', /language_code/);
  await rejected(create({ translations: [{ language_code: 'en' }] }), 400, 'INVALID_ARGUMENT', /translations\[0\]/);
  await rejected(create({ default_translation: 'de', translations }), 400, 'INVALID_ARGUMENT', /default_translation/);
});

test('templates: get and list', async () => {
  assert.deepEqual(await templates.get({ template_id: template.id }), template);
  assert.deepEqual(await templates.list({}), { templates: [template] });
});

test('templates: translations by filter', async () => {
  const list = async (filter) => {
    const { translations: found } = await templates.listTranslations({ template_id: template.id, ...filter });
    return (found ?? []).map(({ language_code }) => language_code);
  };
  assert.deepEqual(await list({}), ['en-US', 'sv-SE']);
  assert.deepEqual(await list({ language_code: 'sv-SE', translation_version: '1' }), ['sv-SE']);
  assert.deepEqual(await list({ translation_version: '2' }), []);
});

test('templates: update needs the current version, which then goes up', async () => {
  const update = (version) => templates.update({
    template_id: template.id,
    updateTemplateRequestBody: { version, default_translation: 'en-US', translations: translations.slice(0, 1) },
  });
  const changed = await update(1);
  assert.deepEqual(undated(changed), {
    id: template.id, version: 2, default_translation: 'en-US', translations: translations.slice(0, 1),
  });
  assert.deepEqual(changed.create_time, template.create_time);
  await rejected(update(1), 400, 'INVALID_ARGUMENT', /version/);
  await rejected(update(undefined), 400, 'INVALID_ARGUMENT', /version/);
});

test('templates: delete', async () => {
  await templates.delete({ template_id: template.id });
  await notFound(templates.get({ template_id: template.id }));
  await notFound(templates.delete({ template_id: template.id }));
});

test('project settings: create, get, update, delete', async () => {
  const enabled = (unified_contact_id_enabled) => ({ contact_settings: { unified_contact_id_enabled } });
  await notFound(projectSettings.get({}));
  const made = await projectSettings.create({ createProjectSettingsRequestBody: enabled(false) });
  assert.deepEqual(made, { project_id: fake.info.project_id, settings: enabled(false) });
  const changed = await projectSettings.update({ updateProjectSettingsRequestBody: enabled(true) });
  assert.deepEqual(changed.settings, enabled(true));
  assert.deepEqual(await projectSettings.get({}), changed);
  await projectSettings.delete({});
  await notFound(projectSettings.get({}));
});

test('consents: nobody is on a list, since nobody can opt out over HTTP', async () => {
  const app_id = fake.info.app_id;
  const page = await consents.listIdentities({ app_id, list_type: 'OPT_OUT_ALL' });
  assert.deepEqual(page.data, []);
  assert.deepEqual(await consents.listAuditRecords({ app_id, identity: '1555' }), { identity: { identity: '1555' } });
  await rejected(consents.listIdentities({ app_id, list_type: 'ANY' }), 400, 'INVALID_ARGUMENT', /list_type/);
  await notFound(consents.listIdentities({ app_id: 'nothing', list_type: 'OPT_OUT_ALL' }));
});
