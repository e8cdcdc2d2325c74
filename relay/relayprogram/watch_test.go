package relayprogram

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

// screen is an output that is read while it is written.
type screen struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// watching runs the program until stop, which interrupts it and returns the exit code.
func watching(t *testing.T, redraws bool, args ...string) (_ *screen, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	out := new(screen)
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, "conversation-relay", args, console{stdout: out, stderr: io.Discard, redraws: redraws})
	}()
	return out, func() int { cancel(); return <-code }
}

func eventually(t *testing.T, out *screen, want string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(out.String(), want) }, 20*time.Second, 5*time.Millisecond, "%s", want)
}

func TestNumbersAreWatchedAsLinesUntilInterrupted(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	out, stop := watching(t, false, "-dir", p.dir, "watch", "-interval", "100ms")
	eventually(t, out, " app SHOP: 3 queued 2 accepted 1 rejected\n")
	eventually(t, out, " group codes: 2 accepted 1 delivered 1 failed\n")
	require.NoError(t, p.relay.Outbox().Cancel(t.Context(), "sale-1"))
	eventually(t, out, " group sale: 2 queued 2 rejected 1 cancelled\n")
	require.NoError(t, p.relay.Outbox().Pause(t.Context(), relay.Scope{Group: "sale"}))
	eventually(t, out, ` paused: group "sale"`)
	assert.Zero(t, stop())
	assert.Equal(t, 1, strings.Count(out.String(), "group codes"), "what has not changed is not printed again")
	assert.NotContains(t, out.String(), "\x1b")
}

func TestNumbersAreRedrawnOnATerminal(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	out, stop := watching(t, true, "-dir", p.dir, "watch", "-interval", "100ms")
	require.Eventually(t, func() bool { return strings.Count(out.String(), "\x1b[H\x1b[2J") >= 2 }, 20*time.Second, 5*time.Millisecond)
	assert.Zero(t, stop())
	assert.Regexp(t, `\nAPP +queued .*\n(.*\n)*\nGROUP +queued .*\n`, out.String())
}

func TestOneGroupIsWatched(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	out, stop := watching(t, false, "-dir", p.dir, "watch", "-group", "sale")
	eventually(t, out, "group sale: 3 queued 2 rejected\n")
	assert.Zero(t, stop())
	assert.NotContains(t, out.String(), "app ")
	assert.NotContains(t, out.String(), "codes")

	out, stop = watching(t, false, "-dir", p.dir, "watch", "-group", "sale", "-json", "-interval", "100ms")
	require.Eventually(t, func() bool { return strings.Count(out.String(), "\n") >= 2 }, 20*time.Second, 5*time.Millisecond)
	assert.Zero(t, stop())
	for _, view := range jsonLines[relay.Overview](t, out.String()) {
		require.Len(t, view.Groups, 1)
		assert.Equal(t, 3, view.Groups[0].States[relay.StateQueued])
	}
}

func TestAnEntryIsWatchedToItsDelivery(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.enqueue(t, "SHOP", "one", relay.StateQueued)
	out, wait := watched(t, "-dir", p.dir, "watch", "one")
	eventually(t, out, "queued\n")
	p.publishState(t, "SHOP.one", relay.StateAccepted, "")
	eventually(t, out, "accepted\n")
	p.publishState(t, "SHOP.one", relay.StateAccepted, conversation.DeliveryStatusDelivered)
	assert.Zero(t, wait())
	assert.Regexp(t, `accepted  DELIVERED\n$`, out.String())
	assert.Zero(t, invoke(t, "-dir", p.dir, "watch", "-until", "accepted", "one").code)
}

// watched runs the program until it ends by itself: wait returns its exit code.
func watched(t *testing.T, args ...string) (_ *screen, wait func() int) {
	t.Helper()
	out := new(screen)
	code := make(chan int, 1)
	go func() { code <- run(t.Context(), "conversation-relay", args, console{stdout: out, stderr: io.Discard}) }()
	return out, func() int { return <-code }
}

func TestAnEntryThatEndedOtherwiseIsExitCode3(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	for _, id := range []string{"sale-4", "code-2"} { // rejected, and not delivered
		got := invoke(t, "-dir", p.dir, "watch", id)
		assert.Equal(t, exitEnded, got.code)
		assert.Contains(t, got.stderr, "ended before -until")
	}
	got := invoke(t, "-dir", p.dir, "watch", "code-2", "-json")
	assert.Equal(t, exitEnded, got.code)
	assert.Equal(t, "the phone is off", jsonLines[relay.Status](t, got.stdout)[0].DeliveryReason)
}

func TestAnInterruptedWatchOfAnEntryIsAFailure(t *testing.T) {
	t.Parallel()
	p := campaign(t)
	out, stop := watching(t, false, "-dir", p.dir, "watch", "sale-1")
	eventually(t, out, "queued\n")
	assert.Equal(t, exitFailed, stop())
}
