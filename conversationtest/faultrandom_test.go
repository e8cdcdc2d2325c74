package conversationtest_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// TestTheLedgerBearsOutTheOutcomesOfSendsUnderRandomFaults has every kind of fault at once. No message is in the ledger
// twice, none that was not sent is, and none that was accepted is missing.
func TestTheLedgerBearsOutTheOutcomesOfSendsUnderRandomFaults(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		sends := 200
		if os.Getenv("CONVERSATION_SOAK") != "" && cfg.InMemory {
			sends = 20_000
		}
		srv := start(t, cfg)
		for i, tt := range faultCases {
			fault := tt.fault
			fault.Probability, fault.Seed, fault.Times = 0.02, uint64(i), 0
			if fault.Operation == "token" || fault.Kind == conversationtest.FaultTokenEndpointDown {
				fault.Probability = 0.3
			}
			srv.Fault(fault)
		}
		timeout := time.Minute
		if !cfg.InMemory {
			timeout = 200 * time.Millisecond
		}
		client := srv.NewClient(t, atOnce, conversation.WithTimeout(timeout))

		outcomes := map[string]conversation.Outcome{}
		for i := range sends {
			request := hello(srv.AppID())
			request.MessageMetadata = fmt.Sprintf("send %d", i)
			_, err := client.Messages.Send(t.Context(), request)
			outcomes[request.MessageMetadata] = conversation.OutcomeOf(err)
			if cfg.InMemory {
				time.Sleep(time.Second) // So that a token can be renewed by force again.
			}
		}

		inLedger := map[string]int{}
		for _, sent := range srv.Sent() {
			inLedger[sent.Request.MessageMetadata]++
		}
		count := map[conversation.Outcome]int{}
		for id, outcome := range outcomes {
			count[outcome]++
			switch outcome {
			case accepted:
				assert.Equal(t, 1, inLedger[id], "%s: %v", id, outcome)
			case rejected, notSent:
				assert.Equal(t, 0, inLedger[id], "%s: %v", id, outcome)
			case unknown:
				assert.LessOrEqual(t, inLedger[id], 1, "%s: %v", id, outcome)
			}
		}
		require.NotZero(t, srv.FaultHits())
		t.Logf("outcomes: %v, faults: %d", count, srv.FaultHits())
	})
}
