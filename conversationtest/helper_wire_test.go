package conversationtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// wire sends plain HTTP requests to a fake, with its access key as basic auth.
type wire struct {
	t   *testing.T
	srv *conversationtest.Server
}

func newWire(t *testing.T, cfg conversationtest.Config) wire {
	t.Helper()
	return wire{t: t, srv: start(t, cfg)}
}

type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// call sends a request to a path below the project.
func (w wire) call(method, path, body string) answer {
	w.t.Helper()
	r := w.request(method, w.srv.BaseURL()+"/v1/projects/"+w.srv.ProjectID()+"/"+path, body)
	r.SetBasicAuth(w.srv.KeyID(), w.srv.KeySecret())
	return w.do(r)
}

func (w wire) request(method, target, body string) *http.Request {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, target, strings.NewReader(body))
	require.NoError(w.t, err)
	return r
}

func (w wire) do(r *http.Request) answer {
	w.t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	require.NoError(w.t, err)
	defer func() { assert.NoError(w.t, resp.Body.Close()) }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	return answer{t: w.t, status: resp.StatusCode, header: resp.Header, body: string(body)}
}

// send sends a message, requires that it is accepted and returns its id.
func (w wire) send(body string) string {
	w.t.Helper()
	var accepted struct {
		MessageID string `json:"message_id"`
	}
	w.call(http.MethodPost, "messages:send", body).decode(&accepted)
	require.NotEmpty(w.t, accepted.MessageID)
	return accepted.MessageID
}

// create creates a resource with a POST, requires success and returns the id of the resource.
func (w wire) create(path, body string) string {
	w.t.Helper()
	var created struct {
		ID string `json:"id"`
	}
	w.call(http.MethodPost, path, body).decode(&created)
	require.Len(w.t, created.ID, 26)
	return created.ID
}

// contact creates a contact with a phone number and returns the id of the contact.
func (w wire) contact(number string) string {
	w.t.Helper()
	return w.create("contacts", `{"channel_identities": [{"channel": "SMS", "identity": "`+number+`"}], "language": "EN"}`)
}

// get returns an object that must exist.
func (w wire) get(path string) map[string]any {
	w.t.Helper()
	var object map[string]any
	w.call(http.MethodGet, path, "").decode(&object)
	return object
}

// of returns a string field of an object that must exist.
func (w wire) of(path, field string) string {
	w.t.Helper()
	text, ok := w.get(path)[field].(string)
	require.True(w.t, ok, "%s of %s", field, path)
	return text
}

// patch updates an object, requires success and returns the object.
func (w wire) patch(path, body string) map[string]any {
	w.t.Helper()
	var object map[string]any
	w.call(http.MethodPatch, path, body).decode(&object)
	return object
}

// to returns a wire to the same server for a subtest.
func (w wire) to(t *testing.T) wire {
	t.Helper()
	return wire{t: t, srv: w.srv}
}

// idsOf returns the ids of the items of a list that has one page.
func (w wire) idsOf(path, field string) []string {
	w.t.Helper()
	var ids []string
	items, _ := w.get(path)[field].([]any)
	for _, item := range items {
		object, _ := item.(map[string]any)
		id, _ := object["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// gone checks that each path is a 404.
func (w wire) gone(paths ...string) {
	w.t.Helper()
	for _, path := range paths {
		w.call(http.MethodGet, path, "").fails(http.StatusNotFound, "NOT_FOUND", path[strings.LastIndex(path, "/")+1:])
	}
}

// text returns the body of a request that sends a text message to a phone number.
func (w wire) text(text, number string) string {
	return `{"app_id": "` + w.srv.AppID() + `",
		"recipient": {"identified_by": {"channel_identities": [{"channel": "SMS", "identity": "` + number + `"}]}},
		"message": {"text_message": {"text": "` + text + `"}}}`
}

// listed is a page of messages in the wire format.
type listed struct {
	Messages []struct {
		ID              string `json:"id"`
		ContactID       string `json:"contact_id"`
		ConversationID  string `json:"conversation_id"`
		AcceptTime      string `json:"accept_time"`
		ChannelIdentity struct {
			Channel string `json:"channel"`
		} `json:"channel_identity"`
	} `json:"messages"`
	NextPageToken string `json:"next_page_token"`
}

func (l listed) ids() []string {
	var ids []string
	for _, message := range l.Messages {
		ids = append(ids, message.ID)
	}
	return ids
}

func (w wire) list(query url.Values) listed {
	w.t.Helper()
	var page listed
	w.call(http.MethodGet, "messages?"+query.Encode(), "").decode(&page)
	return page
}

func (a answer) decode(into any) {
	a.t.Helper()
	require.Equal(a.t, http.StatusOK, a.status, a.body)
	require.NoError(a.t, json.Unmarshal([]byte(a.body), into))
}

// fails checks that the answer is the platform's error body, and that its message contains mentions.
func (a answer) fails(status int, name, mentions string) {
	a.t.Helper()
	assert.Equal(a.t, status, a.status)
	assert.NotEmpty(a.t, a.header.Get("X-Request-Id"))
	var body struct {
		Error struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
			Status  string `json:"status"`
			Details []any  `json:"details"`
		} `json:"error"`
	}
	require.NoError(a.t, json.Unmarshal([]byte(a.body), &body), a.body)
	assert.Equal(a.t, status, body.Error.Code)
	assert.Equal(a.t, name, body.Error.Status)
	assert.Contains(a.t, body.Error.Message, mentions)
	assert.Equal(a.t, []any{}, body.Error.Details)
}

const (
	byNumber  = `{"identified_by": {"channel_identities": [{"channel": "SMS", "identity": "15551230001"}]}}`
	composing = `{"composing_event": {}}`
)

func event(recipient, event string) string {
	return `{"app_id": "APP", "recipient": ` + recipient + `, "event": ` + event + `}`
}
