package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// reporter returns a tracker, and a function that passes it a report about a message without a correlation id.
func reporter(t *testing.T, opts ...webhook.TrackerOption) (*webhook.Tracker, func(string, conversation.DeliveryStatus)) {
	t.Helper()
	receiver := newReceiver(t)
	tracker := webhook.NewTracker(opts...)
	tracker.Follow(receiver)
	return tracker, func(id string, status conversation.DeliveryStatus) {
		event := &webhook.MessageDelivery{MessageDeliveryReport: conversation.MessageDeliveryReport{MessageID: id, Status: status}}
		assert.NoError(t, receiver.Handle(t.Context(), event))
	}
}

// knows reports whether a tracker has a report about a message.
func knows(t *testing.T, tracker *webhook.Tracker, id string) bool {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := tracker.Wait(ctx, id, queued)
	return err == nil
}

func TestATrackerForgetsTheOldestBeyondItsSize(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tracker, report := reporter(t, webhook.WithTrackerSize(3))
		waiting := wait(t, tracker, "first")
		synctest.Wait()
		for _, id := range []string{"first", "second", "third"} {
			report(id, queued)
		}
		report("first", queued) // a duplicate is the latest report
		report("fourth", queued)
		assert.True(t, knows(t, tracker, "first"))
		assert.False(t, knows(t, tracker, "second"))
		assert.True(t, knows(t, tracker, "third"))
		assert.True(t, knows(t, tracker, "fourth"))

		for i := range 10 {
			report(strconv.Itoa(i), queued)
		}
		assert.False(t, knows(t, tracker, "first"))
		report("first", delivered)
		assert.Equal(t, delivered, (<-waiting).status, "a wait loses nothing")
	})
}

func TestATrackerForgetsWhatIsTooOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tracker, report := reporter(t, webhook.WithTrackerAge(10*time.Minute))
		report("A", queued)
		time.Sleep(5 * time.Minute)
		report("B", queued)
		time.Sleep(5 * time.Minute)
		assert.True(t, knows(t, tracker, "A"))
		time.Sleep(time.Nanosecond)
		assert.False(t, knows(t, tracker, "A"))
		assert.True(t, knows(t, tracker, "B"))
		report("B", queued)
		time.Sleep(10 * time.Minute)
		assert.True(t, knows(t, tracker, "B"), "the last report counts")
	})
}

func TestATrackerRemembersAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tracker, report := reporter(t)
		report("A", delivered)
		time.Sleep(time.Hour)
		assert.True(t, knows(t, tracker, "A"))
		time.Sleep(time.Second)
		assert.False(t, knows(t, tracker, "A"))
	})
}

// TestNoWakeupIsLost waits for many messages while their reports arrive, duplicated and out of order, and other waits for
// them give up.
func TestNoWakeupIsLost(t *testing.T) {
	t.Parallel()
	tracker, report := reporter(t)
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var running sync.WaitGroup
	for i := range 200 {
		id := strconv.Itoa(i)
		for range 3 {
			running.Go(func() {
				got, err := tracker.Wait(ctx, id)
				assert.NoError(t, err)
				assert.GreaterOrEqual(t, got.Status.Rank(), delivered.Rank())
			})
			running.Go(func() {
				brief, giveUp := context.WithTimeout(ctx, time.Duration(i)*time.Microsecond)
				defer giveUp()
				_, err := tracker.Wait(brief, id, read)
				assert.True(t, err == nil || errors.Is(err, context.DeadlineExceeded))
			})
			running.Go(func() {
				report(id, delivered)
				report(id, queued)
				report(id, read)
			})
		}
	}
	running.Wait()
	assert.Less(t, runtime.NumGoroutine(), before+200)
	assert.NotContains(t, fmt.Sprintf("%+v", tracker), "waits")
}

func TestInvalidOptionsOfATrackerPanic(t *testing.T) {
	t.Parallel()
	for want, opt := range map[string]webhook.TrackerOption{
		"conversation: webhook: WithTrackerSize must be above zero: ": webhook.WithTrackerSize(0),
		"conversation: webhook: WithTrackerAge must be above zero: ":  webhook.WithTrackerAge(-time.Second),
		"conversation: webhook: option 0 is nil: ":                    nil,
	} {
		func() {
			defer func() {
				err, _ := recover().(error)
				require.ErrorContains(t, err, want)
				_, typed := errors.AsType[*conversation.ArgumentError](err)
				assert.True(t, typed)
			}()
			webhook.NewTracker(opt)
		}()
	}
}

func TestATrackerPrintsNoReports(t *testing.T) {
	t.Parallel()
	tracker, report := reporter(t)
	report("46701234567", delivered)
	var printed bytes.Buffer
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		fmt.Fprintf(&printed, format+"\n", tracker)
	}
	slog.New(slog.NewJSONHandler(&printed, nil)).Info("", "value", tracker)
	assert.Contains(t, printed.String(), "webhook.Tracker{size: 100000, age: 1h0m0s}")
	assert.NotContains(t, printed.String(), "46701234567")
}
