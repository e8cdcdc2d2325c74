package relay_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNothingAcknowledgedIsLostWhenAServerDies kills the server that leads the outbox and restarts it, while messages
// are enqueued and sent and workers are killed.
func TestNothingAcknowledgedIsLostWhenAServerDies(t *testing.T) { //nolint:paralleltest // It measures rates.
	s := &outboxSoak{messages: volume(200, 100_000), kills: volume(1, 100), apps: 10, ahead: volume(50, 10_000)}
	servers := startCluster(t)
	s.address = servers.address()
	s.prepare(t)
	result := s.run(t, func() {
		for part := range volume(1, 5) {
			whole := s.mostSent() / volume(1, 5)
			require.True(t, s.sends.await(t.Context(), part*whole+whole/3))
			leader := servers.leader(t, connectTo(t, s.address), "SINCH_OUTBOX")
			servers.kill(leader)
			require.True(t, s.sends.await(t.Context(), part*whole+whole*2/3))
			servers.restart(t, leader)
			t.Logf("server %d led the outbox, was killed and came back", leader)
		}
	})
	result.judge(t)
	s.checkRates(t)
}
