package relay_test

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

func TestACallbackThatFailsTooOftenIsADeadLetterUntilItIsRetried(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var mended atomic.Bool
	ids := heard(b.receiver, func(context.Context, string) error {
		if mended.Load() {
			return nil
		}
		return errBroken
	})
	run(t, b.Relay, b.receiver, hasty, relay.WithTries(2))
	begin := time.Now()
	for _, nonce := range []string{"n", "n", "signed anew"} { // a duplicate adds neither tries nor a dead letter
		require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), nonce))
	}
	assert.Equal(t, []string{"1", "1"}, []string{next(t, ids), next(t, ids)})
	b.settled(t)
	assert.Empty(t, ids)

	all := deadLetters(t, b.Relay)
	require.Len(t, all, 1)
	letter, err := b.DeadLetter(t.Context(), all[0].Seq)
	require.NoError(t, err)
	assert.Equal(t, all[0], letter)
	assert.WithinRange(t, letter.At, begin, time.Now())
	assert.Equal(t, &relay.DeadLetter{
		Seq: 1, Origin: "inbox", ID: webhook.DeduperKey([]byte(inbound("1", "c"))), Reason: "webhook: the function failed: broken for +*******", Tries: 2, At: letter.At,
		Body: []byte(inbound("1", "c")), Header: letter.Header,
	}, letter)
	assert.Contains(t, []string{"n", "signed anew"}, letter.Header.Get("X-Sinch-Webhook-Signature-Nonce"))
	assert.Equal(t, "application/json", letter.Header.Get("Content-Type"))
	assert.Len(t, letter.Header, 5)

	require.NoError(t, b.RetryDeadLetter(t.Context(), letter.Seq), "and it fails again")
	assert.Equal(t, []string{"1", "1"}, []string{next(t, ids), next(t, ids)})
	b.settled(t)
	all = deadLetters(t, b.Relay)
	require.Len(t, all, 1)
	assert.Greater(t, all[0].Seq, letter.Seq)

	mended.Store(true)
	require.NoError(t, b.RetryDeadLetter(t.Context(), all[0].Seq))
	assert.Equal(t, "1", next(t, ids))
	b.settled(t)
	assert.Empty(t, deadLetters(t, b.Relay))
	require.ErrorIs(t, b.RetryDeadLetter(t.Context(), all[0].Seq), relay.ErrNoDeadLetter)
	_, err = b.DeadLetter(t.Context(), 77)
	assert.ErrorIs(t, err, relay.ErrNoDeadLetter)
}

func TestABodyThatCannotBeDecodedIsADeadLetterWithTheReason(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := heard(b.receiver, fine)
	run(t, b.Relay, b.receiver)
	const broken = `{"message":{"text":"hello"`
	require.Equal(t, http.StatusOK, b.post(t.Context(), broken, "n1"))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("2", "c"), "n2"))
	assert.Equal(t, "2", next(t, ids), "the others are not held up")
	b.settled(t)
	all := deadLetters(t, b.Relay)
	require.Len(t, all, 1)
	assert.Equal(t, "webhook: not a callback: byte 26: unexpected end of JSON input", all[0].Reason)
	assert.Equal(t, broken, string(all[0].Body)) //nolint:testifylint // It is not JSON.
}

func TestDeadLettersStopsWithTheLoop(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	run(t, b.Relay, b.receiver)
	for _, body := range []string{"no JSON 1", "no JSON 2", "no JSON 3"} {
		require.Equal(t, http.StatusOK, b.post(t.Context(), body, "n"))
	}
	require.Eventually(t, func() bool { return len(deadLetters(t, b.Relay)) == 3 }, soon, 5*time.Millisecond)
	for letter, err := range b.DeadLetters(t.Context()) {
		require.NoError(t, err)
		assert.NotZero(t, letter.Seq)
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for letter, err := range b.DeadLetters(ctx) {
		assert.Nil(t, letter)
		assert.ErrorIs(t, err, context.Canceled)
	}
}

func TestAReplayHandlesCallbacksAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := heard(b.receiver, fine)
	run(t, b.Relay, b.receiver, relay.WithInOrder(), relay.WithHandlerLease(time.Second))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n1"))
	assert.Equal(t, "1", next(t, ids))
	since := time.Now()
	for nonce, id := range []string{"2", "2", "3"} {
		require.Equal(t, http.StatusOK, b.post(t.Context(), inbound(id, "c"), strconv.Itoa(nonce)))
	}
	assert.Equal(t, []string{"2", "3"}, []string{next(t, ids), next(t, ids)})

	appended, err := b.Inbox().Replay(t.Context(), since)
	require.NoError(t, err)
	assert.Equal(t, 3, appended)
	assert.Equal(t, []string{"2", "3"}, []string{next(t, ids), next(t, ids)}, "duplicates are handled once")

	appended, err = b.Inbox().Replay(t.Context(), time.Time{})
	require.NoError(t, err)
	assert.Equal(t, 7, appended)
	assert.Equal(t, []string{"1", "2", "3"}, []string{next(t, ids), next(t, ids), next(t, ids)}, "and so is that of a replay")

	appended, err = b.Inbox().Replay(t.Context(), time.Now().Add(time.Hour))
	require.NoError(t, err)
	assert.Zero(t, appended)
	assert.Empty(t, ids)
}

func TestADeadReplayIsRetriedAsOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var calls atomic.Int32
	ids := heard(b.receiver, func(context.Context, string) error {
		if calls.Add(1) == 2 {
			return errBroken
		}
		return nil
	})
	run(t, b.Relay, b.receiver, relay.WithTries(1))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	next(t, ids)
	_, err := b.Inbox().Replay(t.Context(), time.Time{})
	require.NoError(t, err)
	next(t, ids)
	require.Eventually(t, func() bool { return len(deadLetters(t, b.Relay)) == 1 }, soon, 5*time.Millisecond)
	require.NoError(t, b.RetryDeadLetter(t.Context(), 1))
	next(t, ids)
	b.settled(t)
	assert.Empty(t, ids)
}
