package relay

import (
	"net/http"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
)

func TestTheKeyOfDuplicatesIsTheNonceOrTheBody(t *testing.T) {
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

func TestRequestsCannotSetInternalHeaders(t *testing.T) {
	t.Parallel()
	header := http.Header{replayHeader: {"R"}, "Nats-Msg-Id": {"x"}, "Nats-Ttl": {"1s"}, "Cookie": {"x"}}
	assert.Empty(t, keptHeader(header))
	assert.Equal(t, nats.Header{replayHeader: {"R"}}, onlyKept(nats.Header(header)))
}
