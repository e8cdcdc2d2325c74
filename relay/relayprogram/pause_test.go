package relayprogram

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

func (p program) pauses(t *testing.T) []relay.Scope {
	t.Helper()
	view, err := p.relay.Overview(t.Context())
	require.NoError(t, err)
	scopes := []relay.Scope{}
	for _, pause := range view.Pauses {
		scopes = append(scopes, pause.Scope)
	}
	return scopes
}

func TestAGroupIsPausedAndResumed(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	got := invoke(t, "-dir", p.dir, "pause", "-group", "sale", "-yes")
	assert.Equal(t, result{stdout: "group \"sale\": paused\n"}, got)
	got = invoke(t, "-dir", p.dir, "pause", "-group", "sale", "-app", "SHOP", "-json", "-yes")
	assert.Zero(t, got.code, got.stderr)
	assert.JSONEq(t, `{"app":"SHOP","group":"sale","done":"paused"}`, got.stdout)
	assert.ElementsMatch(t, []relay.Scope{{Group: "sale"}, {Group: "sale", App: "SHOP"}}, p.pauses(t))

	got = invoke(t, "-dir", p.dir, "status")
	require.Zero(t, got.code, got.stderr)
	assert.Regexp(t, `\n\nPAUSED +SINCE +REASON\ngroup "sale" +[0-9-]+ [0-9:]+ +by hand\n`, got.stdout)
	assert.Regexp(t, `(?m)^sale .* yes$`, invoke(t, "-dir", p.dir, "groups").stdout)

	got = invoke(t, "-dir", p.dir, "resume", "-group", "sale", "-yes")
	assert.Equal(t, result{stdout: "group \"sale\": resumed\n"}, got)
	assert.Empty(t, p.pauses(t))
}

func TestEverythingIsPaused(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.enqueue(t, "SHOP", "one", relay.StateQueued)
	assert.Equal(t, result{stdout: "everything: paused\n"}, invoke(t, "-dir", p.dir, "pause", "-all"), "one entry needs no question")
	assert.Equal(t, []relay.Scope{{}}, p.pauses(t))
	got := invoke(t, "-dir", p.dir, "resume", "-app", "SHOP")
	assert.Equal(t, exitFailed, got.code, "it would stay paused")
	assert.Contains(t, got.stderr, "everything")
	assert.Equal(t, result{stdout: "{\n  \"done\": \"resumed\"\n}\n"}, invoke(t, "-dir", p.dir, "resume", "-all", "-json"))
	assert.Empty(t, p.pauses(t))
}

func TestTheRateOfAGroupIsSet(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	got := invoke(t, "-dir", p.dir, "rate", "-group", "sale", "5", "-yes")
	assert.Equal(t, result{stdout: "group \"sale\": limited to 5 requests a second\n"}, got)
	got = invoke(t, "-dir", p.dir, "rate", "-json", "-yes", "-group", "sale", "-app", "SHOP", "0")
	assert.Zero(t, got.code, got.stderr)
	assert.JSONEq(t, `{"app":"SHOP","group":"sale","done":"without a limit"}`, got.stdout)
}

func TestAPauseIsPrintedWithItsReason(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := &call{console: console{stdout: &out}}
	require.NoError(t, c.printPauses(&relay.Overview{}))
	assert.Empty(t, out.String())
	since := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	require.NoError(t, c.printPauses(&relay.Overview{Pauses: []relay.Pause{
		{Scope: relay.Scope{App: "SHOP"}, Reason: "404: the app does not exist in this region", Since: since},
	}}))
	assert.Equal(t, "\nPAUSED      SINCE                REASON\napp \"SHOP\"  2026-01-31 12:00:00  404: the app does not exist in this region\n", out.String())
}
