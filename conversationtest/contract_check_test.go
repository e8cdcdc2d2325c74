package conversationtest_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

const (
	project      = "/v1/projects/P"
	goodSend     = `{"app_id": "A", "recipient": {"contact_id": "C"}, "message": {"text_message": {"text": "hi"}}}`
	goodWebhook  = `{"app_id": "A", "target": "https://example.com", "triggers": ["OPT_IN"]}`
	goodMerge    = `{"destination_id": "D", "source_id": "S"}`
	goodPlatform = `{"source_id": "S"}`
)

// madeRequest builds a request without the SDK.
func madeRequest(t *testing.T, method, path, body string) sentRequest {
	t.Helper()
	target, err := url.Parse("https://api.test" + project + path)
	require.NoError(t, err)
	header := http.Header{"Authorization": {"Basic a2V5OnNlY3JldA=="}}
	if body != "" {
		header.Set("Content-Type", "application/json")
	}
	return sentRequest{method: method, url: target, header: header, body: body}
}

// TestContractCheckBites checks that TestContract's check rejects wrong requests. Beside each is a right request that
// differs in one place and passes.
func TestContractCheckBites(t *testing.T) {
	t.Parallel()
	sends := func(tail string) string {
		return `{"app_id": "A", "recipient": {"contact_id": "C"}, "message": {"text_message": {"text": "hi"}}, ` + tail + `}`
	}
	saying := func(message string) string {
		return `{"app_id": "A", "recipient": {"contact_id": "C"}, "message": ` + message + `}`
	}
	to := func(recipient string) string {
		return `{"app_id": "A", "recipient": ` + recipient + `, "message": {"text_message": {"text": "hi"}}}`
	}
	type call struct{ method, path, body string }
	send := func(body string) call { return call{http.MethodPost, "/messages:send", body} }
	cases := map[conversation.Dialect]map[string]struct{ right, wrong call }{
		conversation.DialectOpenAPI: {
			"required field":  {send(goodSend), send(`{"recipient": {"contact_id": "C"}, "message": {}}`)},
			"no body":         {send(goodSend), send("")},
			"no JSON":         {send(goodSend), send(`{"app_id"`)},
			"ttl":             {send(sends(`"ttl": 10`)), send(sends(`"ttl": "10s"`))},
			"metadata":        {send(sends(`"conversation_metadata": "{}"`)), send(sends(`"conversation_metadata": {}`))},
			"enum":            {send(sends(`"queue": "HIGH_PRIORITY"`)), send(sends(`"queue": "LOW_PRIORITY"`))},
			"deep in a list":  {send(saying(`{"card_message": {"choices": [{"postback_data": "1"}]}}`)), send(saying(`{"card_message": {"choices": [{"postback_data": 1}]}}`))},
			"type of a query": {call{http.MethodGet, "/messages?page_size=1", ""}, call{http.MethodGet, "/messages?page_size=one", ""}},
			"path of merge":   {call{http.MethodPost, "/contacts:merge", goodMerge}, call{http.MethodPost, "/contacts/D:merge", goodMerge}},
			"path of webhook": {call{http.MethodPost, "/apps/A/webhooks", goodWebhook}, call{http.MethodPost, "/webhooks", goodWebhook}},
			"method":          {call{http.MethodPatch, "/apps/A", "{}"}, call{http.MethodPut, "/apps/A", "{}"}},
			"unescaped slash": {call{http.MethodGet, "/apps/A%2FB", ""}, call{http.MethodGet, "/apps/A/B", ""}},
			"verb":            {call{http.MethodPost, "/conversations/V:stop", ""}, call{http.MethodPost, "/conversations/V:start", ""}},
		},
		conversation.DialectPlatform: {
			"ttl":                  {send(sends(`"ttl": "10s"`)), send(sends(`"ttl": 10`))},
			"ttl without unit":     {send(sends(`"ttl": "10s"`)), send(sends(`"ttl": "10"`))},
			"metadata":             {send(sends(`"conversation_metadata": {}`)), send(sends(`"conversation_metadata": "{}"`))},
			"two kinds":            {send(goodSend), send(saying(`{"text_message": {"text": "hi"}, "media_message": {"url": "u"}}`))},
			"no kind":              {send(goodSend), send(saying(`{}`))},
			"both recipients":      {send(goodSend), send(to(`{"contact_id": "C", "identified_by": {"channel_identities": [{"channel": "SMS", "identity": "15551230001"}]}}`))},
			"app id of identity":   {send(to(`{"identified_by": {"channel_identities": [{"channel": "SMS", "identity": "15551230001"}]}}`)), send(to(`{"identified_by": {"channel_identities": [{"channel": "SMS", "identity": "15551230001", "app_id": "A"}]}}`))},
			"menu item":            {send(saying(`{"list_message": {"title": "T", "sections": [{"items": [{"choice": {"title": "x"}}]}]}}`)), send(saying(`{"list_message": {"title": "T", "sections": [{"items": [{"text_message": {"text": "x"}}]}]}}`))},
			"template parameters":  {send(saying(`{"template_message": {"omni_template": {"template_id": "T", "version": "1", "parameters": {"a": "1"}}}}`)), send(saying(`{"template_message": {"omni_template": {"template_id": "T", "version": "1", "parameters": {"a": 1}}}}`))},
			"button as menu item":  {send(saying(`{"list_message": {"title": "T", "sections": [{"items": [{"product": {"id": "1", "marketplace": "M"}}]}]}}`)), send(saying(`{"list_message": {"title": "T", "sections": [{"items": [{"choice": {"title": "x"}, "url_message": {"title": "x", "url": "u"}}]}]}}`))},
			"two menu items":       {send(saying(`{"list_message": {"title": "T", "sections": [{"items": [{"choice": {"title": "x"}}]}]}}`)), send(saying(`{"list_message": {"title": "T", "sections": [{"items": [{"choice": {"title": "x"}, "product": {"id": "1", "marketplace": "M"}}]}]}}`))},
			"two kinds of button":  {send(saying(`{"choice_message": {"choices": [{"call_message": {"title": "x", "phone_number": "1"}}]}}`)), send(saying(`{"choice_message": {"choices": [{"call_message": {"title": "x", "phone_number": "1"}, "text_message": {"text": "x"}}]}}`))},
			"button in a carousel": {send(saying(`{"carousel_message": {"cards": [{"choices": [{"share_location_message": {"title": "x", "fallback_url": "u"}}]}]}}`)), send(saying(`{"carousel_message": {"cards": [{"choices": [{"share_location_message": {"title": "x"}}]}]}}`))},
			"override":             {send(saying(`{"text_message": {"text": "hi"}, "explicit_channel_omni_message": {"WECHAT": {"text_message": {"text": "x"}}}}`)), send(saying(`{"text_message": {"text": "hi"}, "explicit_channel_omni_message": {"WECHAT": {}}}`))},
			"union":                {send(saying(`{"text_message": {"text": "hi"}, "channel_specific_message": {"LINE": {"message_type": "NOTIFICATION_MESSAGE_TEMPLATE", "message": {"template_key": "K"}}}}`)), send(saying(`{"text_message": {"text": "hi"}, "channel_specific_message": {"LINE": {"message_type": "FLOWS", "message": {"template_key": "K"}}}}`))},
			"union without kind":   {send(saying(`{"text_message": {"text": "hi"}, "channel_specific_message": {"LINE": {"message_type": "NOTIFICATION_MESSAGE_TEMPLATE", "message": {"template_key": "K"}}}}`)), send(saying(`{"text_message": {"text": "hi"}, "channel_specific_message": {"LINE": {"message": {"template_key": "K"}}}}`))},
			"choice":               {send(saying(`{"card_message": {"choices": [{"text_message": {"text": "x"}}]}}`)), send(saying(`{"card_message": {"choices": [{"postback_data": "x"}]}}`))},
			"two credentials":      {call{http.MethodPatch, "/apps/A", `{"channel_credentials": [{"channel": "SMS", "static_token": {"token": "t"}}]}`}, call{http.MethodPatch, "/apps/A", `{"channel_credentials": [{"channel": "SMS", "static_token": {"token": "t"}, "static_bearer": {"token": "t", "claimed_identity": "i"}}]}`}},
			"page size":            {call{http.MethodGet, "/contacts?page_size=20", ""}, call{http.MethodGet, "/contacts?page_size=21", ""}},
			"empty mask":           {call{http.MethodPatch, "/apps/A?update_mask=display_name", "{}"}, call{http.MethodPatch, "/apps/A?update_mask=", "{}"}},
			"path of merge":        {call{http.MethodPost, "/contacts/D:merge", goodPlatform}, call{http.MethodPost, "/contacts:merge", goodPlatform}},
			"body of merge":        {call{http.MethodPost, "/contacts/D:merge", goodPlatform}, call{http.MethodPost, "/contacts/D:merge", goodMerge}},
			"path of webhook":      {call{http.MethodPost, "/webhooks", goodWebhook}, call{http.MethodPost, "/apps/A/webhooks", goodWebhook}},
			"language of contact":  {call{http.MethodPost, "/contacts", `{"channel_identities": [{"channel": "SMS", "identity": "15551230001"}], "language": "EN"}`}, call{http.MethodPost, "/contacts", `{"channel_identities": [{"channel": "SMS", "identity": "15551230001"}]}`}},
			"channels of app":      {call{http.MethodPost, "/apps", `{"display_name": "S", "channel_credentials": []}`}, call{http.MethodPost, "/apps", `{"display_name": "S"}`}},
		},
	}
	for _, s := range bothDialects(t) {
		for name, tt := range cases[s.dialect] {
			t.Run(s.dialect.String()+" "+name, func(t *testing.T) {
				t.Parallel()
				_, err := s.contract.check(t.Context(), madeRequest(t, tt.right.method, tt.right.path, tt.right.body))
				require.NoError(t, err)
				_, err = s.contract.check(t.Context(), madeRequest(t, tt.wrong.method, tt.wrong.path, tt.wrong.body))
				require.Error(t, err)
			})
		}
	}
}

func TestContractCheckRequiresCredentialsAndJSON(t *testing.T) {
	t.Parallel()
	for _, s := range bothDialects(t) {
		for header, wrong := range map[string]string{"Authorization": "Digest x", "Content-Type": "text/plain"} {
			request := madeRequest(t, http.MethodPost, "/messages:send", goodSend)
			_, err := s.contract.check(t.Context(), request)
			require.NoError(t, err)
			request.header.Set(header, wrong)
			_, err = s.contract.check(t.Context(), request)
			require.Error(t, err, header)
		}
	}
}

// TestContractFindsWhatAReplyLoses checks that a lost part of a reply is noticed: the Go type lacks one of its fields, or
// has it under another name or with another type.
func TestContractFindsWhatAReplyLoses(t *testing.T) {
	t.Parallel()
	s := bothDialects(t)[0]
	text, err := json.Marshal((&sample{t: t}).of("", s.contract.replySchema("sendMessage")))
	require.NoError(t, err)
	assert.Contains(t, string(text), unknownField)
	want := leavesOf(t, text)
	require.Len(t, want, 2)

	for name, tt := range map[string]struct {
		into any
		same bool
	}{
		"all there": {&conversation.SendMessageResponse{}, true},
		"dropped": {&struct {
			MessageID string `json:"message_id"`
		}{}, false},
		"renamed": {&struct {
			MessageID    string            `json:"messageId"`
			AcceptedTime conversation.Time `json:"accepted_time"`
		}{}, false},
		"never written": {&struct {
			MessageID    string            `json:"message_id"`
			AcceptedTime conversation.Time `json:"-"`
		}{}, false},
	} {
		require.NoError(t, json.Unmarshal(text, tt.into), name)
		assert.Equal(t, tt.same, assert.ObjectsAreEqual(want, leavesOf(t, encoded(t, tt.into))), name)
	}
}

// TestContractSamplesFillEverything checks that a sample reply has each property of the schema.
func TestContractSamplesFillEverything(t *testing.T) {
	t.Parallel()
	for _, s := range bothDialects(t) {
		for id := range s.contract.operations() {
			schema := s.contract.replySchema(id)
			if schema == nil {
				continue
			}
			declared, free := schemaFields(schema)
			filled := fields{}
			for kind := range mostKinds {
				text, err := json.Marshal((&sample{t: t, kind: kind}).of("", schema))
				require.NoError(t, err)
				maps.Copy(filled, jsonFields(t, string(text), declared, free))
				assert.NotEmpty(t, leavesOf(t, text), id)
			}
			assert.Empty(t, declared.without(filled), id)
		}
	}
}

func TestContractFindsForgottenAndUnknownFields(t *testing.T) {
	t.Parallel()
	text := openapi3.NewStringSchema()
	item := openapi3.NewObjectSchema().WithProperty("left", text).WithProperty("right", text)
	schema := openapi3.NewObjectSchema().
		WithProperty("items", openapi3.NewArraySchema().WithItems(item)).
		WithProperty("free", openapi3.NewObjectSchema()).
		WithProperty("map", openapi3.NewObjectSchema().WithAdditionalProperties(item)).
		WithProperty("union", openapi3.NewOneOfSchema(item, openapi3.NewObjectSchema().WithProperty("other", text))).
		WithProperty("alone", text)
	declared, free := schemaFields(schema)

	sent := jsonFields(t, `{"items": [{"left": "x"}, {"middle": "y"}], "free": {"what": {"ever": 1}}, "map": {"a": {"left": "x"}}, "union": {"left": "x", "right": "y"}}`, declared, free)

	assert.Equal(t, []string{"alone", "items[].right", "map.*.right", "union.other"}, declared.without(sent))
	assert.Equal(t, []string{"items[].middle"}, sent.without(declared))
	maps.Copy(sent, jsonFields(t, `{"items": [{"right": "x"}], "alone": "z", "map": {"b": {"right": "x"}}, "union": {"other": "y"}}`, declared, free))
	assert.Empty(t, declared.without(sent), "several requests count together")
}

func TestContractFindsGoFieldsThatNoRequestFills(t *testing.T) {
	t.Parallel()
	type inner struct {
		One string `json:"one,omitempty"`
		Two string `json:"two,omitempty"`
	}
	type outer struct {
		List    []inner                      `json:"list"`
		Pointer *inner                       `json:"pointer,omitempty"`
		Free    map[string]any               `json:"free"`
		Map     map[string]inner             `json:"map"`
		Union   struct{ Left, Right *inner } `json:"union"`
		Time    conversation.Time            `json:"time"`
		Mask    []string                     `json:"-"`
	}
	declared, free := goFields(reflect.TypeFor[*outer]())
	sent := jsonFields(t, `{"list": [{"one": "x"}], "free": {"any": 1}, "map": {"a": {"one": "x"}}, "union": {"two": "y"}, "time": ""}`, declared, free)

	assert.Equal(t, []string{"list[].two", "map.*.two", "pointer", "pointer.one", "pointer.two", "union.one"}, declared.without(sent))
	assert.Empty(t, sent.without(declared))
}
