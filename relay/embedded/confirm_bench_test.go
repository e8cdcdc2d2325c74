package embedded_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
	"github.com/sinchgo/conversation/webhook"
)

// BenchmarkConfirm measures what the confirmation by a later sync costs: engines with and without it, in turn.
func BenchmarkConfirm(b *testing.B) {
	with, without := confirming(b, true), confirming(b, false)
	var ids atomic.Int64
	for kind, makeCall := range map[string]func(*relay.Relay) func() error{
		"enqueue": func(r *relay.Relay) func() error { return func() error { return enqueueOne(b, r, ids.Add(1)) } },
		"callback": func(r *relay.Relay) func() error {
			receiver, err := webhook.NewReceiver(webhook.WithoutVerification())
			require.NoError(b, err)
			handler := r.Inbox().Handler(receiver)
			return func() error { return postOne(b, handler, ids.Add(1)) }
		},
	} {
		for _, atOnce := range []int{1, 32} {
			b.Run(kind+"/"+strconv.Itoa(atOnce)+" concurrently", func(b *testing.B) {
				calls := [2]func() error{makeCall(with), makeCall(without)}
				var rates [2][]float64
				measure := func() {
					round := len(rates[0])
					for i := range calls {
						which := (i + round) % 2
						rates[which] = append(rates[which], ratePerSecond(b, atOnce, calls[which]))
					}
				}
				for b.Loop() {
					measure()
				}
				for len(rates[0]) < leastRounds {
					measure()
				}
				var ratios []float64
				for round, rate := range rates[0] {
					ratios = append(ratios, rate/rates[1][round])
				}
				b.ReportMetric(0, "ns/op") // A round is not an operation.
				b.ReportMetric(middle(rates[0]), "with/s")
				b.ReportMetric(middle(rates[1]), "without/s")
				b.ReportMetric(middle(ratios), "ratio")
			})
		}
	}
}

const (
	leastRounds  = 20
	callsOfRound = 100 // for each concurrent caller up to 4
)

// confirming opens a relay on an engine that syncs before each answer.
func confirming(b *testing.B, confirm bool) *relay.Relay {
	b.Helper()
	r, err := relay.Open(b.Context(), sourceFunc(func(ctx context.Context) (*relay.Engine, error) {
		engine, err := embedded.Dir(b.TempDir()).Connect(ctx)
		if err == nil && !confirm {
			engine.Confirm = nil
		}
		return engine, err
	}))
	require.NoError(b, err)
	b.Cleanup(r.Close)
	return r
}

type sourceFunc func(context.Context) (*relay.Engine, error)

func (f sourceFunc) Connect(ctx context.Context) (*relay.Engine, error) { return f(ctx) }

func enqueueOne(b *testing.B, r *relay.Relay, id int64) error {
	b.Helper()
	return r.Outbox().Enqueue(b.Context(), &conversation.SendMessageRequest{
		AppID: "01J0000000000000000000APP1", Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message: conversation.Text("Your order has been shipped and will be with you tomorrow between 9 and 12."),
	}, relay.Entry{ID: fmt.Sprintf("order-%d", id)})
}

func postOne(b *testing.B, handler http.Handler, id int64) error {
	b.Helper()
	body := fmt.Appendf(nil, `{"app_id":"A","message":{"id":"%d","conversation_id":"C%d"}}`, id, id%64)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/", bytes.NewReader(body)))
	if answer.Code != http.StatusOK {
		return fmt.Errorf("answered %d", answer.Code)
	}
	return nil
}

// ratePerSecond calls one function from some goroutines.
func ratePerSecond(b *testing.B, atOnce int, call func() error) float64 {
	b.Helper()
	var group sync.WaitGroup
	total := callsOfRound * min(atOnce, 4)
	began := time.Now()
	for range atOnce {
		group.Go(func() {
			for range total / atOnce {
				assert.NoError(b, call())
			}
		})
	}
	group.Wait()
	return float64(total/atOnce*atOnce) / time.Since(began).Seconds()
}

func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
