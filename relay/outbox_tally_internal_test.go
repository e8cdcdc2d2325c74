package relay

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/outbox"
)

// recounted returns the counts of all entries, read anew.
func recounted(t *testing.T, o *Outbox) map[string]*scopeTally {
	t.Helper()
	all, _, err := o.update(t.Context(), newTally())
	require.NoError(t, err)
	return withoutFronts(all)
}

func withoutFronts(t *tally) map[string]*scopeTally {
	for _, s := range t.Scopes {
		s.Front = 0
	}
	return t.Scopes
}

func TestTheTallyIsThatOfAllEntriesHoweverOftenItIsRead(t *testing.T) {
	t.Parallel()
	r, err := Open(t.Context(), inProcess{t}, WithWeakDurability())
	require.NoError(t, err)
	t.Cleanup(r.Close)
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	for _, kind := range []conversationtest.FaultKind{conversationtest.FaultDropAfterAccept, conversationtest.FaultReset, conversationtest.FaultRefuse} {
		srv.Fault(conversationtest.Fault{Kind: kind, Operation: "Messages.Send", Times: 10, Probability: 0.1})
	}
	const entries = 300
	reading, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 3 { // processes that read and store the tally while everything changes
		readers.Go(func() {
			for reading.Err() == nil {
				_, _ = r.outbox.currentTally(reading, 0)
				_ = sleep(reading, rand.N(20*time.Millisecond))
			}
		})
	}
	running, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- r.Outbox().Run(running, srv.NewClient(t), WithRates(200, 0), WithUnknown(UnknownResend, time.Second))
	}()
	for i := range entries {
		entry := Entry{ID: fmt.Sprint("e", i), Group: fmt.Sprint("g", i%3)}
		if i%10 == 0 {
			entry.After = time.Now().Add(time.Second)
		}
		req := &conversation.SendMessageRequest{
			AppID: srv.AppID(), Message: conversation.Text("Hello"), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		}
		require.NoError(t, r.Outbox().Enqueue(t.Context(), req, entry))
	}
	require.Eventually(t, func() bool {
		counts, err := r.Outbox().Counts(t.Context())
		return err == nil && counts[StateAccepted]+counts[StateRejected] == entries
	}, 3*time.Minute, 50*time.Millisecond)
	for i := range entries {
		require.NoError(t, r.outbox.fold(t.Context(), outbox.Report{ID: fmt.Sprint("e", i), Delivery: conversation.DeliveryStatusDelivered}))
	}
	end()
	require.NoError(t, <-done)
	stop()
	readers.Wait()
	now, err := r.outbox.tally(t.Context())
	require.NoError(t, err)
	assert.Equal(t, recounted(t, r.outbox), withoutFronts(now))
	total := 0
	for _, s := range now.Scopes {
		total += s.Marks["accepted/DELIVERED"]
	}
	assert.Equal(t, entries, total)
}

func TestWhatReplacesAMessageThatNobodyReadCountsOnce(t *testing.T) {
	t.Parallel()
	all := newTally()
	of := ref{id: "a", app: "app", group: "g"}
	all.add(of, 10, "queued", "")
	all.Seen.add(10)
	past := trail{{10, "queued"}, {11, "attempting"}, {12, "unknown"}} // 11 and 12 are gone before they are read
	all.add(of, 13, "accepted", all.counted(past))
	all.Seen.add(13)
	assert.Equal(t, map[mark]int{"accepted": 1}, all.Scopes["app+g"].Marks)
	all.add(of, 14, "accepted/READ", all.counted(past.then(13, "accepted")))
	assert.Equal(t, map[mark]int{"accepted/READ": 1}, all.Scopes["app+g"].Marks)
	all.add(of, 0, "", "accepted/READ")
	assert.Empty(t, all.Scopes, "an app without entries is forgotten")
}

func TestTheLastMessagesAreRememberedOneByOne(t *testing.T) {
	t.Parallel()
	read := seen{From: 4}
	for _, seq := range []uint64{5, 7, 4 + seenWindow, 5 + seenWindow} {
		read.add(seq)
	}
	assert.False(t, read.has(3), "before the first")
	for seq, want := range map[uint64]bool{5: true, 6: false, 7: true, 8: false, 5 + seenWindow: true, 6 + seenWindow: false, 1 << 40: false} {
		assert.Equal(t, want, read.has(seq), seq)
	}
	read.trim()
	assert.LessOrEqual(t, len(read.Bits), seenWindow/8)
	for seq, want := range map[uint64]bool{3: true, 7: true, 12: true, 13: false, 5 + seenWindow: true, 6 + seenWindow: false} {
		assert.Equal(t, want, read.has(seq), seq)
	}
}
