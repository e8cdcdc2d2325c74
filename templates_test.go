package conversation_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestTemplatesHaveAHostOfTheirOwn(t *testing.T) {
	t.Parallel()
	proxy := conversation.WithTemplatesBaseURL("https://templates.test/x/")
	for name, tt := range map[string]struct {
		opts []conversation.Option
		want string
	}{
		"of the region":                  {nil, "https://eu.template.api.sinch.com"},
		"of another region":              {[]conversation.Option{conversation.WithRegion(conversation.RegionBR)}, "https://br.template.api.sinch.com"},
		"at a base URL":                  {[]conversation.Option{conversation.WithBaseURL("https://fake.test/y")}, "https://fake.test/y"},
		"elsewhere":                      {[]conversation.Option{proxy}, "https://templates.test/x"},
		"elsewhere than at the base URL": {[]conversation.Option{proxy, conversation.WithBaseURL("https://fake.test")}, "https://templates.test/x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, wire := scripted(t, []step{{status: 200, body: anyReply}}, tt.opts...)
			_, err := client.Templates.List(t.Context())
			require.NoError(t, err)
			assert.Equal(t, tt.want+"/v2/projects/project/templates", wire.requests()[0].url)
			assert.NotEmpty(t, wire.requests()[0].header.Get("Authorization"))
			require.NoError(t, fails(client.Apps.List(t.Context())))
			assert.NotContains(t, wire.requests()[1].url, "templates.test", "only templates go there")
		})
	}
}

func TestTheHostOfTemplatesIsChecked(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "templates.test", "http://templates.test", "https://user:hush@templates.test", "https://templates.test?x=1"} {
		_, err := conversation.NewClient("project", workingBasic(conversation.WithTemplatesBaseURL(address))...)
		assert.Equal(t, []string{"WithTemplatesBaseURL"}, faultyFields(err), address)
		hides(t, err.Error(), "hush")
	}
	_, err := conversation.NewClient("project", conversation.WithBasicAuth("id", "secret"), conversation.WithTemplatesBaseURL("https://templates.test"))
	assert.Equal(t, []string{"WithRegion"}, faultyFields(err), "it chooses no region")
}

func TestTheHostOfTemplatesCanComeFromTheEnvironment(t *testing.T) { //nolint:paralleltest // It sets variables.
	create := func(t *testing.T, opts ...conversation.Option) string {
		t.Helper()
		seen := &envTransport{}
		client, err := conversation.NewClientFromEnv(append(opts, conversation.WithHTTPClient(&http.Client{Transport: seen}))...)
		require.NoError(t, err)
		_, err = client.Templates.Create(t.Context(), textTemplate("en"))
		require.NoError(t, err)
		return seen.callURL
	}
	const path = "/v2/projects/PROJECT/templates"
	setEnv(t, fullEnv())
	assert.Equal(t, "https://eu.template.api.sinch.com"+path, create(t))
	setEnv(t, fullEnv("SINCH_TEMPLATES_BASE_URL", " https://env.test "))
	assert.Equal(t, "https://env.test"+path, create(t))
	assert.Equal(t, "https://env.test"+path, create(t, conversation.WithRegion(conversation.RegionUS)))
	assert.Equal(t, "https://own.test"+path, create(t, conversation.WithTemplatesBaseURL("https://own.test")))
	assert.Equal(t, "https://own.test"+path, create(t, conversation.WithBaseURL("https://own.test")), "a base URL is for templates too")
	setEnv(t, fullEnv("SINCH_CONVERSATION_BASE_URL", "https://api.test"))
	assert.Equal(t, "https://api.test"+path, create(t))

	setEnv(t, fullEnv("SINCH_TEMPLATES_BASE_URL", "env.test"))
	_, err := conversation.NewClientFromEnv()
	requireRefused(t, err, "NewClientFromEnv", "SINCH_TEMPLATES_BASE_URL")
}

func TestATemplateIsSentAndReadAsAWhole(t *testing.T) {
	t.Parallel()
	const stored = `{"id":"T","version":3,"default_translation":"en","create_time":"2026-03-01T12:00:00Z","translations":[` +
		`{"language_code":"en","version":"2","variables":[{"key":"name","preview_value":"Ada"}],"text_message":{"text":"Hi ${name}"},` +
		`"channel_template_overrides":{"WHATSAPP":{"template_reference":{"template_id":"W","version":"1"},"parameter_mappings":{"1":"name"}},` +
		`"KAKAOTALK":{"template_reference":{"template_id":"K"}},"FAX":{"template_reference":{"template_id":"F","language_code":"sv"}}}},` +
		`{"language_code":"sv","list_message":{"title":"Meny","sections":[{"items":[{"choice":{"title":"Te","postback_data":"t"}}]}]}}]}`
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, wire := scripted(t, []step{{status: 200, body: stored}}, conversation.WithDialect(dialect))
		template, err := client.Templates.Get(t.Context(), "T")
		require.NoError(t, err)
		assert.Equal(t, 3, template.Version)
		assert.Equal(t, "name", template.Translations[0].ChannelTemplateOverrides["WHATSAPP"].ParameterMappings["1"])

		whole := conversation.V2Template(*template)
		require.NoError(t, fails(client.Templates.Update(t.Context(), "T", &whole)))
		require.NoError(t, fails(client.Templates.Create(t.Context(), &whole)))
		for i, target := range []string{"PUT /T", "POST "} {
			seen := wire.requests()[i+1]
			assert.Equal(t, target, seen.method+" "+seen.url[len("https://eu.template.api.sinch.com/v2/projects/project/templates"):])
			assert.JSONEq(t, stored, seen.body)
		}
	}
}

func TestTheMenuOfATemplateIsWrittenAsTheDialectHasIt(t *testing.T) {
	t.Parallel()
	template := &conversation.V2Template{DefaultTranslation: "en", Translations: []conversation.V2TemplateTranslation{{
		LanguageCode: "en",
		ListMessage:  conversation.ListMenu("menu", conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("tea", "t")}}).ListMessage,
	}}}
	for dialect, item := range map[conversation.Dialect]string{
		conversation.DialectOpenAPI:  `{"text_message":{"text":"tea"},"postback_data":"t"}`,
		conversation.DialectPlatform: `{"choice":{"title":"tea","postback_data":"t"}}`,
	} {
		client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
		require.NoError(t, fails(client.Templates.Create(t.Context(), template)))
		assert.JSONEq(t, `{"default_translation":"en","translations":[{"language_code":"en","list_message":{"title":"menu","sections":[{"items":[`+item+`]}]}}]}`, wire.requests()[0].body)
	}
}

func TestTheTranslationsOfATemplateAreFiltered(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200, body: `{"translations":[{"language_code":"pt-BR","text_message":{"text":"oi"}}]}`}})
	found, err := client.Templates.Translations(t.Context(), "T", &conversation.V2ListTranslationsParams{LanguageCode: "pt-BR", TranslationVersion: "2"})
	require.NoError(t, err)
	assert.Equal(t, "oi", found.Translations[0].TextMessage.Text)
	assert.Equal(t, "https://eu.template.api.sinch.com/v2/projects/project/templates/T/translations?language_code=pt-BR&translation_version=2", wire.requests()[0].url)

	client, _ = scripted(t, []step{{status: 200, body: `{"templates":[{"id":"T"}]}`}})
	all, err := client.Templates.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "T", all.Templates[0].ID)
}

func TestTemplatesThatCannotWorkAreRejectedByField(t *testing.T) {
	t.Parallel()
	text := &conversation.TextMessage{Text: "hi"}
	good := conversation.V2TemplateTranslation{LanguageCode: "en", TextMessage: text}
	for field, template := range map[string]*conversation.V2Template{
		"req":                           nil,
		"translations[1].language_code": {Version: 1, Translations: []conversation.V2TemplateTranslation{good, {TextMessage: text}}},
		"translations[0]":               {Version: 1, Translations: []conversation.V2TemplateTranslation{{LanguageCode: "en"}}},
		"translations[1]": {Version: 1, Translations: []conversation.V2TemplateTranslation{good, {
			LanguageCode: "sv", TextMessage: text, MediaMessage: &conversation.MediaMessage{URL: "u"},
		}}},
		"translations[0].card_message.choices[0]": {Version: 1, Translations: []conversation.V2TemplateTranslation{{
			LanguageCode: "en", CardMessage: &conversation.CardMessage{Title: "t", Choices: []conversation.Choice{{}}},
		}}},
	} {
		client, wire := scripted(t, []step{{status: 200, body: anyReply}})
		requireRefused(t, fails(client.Templates.Create(t.Context(), template)), "Templates.Create", field)
		requireRefused(t, fails(client.Templates.Update(t.Context(), "T", template)), "Templates.Update", field)
		assert.Empty(t, wire.requests())
	}

	client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
	_, err := client.Templates.Update(t.Context(), "T", &conversation.V2Template{})
	requireRefused(t, err, "Templates.Update", "version")
	_, err = client.Templates.Update(t.Context(), "T", &conversation.V2Template{ID: "other", Version: 1})
	requireRefused(t, err, "Templates.Update", "id")
	versionless := conversation.Template("t", "", "en", nil)
	_, err = client.Templates.Create(t.Context(), &conversation.V2Template{Translations: []conversation.V2TemplateTranslation{{
		LanguageCode: "en", TemplateMessage: versionless.TemplateMessage,
	}}})
	requireRefused(t, err, "Templates.Create", "translations[0].template_message.omni_template.version")
	assert.Empty(t, wire.requests())
}

// textTemplate is a template with a translation for each language. The first is the default.
func textTemplate(languages ...string) *conversation.V2Template {
	template := &conversation.V2Template{DefaultTranslation: languages[0]}
	for _, language := range languages {
		template.Translations = append(template.Translations, conversation.V2TemplateTranslation{
			LanguageCode: language, TextMessage: &conversation.TextMessage{Text: "Hi"},
		})
	}
	return template
}

func TestANewTemplateNeedsItsDefaultTranslation(t *testing.T) {
	t.Parallel()
	without, none, other := textTemplate("en"), textTemplate("en"), textTemplate("en", "sv")
	without.DefaultTranslation, none.Translations, other.DefaultTranslation = "", nil, "fi"
	for _, tt := range []struct {
		field    string
		template *conversation.V2Template
	}{{"default_translation", without}, {"translations", none}, {"default_translation", other}} {
		client, wire := scripted(t, nil, conversation.WithDialect(conversation.DialectPlatform))
		requireRefused(t, fails(client.Templates.Create(t.Context(), tt.template)), "Templates.Create", tt.field)
		assert.Empty(t, wire.requests())
		client, _ = scripted(t, []step{{status: 200, body: anyReply}})
		require.NoError(t, fails(client.Templates.Create(t.Context(), tt.template)), "openapi.yaml requires nothing")
	}
	client, _ := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
	other.DefaultTranslation = "sv"
	require.NoError(t, fails(client.Templates.Create(t.Context(), other)))
}

func TestTheTemplateOfAChannelHasAnID(t *testing.T) {
	t.Parallel()
	template := textTemplate("en")
	template.Version = 1
	template.Translations[0].ChannelTemplateOverrides = map[conversation.Channel]conversation.ChannelTemplateReference{
		"WHATSAPP": {TemplateReference: &conversation.OmniTemplate{LanguageCode: "sv"}},
	}
	client, wire := scripted(t, nil, conversation.WithDialect(conversation.DialectPlatform))
	const field = "translations[0].channel_template_overrides.WHATSAPP.template_reference.template_id"
	requireRefused(t, fails(client.Templates.Create(t.Context(), template)), "Templates.Create", field)
	requireRefused(t, fails(client.Templates.Update(t.Context(), "T", template)), "Templates.Update", field)
	assert.Empty(t, wire.requests())
}
