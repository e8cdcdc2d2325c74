package relay

import (
	"net/http"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/webhook"
)

func TestTheKeyOfDuplicatesIsThatOfADeduper(t *testing.T) {
	t.Parallel()
	const sum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	assert.Equal(t, sum, webhook.DeduperKey([]byte("hello")))
	for name, tt := range map[string]struct {
		header http.Header
		replay string
		want   string
	}{
		"signed":             {http.Header{"X-Sinch-Webhook-Signature-Nonce": {"01FJ_a"}}, "", sum},
		"signed anew":        {http.Header{"X-Sinch-Webhook-Signature-Nonce": {"b"}}, "", sum},
		"not signed":         {nil, "", sum},
		"a replay":           {http.Header{"X-Sinch-Webhook-Signature-Nonce": {"01FJ_a"}}, "R", sum + ".R"},
		"not signed, replay": {nil, "R", sum + ".R"},
	} {
		kept := keptHeader(tt.header)
		if tt.replay != "" {
			kept.Set(replayHeader, tt.replay)
		}
		assert.Equal(t, tt.want, keyOf([]byte("hello"), kept), name)
	}
	assert.Equal(t, sum, keyOf([]byte("hello"), nil))
	assert.NotEqual(t, sum, keyOf([]byte("hello "), nil))
}

func TestRequestsCannotSetInternalHeaders(t *testing.T) {
	t.Parallel()
	header := http.Header{replayHeader: {"R"}, "Nats-Msg-Id": {"x"}, "Nats-Ttl": {"1s"}, "Cookie": {"x"}}
	assert.Empty(t, keptHeader(header))
	assert.Equal(t, nats.Header{replayHeader: {"R"}}, onlyKept(nats.Header(header)))
}
