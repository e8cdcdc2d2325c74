package relay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

const smallPayload = 8 << 10

// noise returns text that cannot be compressed much.
func noise(random *rand.Rand, size int) string {
	text := make([]byte, size)
	for i := range text {
		text[i] = " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"[random.IntN(93)]
	}
	return string(text)
}

// sized returns a callback of a conversation that has a size.
func sized(size int, id string, fill func(int) string) string {
	body := func(text string) string {
		return fmt.Sprintf(`{"app_id":"A","message":{"id":%q,"conversation_id":"c","contact_message":{"text_message":{"text":"%s"}}}}`, id, text)
	}
	return body(fill(size - len(body(""))))
}

// TestADeadLetterNearTheLimitIsCut handles callbacks of all sizes near the limit in one lane, which must go on.
func TestADeadLetterNearTheLimitIsCut(t *testing.T) {
	t.Parallel()
	for name, fill := range map[string]func(int) string{
		"text":  func(n int) string { return strings.Repeat("y", n) },
		"noise": func(n int) string { return noise(rand.New(rand.NewPCG(1, 2)), n) },
	} {
		for _, signed := range []bool{true, false} {
			t.Run(fmt.Sprint(name, signed), func(t *testing.T) {
				t.Parallel()
				b := newSmallBench(t, smallPayload)
				if !signed {
					var err error
					b.receiver, err = webhook.NewReceiver(webhook.WithoutVerification())
					require.NoError(t, err)
				}
				ids := heard(b.receiver, func(_ context.Context, id string) error {
					if id == "last" {
						return nil
					}
					return errors.New(strings.Repeat("a long reason ", 100))
				})
				bodies := make(map[string]string)
				for size := smallPayload - 1100; size <= smallPayload; size += 41 {
					nonce := fmt.Sprint("n", size)
					if body := sized(size, nonce, fill); b.post(t.Context(), body, nonce) == http.StatusOK {
						bodies[body] = nonce
					}
				}
				require.Greater(t, len(bodies), 10)
				require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("last", "c"), "last"))
				run(t, b.Relay, b.receiver, relay.WithInOrder(), relay.WithTries(1), hasty)
				for id := ""; id != "last"; {
					id = next(t, ids)
				}
				cut, seqs := 0, []uint64(nil)
				for _, letter := range deadLetters(t, b.Relay) {
					seqs = append(seqs, letter.Seq)
					if letter.Cut == 0 {
						assert.Contains(t, bodies, string(letter.Body))
						continue
					}
					cut++
					assert.LessOrEqual(t, letter.Cut, 300)
					assert.Contains(t, letter.Reason, "was cut off")
					err := b.RetryDeadLetter(t.Context(), letter.Seq)
					require.ErrorContains(t, err, fmt.Sprintf("last %d bytes", letter.Cut))
				}
				assert.Len(t, seqs, len(bodies))
				if name == "text" {
					assert.Zero(t, cut, "it can be compressed")
					for _, seq := range seqs {
						require.NoError(t, b.RetryDeadLetter(t.Context(), seq))
						next(t, ids)
					}
				}
			})
		}
	}
}

func TestAReplayNearTheLimitGoesOn(t *testing.T) {
	t.Parallel()
	b := newSmallBench(t, smallPayload)
	var err error
	b.receiver, err = webhook.NewReceiver(webhook.WithoutVerification())
	require.NoError(t, err)
	ids := heard(b.receiver, fine)
	stored := 0
	for size := smallPayload - 400; size <= smallPayload; size += 7 {
		if b.post(t.Context(), sized(size, "x", func(n int) string { return strings.Repeat("y", n) }), "") == http.StatusOK {
			stored++
		}
	}
	require.NotZero(t, stored)
	run(t, b.Relay, b.receiver)
	for range stored {
		next(t, ids)
	}
	for _, since := range []time.Time{{}, time.Unix(-1<<40, 0)} {
		appended, err := b.Inbox().Replay(t.Context(), since)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, appended, stored)
		for range stored {
			next(t, ids)
		}
		b.settled(t)
	}
	appended, err := b.Inbox().Replay(t.Context(), time.Date(20_000, 1, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	assert.Zero(t, appended)
}

// TestAnEntryNearTheLimitEnds enqueues entries of all sizes near the limit, of which each is rejected, unknown or not stored.
func TestAnEntryNearTheLimitEnds(t *testing.T) {
	t.Parallel()
	b := newSmallBench(t, smallPayload)
	app, id := strings.Repeat("A", 251), func(size int) string { return fmt.Sprintf("%s%06d", strings.Repeat("é", 61), size) }
	client, bodies := wire(t, conversation.DialectPlatform)
	work(t, b.Relay, client, relay.WithRates(1000, 1000))
	stored := 0
	for size := smallPayload - 3000; size <= smallPayload; size += 131 {
		req := message(app)
		req.Message = conversation.Text(strings.Repeat("x", size))
		err := b.Outbox().Enqueue(t.Context(), req, relay.Entry{ID: id(size), After: time.Now().Add(time.Millisecond)})
		if err != nil {
			require.NotNil(t, argumentOf(err, "req"), "%v", err)
			continue
		}
		stored++
	}
	require.NotZero(t, stored)
	for range stored {
		next(t, bodies)
	}

	// Messages of earlier versions, or of before max_payload was lowered, that cannot be decoded.
	for size := smallPayload - 900; size < smallPayload-200; size += 37 {
		msg := &nats.Msg{Subject: fmt.Sprintf("sinch.outbox.entry.%s.old-%d", app, size), Data: []byte(strings.Repeat("z", size))}
		_, err := b.js.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
		inState(t, b.Relay, fmt.Sprintf("old-%d", size), relay.StateRejected)
	}
	assert.NotEmpty(t, deadLetters(t, b.Relay))
}

// TestAnUnknownEntryNearTheLimitIsHeld loses the reply to entries for whose held message the engine has no room as it is.
func TestAnUnknownEntryNearTheLimitIsHeld(t *testing.T) {
	t.Parallel()
	b := newSmallBench(t, smallPayload)
	srv := newFake(t)
	require.NoError(t, b.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "first"}))
	stop := work(t, b.Relay, srv.NewClient(t), relay.WithRates(1000, 1000), relay.WithSendLease(2*time.Second))
	inState(t, b.Relay, "first", relay.StateAccepted)
	stop()
	sizes := []int{smallPayload - 30, smallPayload - 10, smallPayload}
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send", Times: len(sizes)})
	for _, size := range sizes {
		req := message(srv.AppID())
		req.CorrelationID, req.Message = strconv.Itoa(size), conversation.Text("x")
		empty, err := json.Marshal(req)
		require.NoError(t, err)
		req.Message = conversation.Text(strings.Repeat("x", size-len(empty)+1))
		body, err := json.Marshal(req)
		require.NoError(t, err)
		_, err = b.js.Publish(t.Context(), "sinch.outbox.entry."+srv.AppID()+"."+req.CorrelationID, body)
		require.NoError(t, err)
	}
	work(t, b.Relay, srv.NewClient(t), relay.WithRates(1000, 1000), relay.WithSendLease(2*time.Second))
	for _, size := range sizes {
		inState(t, b.Relay, strconv.Itoa(size), relay.StateUnknown)
	}
	var unknown []string
	for status, err := range b.Outbox().Unknown(t.Context()) {
		require.NoError(t, err)
		unknown = append(unknown, status.ID)
	}
	assert.Len(t, unknown, len(sizes))
	require.NoError(t, b.Outbox().Settle(t.Context(), unknown[0], relay.SettleDrop))
}

func TestACallbackAboveTheLimitIsStoredIfItCanBeCompressed(t *testing.T) {
	t.Parallel()
	b := newSmallBench(t, smallPayload)
	texts := make(chan string, 1)
	webhook.On(b.receiver, func(_ context.Context, e *webhook.MessageInbound) error {
		texts <- e.Message.ContactMessage.Text()
		return nil
	})
	run(t, b.Relay, b.receiver)
	text := strings.Repeat("long ", smallPayload)
	require.Equal(t, http.StatusOK, b.post(t.Context(), sized(len(text), "1", func(n int) string { return text[:n] }), "n"))
	assert.True(t, strings.HasPrefix(text, next(t, texts)))
	noisy := sized(2*smallPayload, "2", func(n int) string { return noise(rand.New(rand.NewPCG(1, 2)), n) })
	assert.Equal(t, http.StatusServiceUnavailable, b.post(t.Context(), noisy, "n2"))
}

func TestACorrelationIDThatNoEntryCanHaveDoesNotBlockItsCallback(t *testing.T) {
	t.Parallel()
	b := newSmallBench(t, smallPayload)
	handled := make(chan string, 1)
	webhook.On(b.receiver, func(_ context.Context, e *webhook.MessageDelivery) error {
		handled <- e.MessageDeliveryReport.MessageID
		return nil
	})
	run(t, b.Relay, b.receiver)
	body := fmt.Sprintf(`{"app_id":"A","correlation_id":%q,"message_delivery_report":{"message_id":"1","status":"DELIVERED"}}`, strings.Repeat("=", smallPayload/2))
	require.Equal(t, http.StatusOK, b.post(t.Context(), body, "n"))
	assert.Equal(t, "1", next(t, handled))
}
