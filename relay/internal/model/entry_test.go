package model_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/internal/model"
)

var (
	kills    = model.EntryScenario{Published: 2}
	settling = model.EntryScenario{Published: 2, Settler: true}
	cuts     = model.EntryScenario{Published: 2, PowerCuts: true}
	ending   = model.EntryScenario{Published: 1, Ends: true}
	weak     = model.EntryScenario{Published: 1, PowerCuts: true, Weak: true}
)

func TestAnEntryIsSentAtMostOnceAndEnds(t *testing.T) {
	t.Parallel()
	scenarios := map[string]model.EntryScenario{
		"kills": kills, "settled by others": settling, "cancelled or expired": {Published: 2, Ends: true},
		"cancelled or expired, and settled":     {Published: 2, Ends: true, Settler: true},
		"cancelled or expired, with power cuts": {Published: 1, Ends: true, PowerCuts: true}, "power cuts": cuts, "weak": weak,
		"settled by others, with power cuts": {Published: 1, Settler: true, PowerCuts: true},
	}
	if os.Getenv("CONVERSATION_SOAK") != "" {
		scenarios["three rounds"] = model.EntryScenario{Published: 3, Settler: true}
	}
	for name, scenario := range scenarios {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := model.Explore(model.Entry(scenario, model.EntryRules{}))
			t.Log(got)
			require.Empty(t, got.Wrong, got.String())
			assert.Greater(t, got.States, 1000)
		})
	}
}

func TestEachRuleOfAnEntryIsNecessary(t *testing.T) {
	t.Parallel()
	const twice, lost, stuck, changed = "a message was sent twice", "an acknowledged entry is lost", "stuck: no worker can end it", "a final state changed"
	const ended = "a cancelled or expired message was sent"
	for name, c := range map[string]struct {
		scenario model.EntryScenario
		without  model.EntryRules
		wrong    string
	}{
		"the attempt is recorded first":                   {kills, model.EntryRules{SkipsRecord: true}, twice},
		"H3: a record outlives its message":               {kills, model.EntryRules{ForgetsWithMessage: true}, twice},
		"H3: a record outlives the leases":                {kills, model.EntryRules{ForgetsInLease: true}, twice},
		"H5: acknowledged messages are looked for":        {weak, model.EntryRules{TrustsDelivery: true}, stuck},
		"H5: records without a message are looked for":    {weak, model.EntryRules{TrustsMessage: true}, stuck},
		"H19: an acknowledgement is confirmed":            {cuts, model.EntryRules{TrustsSync: true}, lost},
		"an attempt of another worker is not replaced":    {kills, model.EntryRules{OverwritesAttempt: true}, changed},
		"a message that is queued again is not removed":   {kills, model.EntryRules{RemovesQueued: true}, stuck},
		"held messages of later rounds are not removed":   {settling, model.EntryRules{PurgesHeld: true}, stuck},
		"a held message of any round is sent again":       {settling, model.EntryRules{ResendsSameRound: true}, stuck},
		"an entry that a worker sends is not cancelled":   {ending, model.EntryRules{CancelsAttempt: true}, ended},
		"an entry that a worker sends does not expire":    {ending, model.EntryRules{ExpiresAttempt: true}, ended},
		"a held message without a record is not an entry": {kills, model.EntryRules{EnqueueTrustsHeld: true, ForgetsNotHeld: true}, stuck},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := model.Explore(model.Entry(c.scenario, c.without))
			t.Logf("found after %d steps: %s", len(got.Trace), got)
			assert.Equal(t, c.wrong, got.Wrong)
		})
	}
}
