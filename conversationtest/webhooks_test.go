package conversationtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

// hook returns the body of a new webhook of APP.
func hook(target string) string {
	return `{"app_id": "APP", "target": "` + target + `", "triggers": ["MESSAGE_INBOUND"]}`
}

func TestAWebhookIsCreatedOnTheRouteOfEitherDialect(t *testing.T) {
	t.Parallel()
	for path, targetType := range map[string]string{"apps/APP/webhooks": "HTTP", "webhooks": "DISMISS"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract, AppID: "APP"})

			id := w.create(path, `{"app_id": "APP", "target": "https://example.com/a", "secret": "quiet",
				"triggers": ["MESSAGE_INBOUND", "OPT_IN"]}`)

			want := map[string]any{
				"id": id, "app_id": "APP", "target": "https://example.com/a", "target_type": targetType, "secret": "quiet",
				"triggers": []any{"MESSAGE_INBOUND", "OPT_IN"},
			}
			assert.Equal(t, want, w.get("webhooks/"+id))
			assert.Equal(t, map[string]any{"webhooks": []any{want}}, w.get("apps/APP/webhooks"))
		})
	}
}

func TestABadWebhookIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract, AppID: "APP"})
	both := []string{"apps/APP/webhooks", "webhooks"}
	for _, tc := range []struct {
		paths          []string
		body, mentions string
	}{
		{both, ``, "the request: "},
		{both, `{"target": "https://example.com/", "triggers": []}`, "app_id: it is required"},
		{both, `{"app_id": "APP", "triggers": []}`, "target: it is required"},
		{both, hook("example.com/a"), "target: it must be an absolute"},
		{both, hook("/a"), "target: it must be an absolute"},
		{both, hook("ftp://example.com/a"), "target: it must be an absolute"},
		{both, hook("https:///a"), "target: it must be an absolute"},
		{both, hook("https://:80/a"), "target: it must be an absolute"},
		{both, hook("https://exa mple.com/"), "target: it must be an absolute"},
		{both, hook("https://example.com/" + strings.Repeat("x", 743-20)), "target: "},
		{both, `{"app_id": "APP", "target": "https://example.com/", "triggers": "X"}`, "triggers: "},
		{both, `{"app_id": "APP", "target": "https://example.com/", "triggers": [], "target_type": "FAX"}`, "target_type"},
		{both[:1], `{"app_id": "APP", "target": "https://example.com/"}`, "triggers: it is required"},
		{both[:1], `{"app_id": "OTHER", "target": "https://example.com/", "triggers": []}`, "app_id: it differs"},
	} {
		for _, path := range tc.paths {
			w.call(http.MethodPost, path, tc.body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", tc.mentions)
		}
	}
	assert.Empty(t, w.idsOf("apps/APP/webhooks", "webhooks"))
}

func TestWebhooksOfAnUnknownAppAreNotFound(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract})
	body := hook("https://example.com/")

	w.call(http.MethodGet, "apps/APP/webhooks", "").fails(http.StatusNotFound, "NOT_FOUND", "APP")
	w.call(http.MethodPost, "apps/APP/webhooks", body).fails(http.StatusNotFound, "NOT_FOUND", "APP")
	w.call(http.MethodPost, "webhooks", body).fails(http.StatusNotFound, "NOT_FOUND", "APP")
}

func TestAnAppHasAtMostFiveWebhooksAndEachTargetOnce(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	var ids []string
	for i := range 5 {
		ids = append(ids, w.create("webhooks", hook(fmt.Sprintf("http://example.com/%d", i))))
		if i == 0 {
			w.call(http.MethodPost, "webhooks", hook("http://example.com/0")).
				fails(http.StatusBadRequest, "INVALID_ARGUMENT", "target: the webhook")
		}
	}

	w.call(http.MethodPost, "webhooks", hook("http://example.com/6")).
		fails(http.StatusBadRequest, "INVALID_ARGUMENT", "5 webhooks")
	assert.Equal(t, ids, w.idsOf("apps/APP/webhooks", "webhooks"))

	other := w.create("apps", `{"display_name": "Other", "channel_credentials": []}`)
	w.create("webhooks", strings.Replace(hook("http://example.com/0"), "APP", other, 1))

	assert.Equal(t, http.StatusOK, w.call(http.MethodDelete, "webhooks/"+ids[0], "").status)
	w.gone("webhooks/" + ids[0])
	w.call(http.MethodDelete, "webhooks/"+ids[0], "").fails(http.StatusNotFound, "NOT_FOUND", ids[0])
	longest := "http://example.com/" + strings.Repeat("é", 742-19)
	w.create("webhooks", hook(longest))
}

func TestAnUpdateOfAWebhookChangesItsFields(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query, body string
		change      func(webhook map[string]any)
	}{
		"nothing":             {"", `{}`, func(map[string]any) {}},
		"its own target":      {"", `{"target": "https://example.com/a"}`, func(map[string]any) {}},
		"the target":          {"", `{"target": "https://example.com/b"}`, func(w map[string]any) { w["target"] = "https://example.com/b" }},
		"no triggers":         {"", `{"triggers": []}`, func(w map[string]any) { delete(w, "triggers") }},
		"no secret":           {"", `{"secret": ""}`, func(w map[string]any) { delete(w, "secret") }},
		"the target type":     {"", `{"target_type": "GRPC"}`, func(w map[string]any) { w["target_type"] = "GRPC" }},
		"what the mask names": {"?update_mask=secret,target_type", `{"triggers": ["OPT_IN"]}`, func(w map[string]any) { delete(w, "secret"); w["target_type"] = "HTTP" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{AppID: "APP"})
			path := "webhooks/" + w.create("webhooks",
				`{"app_id": "APP", "target": "https://example.com/a", "target_type": "GRPC", "secret": "quiet", "triggers": ["OPT_OUT"]}`)
			want := w.get(path)
			tc.change(want)

			assert.Equal(t, want, w.patch(path+tc.query, tc.body))
			assert.Equal(t, want, w.get(path))
		})
	}
}

func TestABadUpdateOfAWebhookIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	w.create("webhooks", hook("https://example.com/b"))
	path := "webhooks/" + w.create("webhooks", hook("https://example.com/a"))
	before := w.get(path)
	for _, tc := range []struct{ query, body, mentions string }{
		{"", ``, "the request: "},
		{"", `{"target": ""}`, "target: it is required"},
		{"", `{"target": "nowhere"}`, "target: it must be"},
		{"", `{"target": "https://example.com/b"}`, "target: the webhook"},
		{"", `{"target_type": "FAX"}`, "target_type"},
		{"?update_mask=target", `{}`, "target: it is required"},
		{"?update_mask=app_id", `{}`, "app_id: it is required"},
		{"?update_mask=id", `{}`, `update_mask: "id"`},
	} {
		w.call(http.MethodPatch, path+tc.query, tc.body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", tc.mentions)
	}
	w.call(http.MethodPatch, "webhooks/NONE", `{}`).fails(http.StatusNotFound, "NOT_FOUND", "NONE")
	assert.Equal(t, before, w.get(path))
}

func TestAWebhookOfTheAPIItselfIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	w.call(http.MethodPost, "webhooks", `{"app_id":"`+w.srv.AppID()+`","target":"https://us.conversation.api.sinch.com/x","triggers":["OPT_IN"]}`).
		fails(http.StatusBadRequest, "INVALID_ARGUMENT", "target: ")
}
