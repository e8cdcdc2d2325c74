package conversationtest_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// randomSeed returns the seed in CONVERSATION_SEED, or a new one.
func randomSeed(t *testing.T) uint64 {
	t.Helper()
	given := os.Getenv("CONVERSATION_SEED")
	if given == "" {
		return rand.Uint64()
	}
	seed, err := strconv.ParseUint(given, 10, 64)
	require.NoError(t, err, "CONVERSATION_SEED")
	return seed
}

// TestTheLedgerBearsOutTheOutcomesOfSendsUnderRandomFaults picks random faults for each send. No message may be in the
// ledger twice, none that was rejected or not sent may be in it, and none that was accepted may be missing.
func TestTheLedgerBearsOutTheOutcomesOfSendsUnderRandomFaults(t *testing.T) {
	t.Parallel()
	seed := randomSeed(t)
	t.Run("on a socket", func(t *testing.T) {
		t.Parallel()
		var table randomTable
		srv := start(t, conversationtest.Config{})
		client := srv.NewClient(t, atOnce, conversation.WithTimeout(200*time.Millisecond))
		run := randomRun{srv: srv, client: client, random: rand.New(rand.NewPCG(seed, 1)), kinds: quickKinds()}
		run.sends(t, 200)
		run.judge(&table)
		table.check(t, seed)
	})
	t.Run("in memory", func(t *testing.T) {
		t.Parallel()
		batches, sends := 4, 1_000
		if isSoak() {
			batches, sends = 200, 5_000
		}
		var table randomTable
		t.Run("batch", func(t *testing.T) {
			t.Parallel()
			for i := range batches {
				t.Run(strconv.Itoa(i), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						run := newRandomRun(t, rand.New(rand.NewPCG(seed, uint64(i))))
						run.sends(t, sends)
						run.judge(&table)
						time.Sleep(time.Hour) // A token may still be fetched for calls that have ended.
					})
				})
			}
		})
		t.Cleanup(func() { table.check(t, seed) }) // After all batches.
	})
}

// randomKind is something that can go wrong with a send.
type randomKind struct {
	matrixKind
	wire    wireFault
	isHTTP2 bool
	ofToken bool // It happens when the access token was revoked.
}

// randomKinds returns all kinds of the matrix, those of the token endpoint, and the kind without a fault.
func randomKinds() []randomKind {
	kinds := []randomKind{{matrixKind: matrixKind{name: "none"}}}
	for _, kind := range matrixKinds {
		kinds = append(kinds, randomKind{matrixKind: kind})
	}
	for _, kind := range wireKinds {
		kinds = append(kinds, randomKind{matrixKind: matrixKind{name: kind.name}, wire: kind.fault, isHTTP2: kind.isHTTP2})
	}
	for _, kind := range []conversationtest.FaultKind{
		conversationtest.FaultTokenEndpointDown, conversationtest.FaultRefuse, conversationtest.FaultReset, conversationtest.FaultHang,
		conversationtest.FaultRateLimit, conversationtest.FaultTruncatedBody, conversationtest.FaultBadJSON,
	} {
		kinds = append(kinds, randomKind{ofToken: true, matrixKind: matrixKind{
			name: "token endpoint: " + kind.String(), fault: conversationtest.Fault{Kind: kind, Operation: "token"},
		}})
	}
	return kinds
}

// quickKinds returns the kinds that last no longer than an attempt, for a test in real time. It leaves out those that need
// a new token, as a token is not renewed so soon after another.
func quickKinds() []randomKind {
	var kinds []randomKind
	for _, kind := range randomKinds() {
		isSlow := kind.wait > 0 || kind.lasts > 0 && kind.lasts < attemptTimeout || kind.deadline > 0
		if !isSlow && !kind.ofToken && kind.retried != withOtherToken && kind.wire == wireNone {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// randomRun sends messages to one server, one after the other.
type randomRun struct {
	srv          *conversationtest.Server
	client       *conversation.Client
	random       *rand.Rand
	kinds        []randomKind
	watch        stopwatch
	http1, http2 *front // Nil on a socket.
	inUse        *front // Where requests go. Nil: directly to the server.
	sent         []randomSend
	overshoot    time.Duration // The longest time that a call ran past its deadline.
}

// randomSend is the result of one send.
type randomSend struct {
	kind    string
	outcome conversation.Outcome
}

// newRandomRun starts a server in memory, and creates a client whose retry budget does not run out.
func newRandomRun(t *testing.T, random *rand.Rand) *randomRun {
	t.Helper()
	run := &randomRun{srv: start(t, conversationtest.Config{InMemory: true}), random: random, kinds: randomKinds()}
	run.http1 = newFront(t, run.srv.Transport(), run.srv.BaseURL(), false)
	run.http2 = newFront(t, run.srv.Transport(), run.srv.BaseURL(), true)
	run.client = run.srv.NewClient(t, conversation.WithHTTPClient(&http.Client{Transport: run}),
		conversation.WithRetry(conversation.RetryPolicy{Budget: 1 << 30}), conversation.WithMiddleware(run.watch.wrap))
	return run
}

// RoundTrip sends a request through the front in use.
func (r *randomRun) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/token") || r.inUse == nil {
		return r.srv.Transport().RoundTrip(req)
	}
	moved := req.Clone(req.Context())
	moved.URL.Scheme, moved.URL.Host = "http", "127.0.0.1"
	return r.inUse.client.RoundTrip(moved)
}

func (r *randomRun) sends(t *testing.T, count int) {
	t.Helper()
	for range count {
		r.send(t)
		if r.http1 != nil {
			time.Sleep(11 * time.Second) // So that a token can be renewed again. The time is virtual.
		}
	}
}

// send picks a kind at random, and sends a message.
func (r *randomRun) send(t *testing.T) {
	t.Helper()
	kind, attempt := r.kinds[r.random.IntN(len(r.kinds))], 1+r.random.IntN(maxAttempts)
	r.plan(kind, attempt)
	policy := conversation.RetryPolicy{MaxAttempts: 1 + r.random.IntN(4), BaseDelay: time.Nanosecond, MaxDelay: time.Nanosecond}
	if r.http1 != nil {
		policy.BaseDelay, policy.MaxDelay = 0, 0 // The default.
	}
	r.watch.starts = nil
	ctx, cancel := matrixCell{kind: kind.matrixKind, attempt: attempt}.context(t, &r.watch)
	defer cancel()
	if r.random.IntN(5) == 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(r.random.Int64N(int64(40*time.Second))))
		defer cancel()
	}
	request := hello(r.srv.AppID())
	request.MessageMetadata = strconv.Itoa(len(r.sent))

	_, err := r.client.Messages.Send(ctx, request, conversation.WithRequestRetry(policy))

	if deadline, ok := ctx.Deadline(); ok {
		r.overshoot = max(r.overshoot, time.Since(deadline))
	}
	r.sent = append(r.sent, randomSend{kind.name, conversation.OutcomeOf(err)})
	r.srv.ClearFaults()
}

// plan injects a fault at an attempt and at some of the following ones, and sometimes another fault.
func (r *randomRun) plan(kind randomKind, attempt int) {
	if r.random.IntN(3) == 0 {
		if other := r.kinds[r.random.IntN(len(r.kinds))].fault; other.Kind != 0 {
			other.Skip, other.Times = r.random.IntN(maxAttempts), 1
			r.srv.Fault(other)
		}
	}
	r.inUse = nil
	switch {
	case kind.wire != wireNone:
		if r.inUse = r.http1; kind.isHTTP2 {
			r.inUse = r.http2
		}
		r.inUse.plan(kind.wire, attempt-1)
	case kind.fault.Kind != 0:
		fault := kind.fault
		fault.Skip, fault.Times = attempt-1, 1+r.random.IntN(maxAttempts)
		if kind.ofToken {
			fault.Skip = 0
			r.srv.RevokeTokens()
		}
		r.srv.Fault(fault)
	}
	if attempt > 1 {
		r.srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, Times: attempt - 1})
	}
}

// judge enters the outcomes, with how often the ledger has each message.
func (r *randomRun) judge(table *randomTable) {
	inLedger := map[string]int{}
	for _, sent := range r.srv.Sent() {
		inLedger[sent.Request.MessageMetadata]++
	}
	for i, send := range r.sent {
		table.add(send, inLedger[strconv.Itoa(i)])
	}
	table.note(r.overshoot)
}
