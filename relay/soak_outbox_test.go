package relay_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// runOutbox is the worker of an outbox.
func runOutbox(ctx context.Context, j job, ready func(string)) error {
	nc, err := dial(j.NATS)
	if err != nil {
		return err
	}
	defer nc.Close()
	r, err := openPatiently(ctx, nc, j.options()...)
	if err != nil {
		return err
	}
	defer r.Close()
	client, err := j.client()
	if err != nil {
		return err
	}
	ready("")
	return r.Outbox().Run(ctx, client,
		relay.WithConcurrency(j.Sends), relay.WithRates(j.Rate, j.Project), relay.WithSendLease(j.Lease))
}

// outboxSoak is a run of an outbox whose workers are killed, against a fake with faults.
type outboxSoak struct {
	messages, kills, apps int

	ahead int // number of messages to enqueue ahead of the sends, about; 0 for all

	seed     uint64
	address  string // of the engine
	weak     bool   // it is a single server that does not sync
	relay    *relay.Relay
	srv      *conversationtest.Server
	appIDs   []string
	arrivals *arrivals
	sends    *meter // requests and cancelled entries
	operator *operator
	job      job

	mu       sync.Mutex
	enqueued map[string]relay.Entry // as passed last
}

// prepare starts the fake. One request in twenty is accepted without a reply, one in a hundred is rejected, and a few
// get a 429.
func (s *outboxSoak) prepare(t *testing.T) {
	t.Helper()
	s.seed, s.arrivals, s.sends, s.enqueued = seedOf(t), &arrivals{}, newMeter(), map[string]relay.Entry{}
	s.srv = conversationtest.NewServer(conversationtest.Config{
		Latency: 20 * time.Millisecond,
		OnRequest: func(request conversationtest.Request, took time.Duration) {
			if s.arrivals.note(request, took) {
				s.sends.add()
			}
		},
	})
	t.Cleanup(s.srv.Close)
	client := s.srv.NewClient(t)
	for i := range s.apps {
		app, err := client.Apps.Create(t.Context(), &conversation.CreateAppRequest{
			DisplayName: "app " + strconv.Itoa(i),
			ChannelCredentials: []conversation.ChannelCredential{{
				Channel: conversation.ChannelSMS, StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "plan", Token: "token"},
			}},
		})
		require.NoError(t, err)
		s.appIDs = append(s.appIDs, app.ID)
	}
	for i := range volume(2, 20) {
		s.srv.Fault(conversationtest.Fault{
			Kind: conversationtest.FaultRateLimit, Operation: "Messages.Send", Skip: i * s.messages / volume(2, 20), Times: 1,
		})
	}
	s.srv.Fault(conversationtest.Fault{
		Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send", Probability: 0.05, Seed: s.seed,
	})
	refused := conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 400, Operation: "Messages.Send", Skip: 20, Times: 1}
	s.srv.Fault(refused) // so that there is at least one
	refused.Skip, refused.Times, refused.Probability, refused.Seed = 0, 0, 0.01, s.seed+1
	s.srv.Fault(refused)
	s.job = job{
		Role: "outbox", Seed: s.seed, NATS: s.address, Weak: s.weak, ProjectID: s.srv.ProjectID(), KeyID: s.srv.KeyID(),
		KeySecret: s.srv.KeySecret(), BaseURL: s.srv.BaseURL(), TokenURL: s.srv.TokenURL(),
		Sends: 64, Rate: float64(volume(20, 100)), Project: 800, Lease: 3 * time.Second,
	}
	s.relay = openAt(t, s.address, s.job.options()...)
	s.operator = &operator{soak: s, cancelled: map[string]time.Time{}}
	require.NoError(t, s.relay.Outbox().SetRate(t.Context(), relay.Scope{Group: slowGroup}, slowRate()))
}

// request returns the message of an entry.
func (s *outboxSoak) request(i int) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID:     s.appIDs[i%len(s.appIDs)],
		Recipient: conversation.ToChannel(conversation.ChannelSMS, fmt.Sprintf("1555%07d", i)),
		Message:   conversation.Text("hello " + strconv.Itoa(i)),
	}
}

// enqueue enqueues all messages, from 16 goroutines: one in two of them with EnqueueAll. A message that fails is retried with the
// same ID.
func (s *outboxSoak) enqueue(t *testing.T) {
	t.Helper()
	began, next, again := time.Now(), atomic.Int64{}, atomic.Int64{}
	var all sync.WaitGroup
	for asker := range 16 {
		all.Go(func() {
			for i := int(next.Add(together)) - together; i < s.messages && t.Context().Err() == nil; i = int(next.Add(together)) - together {
				s.pause(t, i)
				left := upFrom(i, min(i+together, s.messages))
				if asker%2 == 0 {
					left = s.putAll(t, left)
				}
				for _, i := range left {
					for s.put(t, i) != nil && t.Context().Err() == nil {
						again.Add(1)
					}
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d messages were enqueued in %v, %d calls were retried", s.messages, time.Since(began).Round(time.Millisecond), again.Load())
}

// pause waits until enough messages are sent, or for a second: some are never sent, if a worker is killed before its
// request.
func (s *outboxSoak) pause(t *testing.T, i int) {
	t.Helper()
	if s.ahead == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	s.sends.await(ctx, i-s.ahead)
}

func idOf(i int) string { return fmt.Sprintf("m-%06d", i) }

// run sends all messages with workers that are killed while during runs, and returns the outcome.
func (s *outboxSoak) run(t *testing.T, during func()) *outboxResult {
	t.Helper()
	s.operator.prepare(t)
	began := time.Now()
	workers := newWorkers(t, 3, s.job)
	var all sync.WaitGroup
	all.Go(func() { s.enqueue(t) })
	all.Go(func() { workers.killAt(t, s.kills, s.mostSent(), s.sends) })
	all.Go(func() { s.operator.run(t) })
	s.report(t, began)
	during()
	all.Wait()
	eventually(t, func() bool { return s.settled(t) }, "every entry is settled")
	workers.stop(t)
	t.Logf("%d messages by %d apps, %d kills: %v", s.messages, s.apps, len(workers.dead), time.Since(began).Round(time.Millisecond))
	assert.Len(t, workers.dead, s.kills)
	return s.result(t)
}

// report logs the progress of the sends, and the states of the entries if the test fails.
func (s *outboxSoak) report(t *testing.T, began time.Time) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var reporting sync.WaitGroup
	reporting.Go(func() {
		for part := 1; part <= 10; part++ {
			if s.sends.await(ctx, s.messages*part/10) {
				t.Logf("%d0 %% after %v", part, time.Since(began).Round(time.Millisecond))
			}
		}
	})
	t.Cleanup(func() {
		cancel()
		reporting.Wait()
		if t.Failed() {
			counts, err := s.relay.Outbox().Counts(context.WithoutCancel(t.Context()))
			t.Log("in the end:", counts, err)
		}
	})
}

// settled reports whether the outbox has nothing left to do.
func (s *outboxSoak) settled(t *testing.T) bool {
	t.Helper()
	counts, err := s.relay.Outbox().Counts(t.Context())
	if err != nil {
		return false
	}
	return counts[relay.StateAccepted]+counts[relay.StateRejected]+counts[relay.StateUnknown]+counts[relay.StateCancelled]+
		counts[relay.StateExpired] >= s.messages
}

// mostSent returns a number of messages that is sent or cancelled for certain, although others expire or are lost in a kill.
func (s *outboxSoak) mostSent() int { return s.messages * 7 / 10 }

func TestNoMessageIsSentTwiceWhateverIsKilled(t *testing.T) { //nolint:paralleltest // It measures rates.
	s := &outboxSoak{messages: volume(500, 100_000), kills: volume(3, 100), apps: 10}
	s.address, s.weak = startEngine(t).ClientURL(), true
	s.prepare(t)
	result := s.run(t, func() {})
	result.judge(t)
	s.checkRates(t)
}
