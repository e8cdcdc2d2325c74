package relay_test

import (
	"net/http"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

// TestWhatWasStoredUnderNoncesIsKept begins with a data directory of the time when the key of a callback was its nonce.
func TestWhatWasStoredUnderNoncesIsKept(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for subject, id := range map[string]string{"sinch.inbox.0": "waiting", "sinch.inbox.1": "failed before", "sinch.dead.inbox.n3": "dead"} {
		stored := &nats.Msg{Subject: subject, Data: []byte(inbound(id, "c")), Header: nats.Header{
			"X-Sinch-Webhook-Signature-Nonce": {"n of " + id}, "Relay-Letter-Reason": {"broken"}, "Relay-Letter-Tries": {"10"},
		}}
		_, err := b.js.PublishMsg(t.Context(), stored)
		require.NoError(t, err)
	}
	seen := b.seen(t)
	for key, value := range map[string]string{
		"n=20of=20failed=20before": `{"state":"failed","worker":"W","tries":3}`,
		"n3":                       `{"state":"dead","worker":"W","tries":10,"reason":"broken"}`,
	} {
		_, err := seen.PutString(t.Context(), key, value)
		require.NoError(t, err)
	}

	ids := heard(b.receiver, fine)
	run(t, b.Relay, b.receiver)
	assert.ElementsMatch(t, []string{"waiting", "failed before"}, []string{next(t, ids), next(t, ids)})
	letters := deadLetters(t, b.Relay)
	require.Len(t, letters, 1)
	assert.Equal(t, &relay.DeadLetter{
		Seq: 1, Origin: "inbox", ID: "n3", Reason: "broken", Tries: 10, At: letters[0].At, Body: []byte(inbound("dead", "c")),
		Header: http.Header{"X-Sinch-Webhook-Signature-Nonce": {"n of dead"}},
	}, letters[0])
	require.NoError(t, b.RetryDeadLetter(t.Context(), 1))
	assert.Equal(t, "dead", next(t, ids))
	for _, id := range []string{"waiting", "failed before", "dead"} {
		require.Equal(t, http.StatusOK, b.post(t.Context(), inbound(id, "c"), "signed anew"))
	}
	b.settled(t)
	assert.Empty(t, ids)
	assert.Empty(t, deadLetters(t, b.Relay))
}
