package conversationtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheSendsAreReadOverHTTP(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	w := wire{t: t, srv: srv}
	shop := w.create("apps", `{"display_name": "Shop", "channel_credentials": [{"channel": "RCS", "static_bearer": {"claimed_identity": "shop", "token": "hush"}}]}`)
	body := w.text("hi", "15551230000")
	id := w.send(body)

	sent := r.list("sent", "sent")
	require.Len(t, sent, 1)
	assert.Equal(t, []any{id, srv.AppID()}, []any{sent[0]["message_id"], sent[0]["app_id"]})
	assert.NotEmpty(t, sent[0]["accepted_time"])
	assert.JSONEq(t, body, asJSON(t, sent[0]["body"]))
	assert.Len(t, r.list("sent?app_id="+srv.AppID(), "sent"), 1)
	assert.Empty(t, r.list("sent?app_id="+shop, "sent"))
}

func TestTheRequestsAreReadOverHTTP(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	srv, r := steered(t, conversationtest.Config{Clock: func() time.Time { return at }})
	w := wire{t: t, srv: srv}
	token := w.token()
	body := w.text("hi", "15551230000")
	w.send(body)
	w.call(http.MethodGet, "messages?page_size=3", "")
	w.call(http.MethodGet, "nothing", "")

	requests := r.list("requests", "requests")
	require.Len(t, requests, 4)
	var operations, numbers, statuses []any
	for _, request := range requests {
		operations = append(operations, request["operation"])
		numbers = append(numbers, request["seq"])
		statuses = append(statuses, request["status"])
		assert.Equal(t, "2026-03-01T12:00:00Z", request["time"])
		assert.GreaterOrEqual(t, request["duration_ms"], 0.0)
		assert.NotContains(t, request, "violation")
		assert.NotContains(t, request, "fault")
	}
	assert.Equal(t, []any{"token", "Messages.Send", "Messages.List", ""}, operations)
	assert.Equal(t, []any{1.0, 2.0, 3.0, 4.0}, numbers)
	assert.Equal(t, []any{200.0, 200.0, 200.0, 501.0}, statuses)
	assert.Equal(t, grant, requests[0]["body"], "a form is text")
	assert.JSONEq(t, body, asJSON(t, requests[1]["body"]), "JSON is JSON")
	assert.Nil(t, requests[2]["body"])
	assert.Equal(t, jsonObject{"page_size": []any{"3"}}, requests[2]["query"])
	assert.Equal(t, []any{"Basic [redacted]"}, inside(t, requests[2]["header"], "Authorization"))
	assert.Equal(t, "POST", requests[1]["method"])
	assert.Contains(t, requests[1]["path"], "messages:send")
	for _, secret := range []string{srv.KeySecret(), token} {
		assert.NotContains(t, asJSON(t, r.get("requests")), secret)
	}

	assert.Len(t, r.list("requests?after=2", "requests"), 2)
	assert.Empty(t, r.list("requests?after=4", "requests"))
	assert.Empty(t, r.list("requests?after=4000", "requests"))
	assert.Len(t, r.list("requests?operation=Messages.Send", "requests"), 1)
	assert.Len(t, r.list("requests?operation=token&after=0", "requests"), 1)
	assert.Empty(t, r.list("requests?operation=Messages.Send&after=2", "requests"))
}

func TestTheCallbacksAreReadOverHTTP(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Callbacks: conversationtest.CallbackConfig{MaxAttempts: 2, RetryDelay: time.Millisecond}})
	hook := hooked(srv, "secret", conversation.TriggerMessageInbound)
	hook.answer = func(n int) int { return map[bool]int{true: http.StatusOK, false: http.StatusTeapot}[n == 1] }
	r.post("receive", `{`+from+`, "text": "one"}`)
	require.Equal(t, jsonObject{"idle": true}, r.post("wait", ""))
	r.post("receive", `{`+from+`, "text": "two"}`)

	answer := r.get("callbacks?wait=10s")
	assert.Equal(t, true, answer["idle"])
	callbacks := r.list("callbacks", "callbacks")
	require.Len(t, callbacks, 2)
	for i, want := range []jsonObject{
		{"seq": 1.0, "attempts": 1.0, "status": 200.0, "failure": "", "delivered": true},
		{"seq": 2.0, "attempts": 2.0, "status": 418.0, "failure": "it was answered with 418", "delivered": false},
	} {
		for field, value := range want {
			assert.Equal(t, value, callbacks[i][field], "%d %s", i, field)
		}
		assert.Equal(t, "MESSAGE_INBOUND", callbacks[i]["trigger"])
		assert.Equal(t, hookURL, callbacks[i]["target"])
		assert.Equal(t, false, callbacks[i]["duplicate"])
		assert.NotEmpty(t, callbacks[i]["webhook_id"])
		assert.NotEmpty(t, callbacks[i]["time"])
		assert.Contains(t, callbacks[i]["header"], "X-Sinch-Webhook-Signature")
		assert.Equal(t, srv.AppID(), inside(t, callbacks[i]["body"], "app_id"))
	}
	assert.Len(t, r.list("callbacks?after=1", "callbacks"), 1)
}

func TestAWaitThatIsOverReportsThatSomethingIsOutstanding(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Script: conversationtest.ScriptDeliver, ScriptDelay: time.Hour})
	require.Equal(t, jsonObject{"idle": true}, r.post("wait", `{}`), "nothing is outstanding")
	sendText(t, srv, "hi")
	assert.Equal(t, jsonObject{"idle": false}, r.post("wait", `{"timeout": "1ms"}`))
	assert.Equal(t, false, r.get("callbacks?wait=0s")["idle"])
	r.fails(http.StatusBadRequest, http.MethodPost, "wait", `{"timeout": "1"}`, `wait: timeout: "1" is not a duration`)
	r.fails(http.StatusBadRequest, http.MethodPost, "wait", `{"timeout": 1}`, "wait: timeout", "number")

	done := make(chan int)
	go func() {
		status, _ := r.ask(http.MethodPost, "wait", `{"timeout": "1h"}`)
		done <- status
	}()
	srv.Close()
	assert.Equal(t, http.StatusServiceUnavailable, <-done, "a server that is closed ends the wait")
}

func TestARequestThatBreaksTheContractIsRecordedWithItsField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, path, body, field, reason string
	}{
		"a field is missing":        {http.MethodPost, "messages:send", `{"app_id": "APP", "message": {"text_message": {"text": "hi"}}}`, "recipient", "it is required"},
		"a field deep inside":       {http.MethodPost, "messages:send", `{"app_id": "APP", "recipient": {"contact_id": "C"}, "message": {"media_message": {}}}`, "message.media_message.url", "it is required"},
		"an item of a list":         {http.MethodPost, "contacts", `{"language": "DA", "channel_identities": [{"channel": "SMS"}]}`, "channel_identities[0].identity", "it is required"},
		"a type":                    {http.MethodPost, "capability:query", `{"app_id": 1, "recipient": {"contact_id": "C"}}`, "app_id", "string"},
		"a query parameter":         {http.MethodGet, "messages?page_size=x", "", "page_size", "invalid"},
		"an exclusive choice":       {http.MethodPost, "messages:send", `{"app_id": "APP", "recipient": {"contact_id": "C", "identified_by": {"channel_identities": [{"channel": "SMS", "identity": "15551230000"}]}}, "message": {"text_message": {"text": "hi"}}}`, "recipient", "must be"},
		"a rule beyond the schemas": {http.MethodPost, "webhooks", `{"app_id": "APP", "target": "/here", "target_type": "HTTP", "triggers": ["OPT_IN"]}`, "target", "absolute"},
		"no body":                   {http.MethodPost, "messages:send", "", "the request", "required"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, r := steered(t, conversationtest.Config{Contract: conversationtest.PlatformContract})
			answer := wire{t: t, srv: srv}.call(c.method, c.path, strings.ReplaceAll(c.body, "APP", srv.AppID()))
			require.Equal(t, http.StatusBadRequest, answer.status, answer.body)

			violation := srv.Requests()[0].Violation
			require.NotNil(t, violation, answer.body)
			assert.Equal(t, c.field, violation.Field)
			assert.Contains(t, violation.Reason, c.reason)
			assert.Equal(t, jsonObject{"field": violation.Field, "reason": violation.Reason}, r.list("requests", "requests")[0]["violation"])
		})
	}
}

func TestARequestThatIsRejectedForItsStateBreaksNoContract(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	w := wire{t: t, srv: srv}
	const contact = `{"language": "DA", "channel_identities": [{"channel": "SMS", "identity": "15551230000"}]}`
	w.create("contacts", contact)
	assert.Equal(t, http.StatusBadRequest, w.call(http.MethodPost, "contacts", contact).status, "the number is taken")
	w.call(http.MethodGet, "messages/none", "")
	w.call(http.MethodPut, "messages", "")
	w.listAs("")
	for _, request := range srv.Requests() {
		assert.Nil(t, request.Violation, "%s %s", request.Method, request.Path)
	}
}

func TestARequestIsRecordedWithItsOperationAndFault(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		client := srv.NewClient(t)
		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Delay: time.Second, Operation: "Apps.List", Times: 1})
		for range 2 {
			_, err := client.Apps.List(t.Context())
			require.NoError(t, err)
		}
		var seen []string
		for _, request := range srv.Requests() {
			seen = append(seen, fmt.Sprint(request.Operation, " ", request.Fault))
			assert.False(t, request.Time.IsZero())
			if request.Fault == conversationtest.FaultSlow {
				assert.GreaterOrEqual(t, request.Duration, time.Second)
			}
		}
		assert.Equal(t, []string{"token FaultKind(0)", "Apps.List slow", "Apps.List FaultKind(0)"}, seen)
	})
}

func TestTheNewestEntriesOfALog(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	hooked(srv, "", conversation.TriggerMessageInbound)
	for range 3 {
		r.post("receive", `{`+from+`, "text": "hi"}`)
		r.post("send", `{`+from+`, "text": "hi"}`)
	}
	settle(t, srv)
	for _, log := range []string{"requests", "callbacks"} {
		for query, want := range map[string][]float64{"last=1": {3}, "last=2": {2, 3}, "last=3": {1, 2, 3}, "last=99": {1, 2, 3}, "last=2&after=2": {3}} {
			var seqs []float64
			for _, entry := range r.list(log+"?"+query, log) {
				seqs = append(seqs, entry["seq"].(float64)) //nolint:forcetypeassert,errcheck // It is a number.
			}
			assert.Equal(t, want, seqs, "%s?%s", log, query)
		}
		for _, bad := range []string{"0", "-1", "x", "1.5"} {
			status, answer := r.ask(http.MethodGet, log+"?last="+bad, "")
			assert.Equal(t, http.StatusBadRequest, status, bad)
			assert.Contains(t, answer["error"], log+": last: ", bad)
		}
	}
}
