package conversation_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// answerPage answers with a content type of one's own.
func answerPage(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestASuccessThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	accepted, unknown := conversation.OutcomeAccepted, conversation.OutcomeUnknown
	for name, tt := range map[string]struct {
		answer  http.HandlerFunc
		status  int
		text    string
		outcome conversation.Outcome
	}{
		"HTML":                     {answerPage(200, "text/html", "<html>hush</html>"), 200, "HTML", unknown},
		"HTML declared as JSON":    {answerPage(200, "application/json", " <html>hush</html>"), 200, "HTML", unknown},
		"HTML after a mark":        {answerPage(200, "", "\ufeff<html>hush</html>"), 200, "HTML", unknown},
		"text declared as HTML":    {answerPage(200, "Text/HTML; charset=utf-8", "hush"), 200, "HTML", unknown},
		"XML":                      {answerPage(200, "text/xml", "<?xml?>hush"), 200, "HTML", unknown},
		"an empty 200":             {answerPage(200, "application/json", ""), 200, "no body", unknown},
		"an empty page":            {answerPage(200, "text/html", ""), 200, "no body", unknown},
		"blanks":                   {answerPage(200, "application/json", "\r\n "), 200, "no body", unknown},
		"null":                     {answerPage(200, "application/json", "null"), 200, "no body", unknown},
		"a 204":                    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, 204, "no body", unknown},
		"an empty object":          {answerPage(200, "application/json", `{}`), 200, `no "message_id"`, unknown},
		"an object for a mark":     {answerPage(200, "application/json", "\ufeff{}"), 200, `no "message_id"`, unknown},
		"an envelope":              {answerPage(200, "application/json", `{"data":{"message_id":"hush"}}`), 200, `no "message_id"`, unknown},
		"camel case":               {answerPage(202, "application/json", `{"messageId":"hush","acceptedTime":"hush"}`), 202, `no "message_id"`, unknown},
		"a flag":                   {answerPage(200, "application/json", `{"status":"hush","ok":true}`), 200, `no "message_id"`, unknown},
		"everything but the id":    {answerPage(200, "application/json", `{"accepted_time":"2026-03-01T12:00:00Z"}`), 200, `no "message_id"`, unknown},
		"an empty id":              {answerPage(200, "application/json", `{"message_id":""}`), 200, `no "message_id"`, unknown},
		"a blank id":               {answerPage(200, "application/json", `{"message_id":" "}`), 200, `no "message_id"`, unknown},
		"an id of null":            {answerPage(200, "application/json", `{"message_id":null}`), 200, `no "message_id"`, unknown},
		"a flag for an id":         {answerPage(200, "application/json", `{"message_id":true}`), 200, `no "message_id"`, unknown},
		"a list for an id":         {answerPage(200, "application/json", `{"message_id":["hush"]}`), 200, `no "message_id"`, unknown},
		"an object for an id":      {answerPage(200, "application/json", `{"message_id":{"hush":1}}`), 200, `no "message_id"`, unknown},
		"a list for an object":     {answerPage(200, "application/json", `["hush"]`), 200, "unexpected type", unknown},
		"a string for an object":   {answerPage(201, "application/json", `"hush"`), 201, "unexpected type", unknown},
		"text":                     {answerPage(200, "text/plain", "hush"), 200, "not JSON", accepted},
		"JSON with a tail":         {answerPage(200, "application/json", `{"message_id":"hush"} {}`), 200, "not JSON", accepted},
		"half of JSON":             {answerPage(200, "application/json", `{"message_id":"hush`), 200, "not JSON", accepted},
		"half of JSON in a page":   {answerPage(200, "text/html", `{"message_id":"hush`), 200, "not JSON", accepted},
		"another charset's string": {answerPage(200, "application/json", "\xff\xfe{\x00}\x00"), 200, "not JSON", accepted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, tt.answer, conversation.WithRetry(conversation.RetryPolicy{BaseDelay: 1}))
			var response conversation.Response
			sent, err := client.Messages.Send(t.Context(), textMessage(), conversation.WithResponse(&response))
			assert.Nil(t, sent)
			failed := as[*conversation.Error](t, err)
			assert.Equal(t, tt.status, failed.StatusCode)
			assert.Equal(t, tt.status, response.StatusCode)
			assert.Equal(t, response.Body, failed.Body)
			assert.Equal(t, 1, failed.Attempts)
			assert.ErrorContains(t, err, tt.text)
			hides(t, everyPrint(t, err), "hush")
			for sentinel, name := range sentinels {
				assert.NotErrorIs(t, err, sentinel, name)
			}
			assert.Equal(t, tt.outcome, conversation.OutcomeOf(err))
			assert.Equal(t, tt.outcome == unknown, errors.Is(err, conversation.ErrMaybeSent))
			assert.Len(t, server.requests(), 1, "a send that may have been accepted is not retried")
		})
	}
}

// returnsID are the operations that change something and return its id.
var returnsID = map[string]string{
	"Messages.Send": "message_id", "Messages.Update": "id", "Events.Send": "event_id", "Conversations.InjectEvent": "event_id",
	"Contacts.Create": "id", "Contacts.Update": "id", "Contacts.Merge": "id", "Conversations.Create": "id", "Conversations.Update": "id",
	"Apps.Create": "id", "Apps.Update": "id", "Webhooks.Create": "id", "Webhooks.Update": "id", "Templates.Create": "id", "Templates.Update": "id",
	"Batches.Send": "batch_id", "Batches.InsertConsents": "batch_id",
}

// noReplies are 2xx bodies that are no reply of the API to any operation, and whether a read returns an error for them.
var noReplies = map[string]bool{
	`{}`:                              false,
	`{"result":{"id":"ID"},"meta":1}`: true,
	`{"messageID":"ID","eventId":1}`:  true,
	`{"error":{"code":7,"status":"PERMISSION_DENIED","message":"no"}}`: true,
	`[{"id":"ID"}]`:  true,
	`7`:              true,
	`null`:           true,
	`<p>Sign in</p>`: true,
	``:               true,
}

func TestACallThatReturnsAnIDFailsWithoutOne(t *testing.T) {
	t.Parallel()
	calls := everyCall()
	for name, key := range returnsID {
		require.Contains(t, calls, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for body := range noReplies {
				client, server := newTestClient(t, answerWith(200, body))
				err := calls[name](t.Context(), client)
				failed := as[*conversation.Error](t, err)
				assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err), body)
				require.ErrorIs(t, err, conversation.ErrMaybeSent)
				assert.Equal(t, body, string(failed.Body))
				assert.Len(t, server.requests(), 1)
			}
			for _, id := range []string{`"ID"`, `7`} {
				client, _ := newTestClient(t, answerWith(200, `{"`+key+`":`+id+`}`))
				require.NoError(t, calls[name](t.Context(), client), id)
			}
		})
	}
}

func TestAReadOfSomethingElseFails(t *testing.T) {
	t.Parallel()
	calls := everyCall()
	for _, name := range []string{
		"Messages.Get", "Contacts.Get", "Conversations.Get", "Apps.Get", "Webhooks.Get", "Events.Get", "Templates.Get", "Batches.Get",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for body, fails := range noReplies {
				client, _ := newTestClient(t, answerWith(200, body))
				err := calls[name](t.Context(), client)
				assert.Equal(t, fails, err != nil, "%s: %v", body, err)
			}
		})
	}
}

func TestAnErrorWithAStatusOfSuccessIsAnError(t *testing.T) {
	t.Parallel()
	const body = `{"error":{"code":5,"status":"NOT_FOUND","message":"no such app"}}`
	for name, call := range everyCall() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := newTestClient(t, answerWith(200, body))
			failed := as[*conversation.Error](t, call(t.Context(), client))
			assert.Equal(t, 200, failed.StatusCode)
			assert.Equal(t, 5, failed.Code)
			assert.Equal(t, "NOT_FOUND", failed.Status)
			assert.Equal(t, "no such app", failed.Message)
			assert.ErrorContains(t, failed, "HTTP 200: NOT_FOUND: no such app: the reply is an error")
		})
	}
	client, _ := newTestClient(t, answerWith(200, body))
	var reply map[string]any
	require.NoError(t, client.Do(t.Context(), http.MethodPost, "/x", nil, &reply), "the reply to Do may be anything")
	assert.Contains(t, reply, "error")
}

func TestAnIDThatIsANumberIsReadDigitByDigit(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message_id":4670123}`:              "4670123",
		`{"message_id":90071992547409931234}`: "90071992547409931234",
		`{"message_id":0}`:                    "0",
		`{"message_id":1.5}`:                  "",
		`{"message_id":-1}`:                   "",
	} {
		client, _ := newTestClient(t, answerWith(200, body))
		sent, err := client.Messages.Send(t.Context(), textMessage())
		if want == "" {
			require.ErrorIs(t, err, conversation.ErrMaybeSent, body)
			continue
		}
		require.NoError(t, err, body)
		assert.Equal(t, want, sent.MessageID)
	}
}
