package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/internal/model"
)

func TestACallbackIsHandledAndCommittedOnce(t *testing.T) {
	t.Parallel()
	for name, weak := range map[string]bool{"durable": false, "weak": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := model.Explore(model.Callback(weak, model.CallbackRules{}))
			t.Log(got)
			require.Empty(t, got.Wrong, got.String())
			assert.Greater(t, got.States, 100)
		})
	}
}

func TestEachRuleOfACallbackIsNecessary(t *testing.T) {
	t.Parallel()
	const (
		lost  = "a callback that was answered with 200 is lost"
		again = "a callback was handled again after its success was recorded"
		dead  = "a callback that was handled is a dead letter"
		stuck = "stuck: no worker can end it"
	)
	for name, c := range map[string]struct {
		weak    bool
		without model.CallbackRules
		wrong   string
	}{
		"a callback is stored before the answer":           {false, model.CallbackRules{AnswersFirst: true}, lost},
		"it is acknowledged after its result is recorded":  {false, model.CallbackRules{AcksFirst: true}, lost},
		"H3: a record outlives the copies that wait":       {false, model.CallbackRules{ForgetsWaiting: true}, again},
		"H4: new callbacks have new numbers":               {true, model.CallbackRules{ReusesNumbers: true}, lost},
		"H6: what is not handled never ages out":           {false, model.CallbackRules{AgesOut: true}, lost},
		"a worker without the claim does not record":       {false, model.CallbackRules{WritesUnclaimed: true}, dead},
		"a callback that was handled is not a dead letter": {false, model.CallbackRules{DeadAfterSuccess: true}, dead},
		"a claim expires": {false, model.CallbackRules{NoLeases: true}, stuck},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := model.Explore(model.Callback(c.weak, c.without))
			t.Logf("found after %d steps: %s", len(got.Trace), got)
			assert.Equal(t, c.wrong, got.Wrong)
		})
	}
}
