package relay_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

// leastRounds is the minimum number of rounds of which a ratio is the median.
const leastRounds = 15

// comparison is a relay, and a plain stream on the same engine to compare with.
type comparison struct {
	relay *relay.Relay
	js    jetstream.JetStream
	next  atomic.Int64 // numbers messages, so that none is duplicated
	calls int          // in a round, for each concurrent caller
}

// onBothEngines measures on an engine that syncs each write, like the embedded one by default, and on one that leaves
// that to the system.
func onBothEngines(b *testing.B, measure func(*testing.B, *comparison)) {
	b.Helper()
	b.Run("synced", func(b *testing.B) { measure(b, newComparison(b, true, 10)) })
	b.Run("not synced", func(b *testing.B) { measure(b, newComparison(b, false, 100)) })
}

func newComparison(b *testing.B, synced bool, calls int) *comparison {
	b.Helper()
	address := startEngine(b, func(o *server.Options) { o.SyncAlways = synced }).ClientURL()
	js, err := jetstream.New(connectTo(b, address))
	require.NoError(b, err)
	_, err = js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "PLAIN", Subjects: []string{"plain.>"}})
	require.NoError(b, err)
	durability := relay.WithWeakDurability()
	if synced {
		durability = relay.WithSyncedServer()
	}
	return &comparison{relay: openAt(b, address, durability), js: js, calls: calls}
}

// sample returns the only message of a stream of the relay, as a pattern for bare publishes.
func (n *comparison) sample(b *testing.B, stream string) *jetstream.RawStreamMsg {
	b.Helper()
	of, err := n.js.Stream(b.Context(), stream)
	require.NoError(b, err)
	msg, err := of.GetMsg(b.Context(), of.CachedInfo().State.LastSeq)
	require.NoError(b, err)
	return msg
}

// same returns a bare publish of what the relay stores for a call, with an equally long subject, the same headers and
// body.
func (n *comparison) same(msg *nats.Msg) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := n.js.PublishMsg(ctx, msg)
		return err
	}
}

// body returns a bare publish of the body of a call alone.
func (n *comparison) body(msg *nats.Msg) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := n.js.Publish(ctx, "plain.body", msg.Data)
		return err
	}
}

// beside measures calls in rounds, each beside as many bare publishes to JetStream, and reports the medians of the
// ratios: x-publish to publishes of the same message, x-body to those of the body alone, without the headers and on one
// subject. makeCall returns a new call and the message that it stores; makeCall itself is not measured.
func (n *comparison) beside(b *testing.B, makeCall func() (call func(context.Context) error, msg *nats.Msg)) {
	b.Helper()
	for _, atOnce := range []int{1, 32} {
		b.Run(strconv.Itoa(atOnce)+" concurrently", func(b *testing.B) {
			var r rounds
			for b.Loop() {
				n.round(b, &r, atOnce, makeCall)
			}
			for len(r.took[0]) < leastRounds {
				n.round(b, &r, atOnce, makeCall)
			}
			b.ReportMetric(0, "ns/op") // A round is not an operation.
			b.ReportMetric(median(r.took[0]), "µs/call")
			b.ReportMetric(r.ratio(1), "x-publish")
			b.ReportMetric(r.ratio(2), "x-body")
		})
	}
}

// rounds holds the microseconds of a call, a publish of the same message and one of the body, for each round.
type rounds struct{ took [3][]float64 }

// ratio returns the median of the time of a call relative to another column.
func (r *rounds) ratio(other int) float64 {
	var ratios []float64
	for i, took := range r.took[0] {
		ratios = append(ratios, took/r.took[other][i])
	}
	return median(ratios)
}

// round measures calls and as many publishes. Their order changes from round to round.
func (n *comparison) round(b *testing.B, r *rounds, atOnce int, makeCall func() (func(context.Context) error, *nats.Msg)) {
	b.Helper()
	var calls [3][]func(context.Context) error
	for range n.calls * atOnce {
		call, msg := makeCall()
		for i, c := range []func(context.Context) error{call, n.same(msg), n.body(msg)} {
			calls[i] = append(calls[i], c)
		}
	}
	var took [3]float64
	for i := range calls {
		which := (i + len(r.took[0])) % len(calls)
		took[which] = perCall(b, atOnce, calls[which])
	}
	for i := range took {
		r.took[i] = append(r.took[i], took[i])
	}
}

// perCall runs the calls, atOnce of them concurrently, and returns the microseconds for each.
func perCall(b *testing.B, atOnce int, calls []func(context.Context) error) float64 {
	b.Helper()
	var (
		next atomic.Int64
		all  sync.WaitGroup
	)
	began := time.Now()
	for range atOnce {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(calls); i = int(next.Add(1)) - 1 {
				if !assert.NoError(b, calls[i](b.Context())) {
					return
				}
			}
		})
	}
	all.Wait()
	return float64(time.Since(began).Microseconds()) / float64(len(calls))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// BenchmarkEnqueue measures Outbox.Enqueue, whose limit is 1.5 times a bare publish.
func BenchmarkEnqueue(b *testing.B) { onBothEngines(b, benchmarkEnqueue) }

func benchmarkEnqueue(b *testing.B, n *comparison) {
	b.Helper()
	makeOne := func() (id string, call func(context.Context) error) {
		id = fmt.Sprintf("order-%09d", n.next.Add(1))
		request := &conversation.SendMessageRequest{
			AppID: "01J0000000000000000000APP1", Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
			Message: conversation.Text("Your order has been shipped and will be with you tomorrow between 9 and 12."),
		}
		return id, func(ctx context.Context) error { return n.relay.Outbox().Enqueue(ctx, request, relay.Entry{ID: id}) }
	}
	_, first := makeOne()
	require.NoError(b, first(b.Context()))
	pattern := n.sample(b, "SINCH_OUTBOX")
	n.beside(b, func() (func(context.Context) error, *nats.Msg) {
		id, call := makeOne()
		return call, &nats.Msg{Subject: "plain.entry.01J0000000000000000000APP1." + id, Header: pattern.Header, Data: pattern.Data}
	})
}

// BenchmarkEnqueueAll compares Outbox.EnqueueAll with Outbox.Enqueue, of which it is at least five times as fast on the synced engine.
func BenchmarkEnqueueAll(b *testing.B) { onBothEngines(b, benchmarkEnqueueAll) }

func benchmarkEnqueueAll(b *testing.B, n *comparison) {
	b.Helper()
	const singles, many = 100, 2000
	var rates, ratios []float64
	for b.Loop() {
		began := time.Now()
		for _, o := range numbered("app", fmt.Sprintf("single-%d", n.next.Add(1)), singles) {
			require.NoError(b, n.relay.Outbox().Enqueue(b.Context(), o.request, o.entry))
		}
		single := singles / time.Since(began).Seconds()
		began = time.Now()
		for _, err := range n.relay.Outbox().EnqueueAll(b.Context(), offer(numbered("app", fmt.Sprintf("all-%d", n.next.Add(1)), many))) {
			require.NoError(b, err)
		}
		rates = append(rates, many/time.Since(began).Seconds())
		ratios = append(ratios, rates[len(rates)-1]/single)
	}
	b.ReportMetric(0, "ns/op") // A round is not an operation.
	b.ReportMetric(median(rates), "messages/s")
	b.ReportMetric(median(ratios), "x-single")
}

// BenchmarkReceive measures the handler of an inbox, which verifies a callback and appends it. Its limit is 1.5 times a
// bare publish.
func BenchmarkReceive(b *testing.B) { onBothEngines(b, benchmarkReceive) }

func benchmarkReceive(b *testing.B, n *comparison) {
	b.Helper()
	const secret = "a secret"
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret))
	require.NoError(b, err)
	handler := n.relay.Inbox().Handler(receiver)
	body, err := os.ReadFile("../webhook/testdata/callbacks/MESSAGE_DELIVERY.json")
	require.NoError(b, err)
	makeOne := func() func(context.Context) error {
		request := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/", bytes.NewReader(body))
		request.Header = webhook.Sign(body, secret, strconv.FormatInt(n.next.Add(1), 10), time.Now())
		return func(context.Context) error {
			var answer status
			if handler.ServeHTTP(&answer, request); answer != http.StatusOK {
				return fmt.Errorf("answered %d", answer)
			}
			return nil
		}
	}
	require.NoError(b, makeOne()(b.Context()))
	pattern := n.sample(b, "SINCH_INBOX")
	n.beside(b, func() (func(context.Context) error, *nats.Msg) {
		return makeOne(), &nats.Msg{Subject: "plain.inbox.0", Header: pattern.Header, Data: pattern.Data}
	})
}

// status is a response writer that keeps only the status code.
type status int

func (*status) Header() http.Header            { return http.Header{} }
func (*status) Write(text []byte) (int, error) { return len(text), nil }
func (s *status) WriteHeader(code int)         { *s = status(code) }

// BenchmarkInboxRun measures how many callbacks a second one process handles.
func BenchmarkInboxRun(b *testing.B) {
	engine := newBench(b)
	handled := make(chan struct{}, 1000)
	webhook.OnAny(engine.receiver, func(context.Context, webhook.Event) error {
		handled <- struct{}{}
		return nil
	})
	for n := range b.N {
		if status := engine.post(b.Context(), inbound("1", "c"), strconv.Itoa(n)); status != http.StatusOK {
			b.Fatal(status)
		}
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error)
	b.ResetTimer()
	go func() { ended <- engine.Inbox().Run(ctx, engine.receiver) }()
	for range b.N {
		<-handled
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "callbacks/s")
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
}
