package relayprogram

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

// jsonLines reads a value from each line.
func jsonLines[T any](t *testing.T, text string) []T {
	t.Helper()
	var values []T
	for line := range strings.Lines(text) {
		var value T
		require.NoError(t, json.Unmarshal([]byte(line), &value), line)
		values = append(values, value)
	}
	return values
}

func ids(list []relay.Status) []string {
	found := []string{}
	for _, status := range list {
		found = append(found, status.ID)
	}
	return found
}

// campaign enqueues entries of two apps and groups in several states.
func campaign(t *testing.T) program {
	t.Helper()
	p := start(t)
	p.enqueue(t, "SHOP", "loose", relay.StateQueued)
	p.enqueueIn(t, relay.Scope{App: "SHOP", Group: "sale"}, "sale-1", relay.StateQueued, "")
	p.enqueueIn(t, relay.Scope{App: "SHOP", Group: "sale"}, "sale-2", relay.StateQueued, "")
	p.enqueueIn(t, relay.Scope{App: "BANK", Group: "sale"}, "sale-3", relay.StateQueued, "")
	p.enqueueIn(t, relay.Scope{App: "SHOP", Group: "sale"}, "sale-4", relay.StateRejected, "")
	p.enqueueIn(t, relay.Scope{App: "BANK", Group: "sale"}, "sale-5", relay.StateRejected, "")
	p.enqueueIn(t, relay.Scope{App: "SHOP", Group: "codes"}, "code-1", relay.StateAccepted, conversation.DeliveryStatusDelivered)
	p.enqueueIn(t, relay.Scope{App: "SHOP", Group: "codes"}, "code-2", relay.StateAccepted, conversation.DeliveryStatusFailed)
	return p
}

func TestEntriesAreListedByStateAppAndGroup(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	for name, test := range map[string]struct {
		args []string
		want []string
	}{
		"all":             {nil, []string{"loose", "sale-1", "sale-2", "sale-3", "sale-4", "sale-5", "code-1", "code-2"}},
		"state":           {[]string{"-state", "rejected"}, []string{"sale-4", "sale-5"}},
		"group":           {[]string{"-group", "codes"}, []string{"code-1", "code-2"}},
		"app":             {[]string{"-app", "BANK"}, []string{"sale-3", "sale-5"}},
		"group of an app": {[]string{"-group", "sale", "-app", "SHOP", "-state", "queued"}, []string{"sale-1", "sale-2"}},
		"none":            {[]string{"-group", "winter"}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := invoke(t, append([]string{"-dir", p.dir, "list", "-json"}, test.args...)...)
			require.Zero(t, got.code, got.stderr)
			assert.ElementsMatch(t, test.want, ids(jsonLines[relay.Status](t, got.stdout)))
			assert.NotContains(t, got.stdout, "15551230000")
			assert.NotContains(t, got.stdout, "secret words")
		})
	}

	got := invoke(t, "-dir", p.dir, "list", "-limit", "2", "-json")
	require.Zero(t, got.code, got.stderr)
	assert.Len(t, jsonLines[relay.Status](t, got.stdout), 2)
}

func TestAListIsATable(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	got := invoke(t, "-dir", p.dir, "list", "-group", "codes")
	require.Zero(t, got.code, got.stderr)
	assert.Regexp(t, `^SINCE +APP +GROUP +STATE +DELIVERY +ATTEMPTS +ID +REASON
[0-9-]+ [0-9:]+  SHOP  codes  accepted  DELIVERED  1         code-1  -
[0-9-]+ [0-9:]+  SHOP  codes  accepted  FAILED     1         code-2  the phone is off
$`, got.stdout)
	assert.Equal(t, "No entry matches.\n", invoke(t, "-dir", p.dir, "list", "-group", "winter").stdout)
}

func TestALongListIsPrintedInBlocks(t *testing.T) {
	t.Parallel()
	p := start(t)
	count := listBlock + 1
	for _, err := range p.relay.Outbox().EnqueueAll(t.Context(), func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for i := range count {
			req := &conversation.SendMessageRequest{
				AppID: "SHOP", Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("secret words"),
			}
			if !yield(req, relay.Entry{ID: strconv.Itoa(i)}) {
				return
			}
		}
	}) {
		require.NoError(t, err)
	}
	got := invoke(t, "-dir", p.dir, "list")
	require.Zero(t, got.code, got.stderr)
	assert.Equal(t, 1+count, strings.Count(got.stdout, "\n"))
	assert.Equal(t, 1, strings.Count(got.stdout, "SINCE"))
}

func TestAnEntryIsShown(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	got := invoke(t, "-dir", p.dir, "show", "code-2")
	require.Zero(t, got.code, got.stderr)
	for _, want := range []string{
		`(?m)^id +code-2$`, `(?m)^app +SHOP$`, `(?m)^group +codes$`, `(?m)^state +accepted$`, `(?m)^delivery +FAILED$`,
		`(?m)^delivery reason +the phone is off$`, `(?m)^before +-$`,
	} {
		assert.Regexp(t, want, got.stdout)
	}

	var shown relay.Status
	require.NoError(t, json.Unmarshal([]byte(invoke(t, "-dir", p.dir, "show", "-json", "code-2").stdout), &shown))
	assert.Equal(t, conversation.DeliveryStatusFailed, shown.Delivery)
	assert.Equal(t, "codes", shown.Group)
}

func TestAnUnknownIDIsAFailure(t *testing.T) {
	t.Parallel()
	p := start(t)
	for _, command := range []string{"show", "cancel", "retry", "watch"} {
		for _, json := range []string{"-json=false", "-json"} {
			got := invoke(t, "-dir", p.dir, command, "none", json)
			assert.Equal(t, exitFailed, got.code, command)
			assert.Contains(t, got.stdout+got.stderr, "no entry with this ID", command)
		}
	}
}
