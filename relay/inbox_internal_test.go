package relay

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/internal/option"
	"github.com/sinchgo/conversation/webhook"
)

func TestTheKeyOfCopiesIsTheNonceOrTheBody(t *testing.T) {
	t.Parallel()
	const sum = "body.2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	long := strings.Repeat("n", longestNonce+1)
	for _, tt := range []struct {
		header http.Header
		replay string
		want   string
	}{
		{http.Header{nonceHeader: {"01FJ_a"}}, "", "01FJ_a"},
		{http.Header{strings.ToLower(nonceHeader): {"a/b*>"}}, "", "a=2Fb=2A=3E"},
		{http.Header{nonceHeader: {"n"}}, "R", "n.R"},
		{http.Header{}, "", sum},
		{http.Header{nonceHeader: {long}}, "", sum},
		{http.Header{}, "R", sum + ".R"},
	} {
		kept := keptHeader(tt.header)
		if tt.replay != "" {
			kept.Set(replayHeader, tt.replay)
		}
		assert.Equal(t, tt.want, keyOf([]byte("hello"), kept))
	}
	assert.Equal(t, sum, keyOf([]byte("hello"), nil))
}

func TestNothingOfOursComesInWithARequest(t *testing.T) {
	t.Parallel()
	header := http.Header{replayHeader: {"R"}, "Nats-Msg-Id": {"x"}, "Nats-Ttl": {"1s"}, "Cookie": {"x"}}
	assert.Empty(t, keptHeader(header))
	assert.Equal(t, nats.Header{replayHeader: {"R"}}, onlyKept(nats.Header(header)))
}

func TestTheWaitDoublesUpToTheLongest(t *testing.T) {
	t.Parallel()
	c, err := option.Apply(opRunInbox, defaultInboxConfig(), []InboxOption(nil))
	require.NoError(t, err)
	total := time.Duration(0)
	for tries := 1; tries < c.tries; tries++ {
		total += c.backoff(tries)
	}
	assert.Equal(t, 511*time.Second, total, "as WithBackoff says")
	c.first, c.most = 2, 9
	for tries, want := range []time.Duration{1: 2, 2: 4, 3: 8, 4: 9, 5: 9, 1000: 9} {
		if want > 0 {
			assert.Equal(t, want, c.backoff(tries), tries)
		}
	}
}

func TestTheOutboxIsToldBeforeTheFunctionRuns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		fail       error
		want       []string
	}{
		{name: "submit", body: `{"correlation_id":"E","message_submit_notification":{"message_id":"M"}}`, want: []string{"E M", "function"}},
		{name: "delivery", body: `{"correlation_id":"E","message_delivery_report":{"message_id":"M"}}`, want: []string{"E M", "function"}},
		{name: "no correlation id", body: `{"message_delivery_report":{"message_id":"M"}}`, want: []string{"function"}},
		{name: "another event", body: `{"correlation_id":"E","message":{"id":"M"}}`, want: []string{"function"}},
		{name: "the outbox fails", body: `{"correlation_id":"E","message_delivery_report":{"message_id":"M"}}`, fail: errors.New("down"), want: []string{"E M"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var told []string
			receiver, err := webhook.NewReceiver(webhook.WithoutVerification())
			require.NoError(t, err)
			webhook.OnAny(receiver, func(context.Context, webhook.Event) error {
				told = append(told, "function")
				return nil
			})
			settle := func(_ context.Context, id, messageID string) error {
				told = append(told, id+" "+messageID)
				return tt.fail
			}
			event, err := webhook.Parse([]byte(tt.body))
			require.NoError(t, err)
			d := &delivery{inboxRun: &inboxRun{receiver: receiver, settle: settle}}
			err = d.settleAndHandle(t.Context(), event)
			assert.Equal(t, tt.fail != nil, errors.Is(err, errSettle))
			assert.Equal(t, tt.want, told)
		})
	}
}
