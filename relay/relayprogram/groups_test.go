package relayprogram

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

func TestGroupsAreATable(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	got := invoke(t, "-dir", p.dir, "groups")
	require.Zero(t, got.code, got.stderr)
	assert.Equal(t, `GROUP  queued  attempting  accepted  delivered  read  failed  rejected  unknown  dropped  cancelled  expired  later  paused
codes  0       0           2         1          0     1       0         0        0        0          0        0      -
sale   3       0           0         0          0     0       2         0        0        0          0        0      -
`, got.stdout)
}

func TestGroupsAreLinesOfJSON(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	require.NoError(t, p.relay.Outbox().Pause(t.Context(), relay.Scope{Group: "sale"}))
	got := invoke(t, "-dir", p.dir, "groups", "-json")
	require.Zero(t, got.code, got.stderr)
	groups := jsonLines[groupLine](t, got.stdout)
	require.Len(t, groups, 2)
	assert.Equal(t, 1, groups[0].Delivery[conversation.DeliveryStatusDelivered])
	assert.Empty(t, groups[0].Paused)
	assert.Equal(t, "sale", groups[1].Group)
	assert.Equal(t, 3, groups[1].States[relay.StateQueued])
	assert.Equal(t, "yes", groups[1].Paused)
}

func TestWithoutGroupsTheTableSaysSo(t *testing.T) {
	t.Parallel()
	p := start(t)
	assert.Equal(t, "No entry has a group.\n", invoke(t, "-dir", p.dir, "groups").stdout)
	assert.Empty(t, invoke(t, "-dir", p.dir, "groups", "-json").stdout)
}

func TestAGroupIsPausedWithWhatContainsIt(t *testing.T) {
	t.Parallel()
	for want, pauses := range map[string][]relay.Scope{
		"":                   {{Group: "codes"}, {Group: "codes", App: "SHOP"}},
		"yes":                {{App: "SHOP"}, {}},
		"for app SHOP, BANK": {{App: "SHOP"}, {App: "BANK", Group: "sale"}, {App: "CLUB", Group: "codes"}},
	} {
		var view relay.Overview
		for _, scope := range pauses {
			view.Pauses = append(view.Pauses, relay.Pause{Scope: scope, Since: time.Now()})
		}
		assert.Equal(t, want, pausedWords(&view, "sale"))
	}
}
