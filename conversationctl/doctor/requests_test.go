package doctor_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/doctor"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// received is a request to a receiver.
type received struct {
	path, body string
	header     http.Header
}

func TestReceiversGetAnEmptyObjectAndThreeDeliveryReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var mu sync.Mutex
	var requests []received
	next := receiver(t, webhookSecret)
	w.receiver(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		mu.Lock()
		requests = append(requests, received{req.Method + " " + req.URL.Path, string(body), req.Header})
		mu.Unlock()
		req.Body = io.NopCloser(strings.NewReader(string(body)))
		next.ServeHTTP(rw, req)
	}))
	w.run()

	var reports []received
	for _, request := range requests {
		assert.Contains(t, request.header.Get("User-Agent"), "conversationctl-doctor/")
		assert.Equal(t, "application/json", request.header.Get("Content-Type"))
		if request.path == "POST /callback" {
			reports = append(reports, request)
			continue
		}
		assert.Equal(t, "POST /sinch", request.path)
		assert.JSONEq(t, `{}`, request.body)
		assert.Empty(t, request.header.Get(webhook.HeaderSignature))
	}
	require.Len(t, reports, 3)
	require.Len(t, requests, 4)
	require.NoError(t, webhook.Verify([]byte(reports[0].body), reports[0].header, webhookSecret))
	require.ErrorIs(t, webhook.Verify([]byte(reports[1].body), reports[1].header, webhookSecret), webhook.ErrBadSignature)
	require.ErrorIs(t, webhook.Verify([]byte(reports[2].body), reports[2].header, webhookSecret), webhook.ErrBadSignature)
	for _, report := range reports {
		event, err := webhook.Parse([]byte(report.body))
		require.NoError(t, err)
		delivery, ok := event.(*webhook.MessageDelivery)
		require.True(t, ok, "%T", event)
		assert.Equal(t, projectID, delivery.ProjectID)
		assert.Equal(t, appID, delivery.AppID)
		assert.Contains(t, delivery.MessageDeliveryReport.MessageID, "conversationctl-doctor-")
	}
}

func TestTheTargetThatIsTheCallbackURLIsSentNoEmptyObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opts.CallbackURL = target
	assert.NotContains(t, summary(w.run()), "webhook.target")
}

func TestATargetThatOnlyAnAPIOnThisMachineReachesIsNoFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opts.CallbackURL = ""
	w.address = conversation.WithBaseURL("https://localhost")
	w.internet.serve("localhost", regional{w.eu, true})
	w.internet.serve("shop.example", nil)
	second := w.eu.AddWebhook("http://127.0.0.1:3000/sinch", webhookSecret, conversation.TriggerOptIn)
	w.internet.serve("127.0.0.1", inProcess{receiver(t, webhookSecret)})

	findings := w.run()

	assertFindings(t, []want{warning("webhook.target", "at https://shop.example cannot be reached from here")}, findings)
	assert.Contains(t, summary(findings), "ok: webhook.target: the target of the webhook "+second.ID)
}

func TestTheOptionsAndTheirHTTPClientAreNotChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	assert.Nil(t, w.opts.HTTPClient.CheckRedirect)
	assert.Zero(t, w.opts.HTTPClient.Timeout)
	assert.Nil(t, w.opts.Triggers)
}

func TestAFindingPrintsAsOneLine(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "ok: clock: it is right", doctor.Finding{Level: doctor.LevelOK, Check: "clock", Message: "it is right"}.String())
	assert.Equal(t, "failure: clock: it is wrong: set it",
		doctor.Finding{Level: doctor.LevelFailure, Check: "clock", Message: "it is wrong", Fix: "set it"}.String())
}

func TestNothingIsRetried(t *testing.T) {
	t.Parallel()
	for operation, kind := range map[string]conversationtest.FaultKind{
		"token": conversationtest.FaultTokenEndpointDown, "Apps.Get": conversationtest.FaultRateLimit, "Webhooks.List": conversationtest.FaultStatus,
	} {
		w := newWorld(t)
		fault := w.eu.Fault(conversationtest.Fault{Kind: kind, Operation: operation})
		w.run()
		assert.Equal(t, 1, fault.Hits(), operation)
	}
}
