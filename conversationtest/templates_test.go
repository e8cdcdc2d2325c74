package conversationtest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func translation(language, version, text string) conversation.V2TemplateTranslation {
	return conversation.V2TemplateTranslation{
		LanguageCode: language, Version: version, TextMessage: &conversation.TextMessage{Text: text},
	}
}

func TestATemplateGoesUpAVersionWithEachUpdate(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx, templates := t.Context(), client.Templates
		created, err := templates.Create(ctx, &conversation.V2Template{
			Description: "Greets", DefaultTranslation: "sv", Translations: []conversation.V2TemplateTranslation{
				translation("en", "1", "Hi"), translation("sv", "1", "Hej"),
			},
		})
		require.NoError(t, err)
		assert.Len(t, created.ID, 26)
		assert.Equal(t, 1, created.Version)
		assert.Equal(t, []conversation.Time{ago(0), ago(0)}, []conversation.Time{created.CreateTime, created.UpdateTime})
		read, err := templates.Get(ctx, created.ID)
		require.NoError(t, err)
		assert.Equal(t, created, read)

		time.Sleep(time.Hour)
		update := conversation.V2Template(*created)
		update.Description, update.Translations = "", []conversation.V2TemplateTranslation{
			translation("sv", "1", "Hejsan"), translation("de", "1", "Hallo"),
		}
		changed, err := templates.Update(ctx, created.ID, &update)
		require.NoError(t, err)
		assert.Equal(t, 2, changed.Version)
		assert.Empty(t, changed.Description, "all of it is replaced")
		assert.Equal(t, []conversation.Time{ago(time.Hour), ago(0)}, []conversation.Time{changed.CreateTime, changed.UpdateTime})
		kept, added := changed.Translations[0], changed.Translations[1]
		assert.Equal(t, "Hejsan", kept.TextMessage.Text)
		assert.Equal(t, []conversation.Time{ago(time.Hour), ago(0)}, []conversation.Time{kept.CreateTime, kept.UpdateTime})
		assert.Equal(t, ago(0), added.CreateTime)

		for _, version := range []int{1, 3} {
			update.Version = version
			_, err = templates.Update(ctx, created.ID, &update)
			require.ErrorIs(t, err, conversation.ErrBadRequest)
			require.ErrorContains(t, err, "version: it must be the current one, which is 2")
		}
		list, err := templates.List(ctx)
		require.NoError(t, err)
		assert.Equal(t, []conversation.V2TemplateResponse{*changed}, list.Templates)

		require.NoError(t, templates.Delete(ctx, created.ID))
		list, err = templates.List(ctx)
		require.NoError(t, err)
		assert.Empty(t, list.Templates)
	})
}

func TestTheTranslationsOfATemplateAreListedByFilter(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		created, err := client.Templates.Create(t.Context(), &conversation.V2Template{
			DefaultTranslation: "en",
			Translations: []conversation.V2TemplateTranslation{
				translation("en", "1", "one"), translation("en", "2", "two"), translation("sv", "2", "tre"),
			},
		})
		require.NoError(t, err)
		for _, tt := range []struct {
			language, version string
			want              []string
		}{
			{"", "", []string{"one", "two", "tre"}},
			{"en", "", []string{"one", "two"}},
			{"", "2", []string{"two", "tre"}},
			{"sv", "2", []string{"tre"}},
			{"de", "", nil},
		} {
			list, err := client.Templates.Translations(t.Context(), created.ID, &conversation.V2ListTranslationsParams{
				LanguageCode: tt.language, TranslationVersion: tt.version,
			})
			require.NoError(t, err)
			var texts []string
			for _, found := range list.Translations {
				texts = append(texts, found.TextMessage.Text)
			}
			assert.Equal(t, tt.want, texts)
		}
	})
}

func TestATemplateMayHaveAChosenID(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		mine := &conversation.V2Template{
			ID: "mine", DefaultTranslation: "en", Translations: []conversation.V2TemplateTranslation{translation("en", "1", "Hi")},
		}
		created, err := client.Templates.Create(t.Context(), mine)
		require.NoError(t, err)
		assert.Equal(t, "mine", created.ID)
		_, err = client.Templates.Create(t.Context(), mine)
		require.ErrorIs(t, err, conversation.ErrBadRequest)
		assert.ErrorContains(t, err, "id: ")
	})
}

func TestAnUnknownTemplateIsNotFound(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		_, err := client.Templates.Get(t.Context(), "NONE")
		require.ErrorIs(t, err, conversation.ErrNotFound)
		_, err = client.Templates.Translations(t.Context(), "NONE", nil)
		require.ErrorIs(t, err, conversation.ErrNotFound)
		_, err = client.Templates.Update(t.Context(), "NONE", &conversation.V2Template{Version: 1})
		require.ErrorIs(t, err, conversation.ErrNotFound)
		assert.ErrorIs(t, client.Templates.Delete(t.Context(), "NONE"), conversation.ErrNotFound)
	})
}

// templates sends a request to a path below the templates of the project.
func (w wire) templates(method, path, body string) answer {
	w.t.Helper()
	r := w.request(method, w.srv.BaseURL()+"/v2/projects/"+w.srv.ProjectID()+"/templates"+path, body)
	r.SetBasicAuth(w.srv.KeyID(), w.srv.KeySecret())
	return w.do(r)
}

func TestABadTemplateIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	const good = `{"id": "T", "default_translation": "en", "translations": [{"language_code": "en", "text_message": {"text": "Hi"}, "channel_template_overrides": {"RCS": {}}}]}`
	w.templates(http.MethodPost, "", good).decode(new(any))
	assert.Contains(t, w.templates(http.MethodGet, "/T", "").body, `{"RCS":{}}`, "fields unknown to the SDK are kept")
	for body, mentions := range map[string]string{
		`[]`: "the request: ",
		`{"translations": [{"text_message": {"text": "Hi"}}]}`:                                                      "translations[0].language_code: it is required",
		`{"translations": [{"language_code": "en"}]}`:                                                               "translations[0]: exactly one kind",
		`{"translations": [{"language_code": "en", "text_message": {"text": "a"}, "media_message": {"url": "b"}}]}`: "translations[0]: exactly one kind",
		`{"translations": [{"language_code": "en", "text_message": {"text": "a"}}], "default_translation": "sv"}`:   "default_translation: ",
		`{"version": "one"}`: "version: ",
	} {
		w.templates(http.MethodPost, "", body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", mentions)
		w.templates(http.MethodPut, "/T", body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", mentions)
	}
	w.templates(http.MethodPut, "/T", strings.Replace(good, `"T"`, `"U", "version": 1`, 1)).
		fails(http.StatusBadRequest, "INVALID_ARGUMENT", "id: ")
	assert.Contains(t, w.templates(http.MethodGet, "/T", "").body, `"version":1`)
}
