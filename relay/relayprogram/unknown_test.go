package relayprogram

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

func TestUnknownEntriesAreListedWithoutTheirText(t *testing.T) {
	t.Parallel()
	p := start(t)
	assert.Equal(t, "No entry is unknown.\n", invoke(t, "-dir", p.dir, "unknown", "list").stdout)
	assert.Equal(t, "[]\n", invoke(t, "-dir", p.dir, "-json", "unknown", "list").stdout)
	p.enqueue(t, "SHOP", "one", relay.StateUnknown)
	p.enqueue(t, "SHOP", "two", relay.StateQueued)

	got := invoke(t, "-dir", p.dir, "unknown", "list")
	require.Zero(t, got.code, got.stderr)
	assert.Regexp(t, `^SINCE +APP +ATTEMPTS +ID +REASON\n[0-9-]+ [0-9:]+ +SHOP +1 +one +the worker died\n$`, got.stdout)

	var list []relay.Status
	require.NoError(t, json.Unmarshal([]byte(invoke(t, "-dir", p.dir, "unknown", "list", "-json").stdout), &list))
	require.Len(t, list, 1)
	assert.Equal(t, "one", list[0].ID)
}

func TestUnknownEntriesAreSettled(t *testing.T) {
	t.Parallel()
	p := start(t)
	for as, want := range map[string]relay.State{
		"accepted": relay.StateAccepted, "drop": relay.StateDropped, "resend": relay.StateQueued,
	} {
		p.enqueue(t, "SHOP", as, relay.StateUnknown)
		got := invoke(t, "-dir", p.dir, "unknown", "settle", "-as", as, as)
		require.Zero(t, got.code, got.stderr)
		assert.Equal(t, as+"  settled as "+as+"\n", got.stdout)
		status, err := p.relay.Outbox().Get(t.Context(), as)
		require.NoError(t, err)
		assert.Equal(t, want, status.State)
	}
}

func TestAFailureDoesNotStopTheOtherEntries(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.enqueue(t, "SHOP", "one", relay.StateUnknown)

	got := invoke(t, "-dir", p.dir, "-json", "unknown", "settle", "-as", "drop", "none", "one", "-yes")

	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "1 of 2 failed")
	var results []done
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &results))
	require.Len(t, results, 2)
	assert.Contains(t, results[0].Error, "no entry")
	assert.Equal(t, done{ID: "one", Done: "settled as drop"}, results[1])
}
