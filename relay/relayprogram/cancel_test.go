package relayprogram

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

func TestAnEntryIsCancelledWithoutAQuestion(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	assert.Equal(t, result{stdout: "sale-1  cancelled\n"}, invoke(t, "-dir", p.dir, "cancel", "sale-1"))
	p.assertState(t, "sale-1", relay.StateCancelled)
	p.assertState(t, "sale-2", relay.StateQueued)
}

func TestAFailureDoesNotStopTheOtherCancellations(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	got := invoke(t, "-dir", p.dir, "cancel", "none", "code-1", "sale-1", "-yes")
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "2 of 3 failed")
	assert.Regexp(t, `(?m)^none +.*no entry with this ID`, got.stdout)
	assert.Regexp(t, `(?m)^code-1 +.*not queued: it is accepted`, got.stdout)
	assert.Regexp(t, `(?m)^sale-1 +cancelled$`, got.stdout)

	got = invoke(t, "-dir", p.dir, "-json", "cancel", "none", "sale-2", "-yes")
	assert.Equal(t, exitFailed, got.code)
	results := jsonLines[done](t, got.stdout)
	require.Len(t, results, 2)
	assert.Contains(t, results[0].Error, "no entry")
	assert.Equal(t, done{ID: "sale-2", Done: "cancelled"}, results[1])
}

func TestAGroupIsCancelled(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	got := invoke(t, "-dir", p.dir, "cancel", "-group", "sale", "-yes")
	assert.Equal(t, result{stdout: "3 cancelled.\n"}, got)
	for _, id := range []string{"sale-1", "sale-2", "sale-3"} {
		p.assertState(t, id, relay.StateCancelled)
	}
	p.assertState(t, "loose", relay.StateQueued)

	got = invoke(t, "-dir", p.dir, "cancel", "-all", "-yes", "-json")
	assert.Zero(t, got.code, got.stderr)
	assert.JSONEq(t, `{"done":1,"too_late":0,"failed":0}`, got.stdout)
	p.assertState(t, "loose", relay.StateCancelled)
}

func TestRejectedEntriesAreRetried(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	assert.Equal(t, result{stdout: "sale-4  queued again\n"}, invoke(t, "-dir", p.dir, "retry", "sale-4"))
	p.assertState(t, "sale-4", relay.StateQueued)
	p.assertState(t, "sale-5", relay.StateRejected)
	p.enqueueIn(t, relay.Scope{App: "SHOP", Group: "sale"}, "sale-6", relay.StateRejected, "")

	got := invoke(t, "-dir", p.dir, "retry", "-state", "rejected", "-group", "sale", "-json", "-yes")
	assert.Zero(t, got.code, got.stderr)
	assert.JSONEq(t, `{"done":2,"too_late":0,"failed":0}`, got.stdout)
	p.assertState(t, "sale-5", relay.StateQueued)
	p.assertState(t, "sale-6", relay.StateQueued)
	assert.Equal(t, result{stdout: "0 queued again.\n"}, invoke(t, "-dir", p.dir, "retry", "-state", "dropped"))
}

func TestWithoutATerminalSeveralEntriesNeedYes(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	p.enqueue(t, "SHOP", "held-1", relay.StateUnknown)
	p.enqueue(t, "SHOP", "held-2", relay.StateUnknown)
	for want, args := range map[string][]string{
		`This will cancel 2 entries.`:                                          {"cancel", "sale-1", "sale-2"},
		`This cancels 3 queued entries of group "sale".`:                       {"cancel", "-group", "sale"},
		`This cancels at most 3 queued entries of group "sale" of app "SHOP".`: {"cancel", "-group", "sale", "-app", "SHOP"},
		`This cancels 4 queued entries.`:                                       {"cancel", "-all"},
		`This will retry 2 entries.`:                                           {"retry", "sale-4", "sale-5"},
		`This sends 2 rejected entries of group "sale" again.`:                 {"retry", "-state", "rejected", "-group", "sale"},
		`This pauses 3 queued entries of app "SHOP".`:                          {"pause", "-app", "SHOP"},
		`This resumes sending for 4 queued entries.`:                           {"resume", "-all"},
		`This changes the rate of 3 queued entries of group "sale".`:           {"rate", "-group", "sale", "5"},
		`This settles 2 entries as drop.`:                                      {"unknown", "settle", "-as", "drop", "held-1", "held-2"},
	} {
		got := invoke(t, append([]string{"-dir", p.dir}, args...)...)
		assert.Equal(t, exitUsage, got.code)
		assert.Empty(t, got.stdout)
		assert.Contains(t, got.stderr, want)
		assert.Contains(t, got.stderr, "Nothing was changed")
		assert.Contains(t, got.stderr, "-yes")
	}
	for _, id := range []string{"loose", "sale-1", "sale-2", "sale-3"} {
		p.assertState(t, id, relay.StateQueued)
	}
}

func TestAPersonConfirms(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	for _, no := range []string{"n\n", "\n", "", "yess\n"} {
		got := answer(t, no, "-dir", p.dir, "cancel", "-group", "sale")
		assert.Equal(t, exitFailed, got.code)
		assert.Contains(t, got.stderr, `This cancels 3 queued entries of group "sale". What is sent meanwhile is not cancelled: pause first. Continue? [y/N]`)
		assert.Contains(t, got.stderr, "not confirmed: nothing was changed")
		assert.Empty(t, got.stdout)
	}
	p.assertState(t, "sale-1", relay.StateQueued)

	require.Zero(t, answer(t, "Yes\n", "-dir", p.dir, "pause", "-group", "sale").code)
	got := answer(t, "y\n", "-dir", p.dir, "cancel", "-group", "sale")
	assert.Zero(t, got.code, got.stderr)
	assert.Equal(t, "3 cancelled.\n", got.stdout)
	assert.NotContains(t, got.stderr, "pause first")
}

func TestAGroupThatDoesNotExistIsNoted(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	got := invoke(t, "-dir", p.dir, "cancel", "-group", "sael")
	assert.Zero(t, got.code)
	assert.Contains(t, got.stderr, `no entries of group "sael"`)
	assert.Equal(t, "0 cancelled.\n", got.stdout)
}

func (p program) assertState(t *testing.T, id string, want relay.State) {
	t.Helper()
	status, err := p.relay.Outbox().Get(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, want, status.State, id)
}

func TestAStatusHasStableNames(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	var shown map[string]any
	require.NoError(t, json.Unmarshal([]byte(invoke(t, "-dir", p.dir, "-json", "show", "sale-4").stdout), &shown))
	for _, name := range []string{"id", "app", "group", "state", "reason", "attempts", "at"} {
		assert.Contains(t, shown, name)
	}
}
