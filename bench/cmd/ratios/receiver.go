package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

// receiver measures what a callback costs: in memory, compared with a handler that only checks the signature and decodes the
// body, and in a server, compared with the Node SDK.
func (r *run) receiver() {
	r.head("in memory", "the bare handler", "ratio", "spread", "bound", "")
	for _, kind := range callbackKinds {
		r.receiverInMemory(kind)
	}
	if _, err := os.Stat("node/node_modules"); err != nil {
		fmt.Fprintln(os.Stderr, "The Node SDK is not measured: run npm ci in bench/node first, and this program in bench.")
		return
	}
	r.out.WriteString("\n")
	r.receiverServers()
}

// receiverInMemory calls both handlers in turn with the same callbacks, which are new in each round.
func (r *run) receiverInMemory(kind callbackKind) {
	subjects := []http.Handler{bareHandler(kind.event), newReceiver()}
	costs := make([][]cost, len(subjects))
	n := r.scaled(30_000_000 / (len(kind.body) + 5_000))
	for round := range r.rounds + 1 {
		callbacks := r.signedCallbacks(kind, n)
		for i := range subjects {
			subject := (round + i) % len(subjects)
			got := r.measureHandler(subjects[subject], callbacks)
			if round > 0 { // the first one warms up
				costs[subject] = append(costs[subject], got)
			}
		}
	}
	mid := func(part func(cost) float64) float64 { center, _ := median(values(costs[0], part)); return center }
	r.row(kind.name+": CPU time", seconds(mid(cpu)), ratios(costs[1], costs[0], cpu), 1.3)
	r.row(kind.name+": allocations", fmt.Sprintf("%.0f", mid(allocs)), ratios(costs[1], costs[0], allocs), 0)
	r.row(kind.name+": bytes", size(mid(allocated)), ratios(costs[1], costs[0], allocated), 0)
}

// measureHandler passes each callback to a handler, and returns the cost of one.
func (r *run) measureHandler(handler http.Handler, callbacks []signedCallback) cost {
	requests := make([]*http.Request, len(callbacks))
	for i, callback := range callbacks {
		requests[i] = callback.request(r)
	}
	next, answer := 0, &discardedAnswer{header: http.Header{}}
	return measure(len(requests), 1, func(context.Context) error {
		answer.status = 0
		handler.ServeHTTP(answer, requests[next])
		next++
		if answer.status != http.StatusOK {
			return fmt.Errorf("the handler answered with %d", answer.status)
		}
		return nil
	})
}

// discardedAnswer is a response of which only the status is kept.
type discardedAnswer struct {
	header http.Header
	status int
}

func (a *discardedAnswer) Header() http.Header           { return a.header }
func (*discardedAnswer) Write(text []byte) (int, error)  { return len(text), nil }
func (a *discardedAnswer) WriteHeader(status int)        { a.status = status }
func (*discardedAnswer) SetReadDeadline(time.Time) error { return nil }

// newReceiver returns a receiver with the defaults and a handler for each kind of callback.
func newReceiver() *webhook.Receiver {
	receiver, err := webhook.NewReceiver(webhook.WithSecret(callbackSecret))
	check(err)
	webhook.On(receiver, func(context.Context, *webhook.MessageInbound) error { return nil })
	webhook.On(receiver, func(context.Context, *webhook.MessageDelivery) error { return nil })
	webhook.OnAny(receiver, func(_ context.Context, event webhook.Event) error { return fmt.Errorf("unexpected %T", event) })
	return receiver
}

// bareHandler returns a handler that checks the signature of a callback, and decodes the body.
func bareHandler(event func() webhook.Event) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		mac := hmac.New(sha256.New, []byte(callbackSecret))
		mac.Write(body)
		mac.Write([]byte("." + req.Header.Get(webhook.HeaderNonce) + "." + req.Header.Get(webhook.HeaderTimestamp)))
		given, err := base64.StdEncoding.DecodeString(req.Header.Get(webhook.HeaderSignature))
		if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if json.Unmarshal(body, event()) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusOK)
	}
}
