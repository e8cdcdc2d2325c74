package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

const (
	queued    = conversation.DeliveryStatusQueuedOnChannel
	switching = conversation.DeliveryStatusSwitchingChannel
	delivered = conversation.DeliveryStatusDelivered
	failed    = conversation.DeliveryStatusFailed
	read      = conversation.DeliveryStatusRead
)

// deliveryReport returns a callback about message M that was sent with correlation id C.
func deliveryReport(status conversation.DeliveryStatus) []byte {
	return fmt.Appendf(nil, `{"app_id":"A","correlation_id":"C","message_delivery_report":{"message_id":"M","status":%q}}`, status)
}

// followed returns a tracker and a function that delivers reports about M to a receiver that it follows.
func followed(t *testing.T) (*webhook.Tracker, func(...conversation.DeliveryStatus)) {
	t.Helper()
	receiver := newReceiver(t)
	tracker := webhook.NewTracker()
	tracker.Follow(receiver)
	return tracker, func(statuses ...conversation.DeliveryStatus) {
		for _, status := range statuses {
			assert.Equal(t, 200, serve(receiver, newCallback(t, deliveryReport(status), nonce)).Code)
		}
	}
}

// outcome is what Wait returned, and when.
type outcome struct {
	status conversation.DeliveryStatus
	err    error
	after  time.Duration
}

// wait starts a wait of at most two minutes.
func wait(t *testing.T, tracker *webhook.Tracker, id string, until ...conversation.DeliveryStatus) <-chan outcome {
	t.Helper()
	done := make(chan outcome, 1)
	go func() {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		began := time.Now()
		report, err := tracker.Wait(ctx, id, until...)
		got := outcome{err: err, after: time.Since(began)}
		if report != nil {
			got.status = report.Status
		}
		done <- got
	}()
	return done
}

func TestAReportEndsAWaitBeforeAndAfterItBegins(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"M", "C"} {
		synctest.Test(t, func(t *testing.T) {
			tracker, report := followed(t)
			waiting := wait(t, tracker, id)
			time.Sleep(time.Minute)
			report(queued, delivered)
			assert.Equal(t, outcome{status: delivered, after: time.Minute}, <-waiting, "after it began")
			assert.Equal(t, outcome{status: delivered}, <-wait(t, tracker, id), "before it began")
			assert.Equal(t, outcome{status: delivered}, <-wait(t, tracker, id), "as often as asked")
		})
	}
}

func TestTheStatusesDecideWhenAWaitEnds(t *testing.T) {
	t.Parallel()
	type statuses = []conversation.DeliveryStatus
	for name, tt := range map[string]struct {
		until   statuses
		reports statuses // one a second
		want    conversation.DeliveryStatus
		after   time.Duration
	}{
		"delivered by default":        {nil, statuses{queued, delivered, read}, delivered, 2 * time.Second},
		"read without delivered":      {nil, statuses{queued, read}, read, 2 * time.Second},
		"a failure":                   {nil, statuses{queued, failed}, failed, 2 * time.Second},
		"a fallback that arrives":     {nil, statuses{queued, switching, queued, delivered}, delivered, 4 * time.Second},
		"a fallback that fails":       {nil, statuses{switching, failed}, failed, 2 * time.Second},
		"a status that is not known":  {nil, statuses{"", "NEW_STATUS", delivered}, delivered, 3 * time.Second},
		"read":                        {statuses{read}, statuses{queued, delivered, read}, read, 3 * time.Second},
		"read, but it fails":          {statuses{read}, statuses{delivered, failed}, failed, 2 * time.Second},
		"queued":                      {statuses{queued}, statuses{queued, delivered}, queued, time.Second},
		"queued, but it came later":   {statuses{queued}, statuses{delivered, queued}, delivered, time.Second},
		"the lowest of several":       {statuses{read, switching, failed}, statuses{queued, switching}, switching, 2 * time.Second},
		"failed is after delivered":   {statuses{failed}, statuses{delivered, read}, read, 2 * time.Second},
		"duplicates and out of order": {statuses{read}, statuses{delivered, queued, delivered, read, queued}, read, 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tracker, report := followed(t)
				waiting := wait(t, tracker, "M", tt.until...)
				for _, status := range tt.reports {
					time.Sleep(time.Second)
					report(status)
				}
				assert.Equal(t, outcome{status: tt.want, after: tt.after}, <-waiting)
			})
		})
	}
}

// TestAWaitThatBeginsLateGetsTheLatestReport folds every pair of reports in both orders.
func TestAWaitThatBeginsLateGetsTheLatestReport(t *testing.T) {
	t.Parallel()
	for _, first := range []conversation.DeliveryStatus{queued, switching, delivered, failed, read} {
		for _, second := range []conversation.DeliveryStatus{queued, switching, delivered, failed, read} {
			tracker, report := followed(t)
			report(first, second)
			got, err := tracker.Wait(t.Context(), "M", queued)
			require.NoError(t, err)
			assert.Equal(t, webhook.Fold(first, second), got.Status)
			assert.Equal(t, "M", got.MessageID)
		}
	}
}

func TestAContextEndsAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tracker, report := followed(t)
		waiting := wait(t, tracker, "M")
		report(queued)
		got := <-waiting
		assert.Equal(t, 2*time.Minute, got.after)
		assert.Empty(t, got.status)
		require.ErrorIs(t, got.err, context.DeadlineExceeded)
		require.ErrorContains(t, got.err, `the last status is "QUEUED_ON_CHANNEL"`)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := tracker.Wait(ctx, "another")
		require.ErrorIs(t, err, context.Canceled)
		report(delivered)
		_, err = tracker.Wait(ctx, "M")
		assert.NoError(t, err, "a report that is there counts first")
	})
}

func TestManyWaitsForOneMessageEndTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tracker, report := followed(t)
		var waiting []<-chan outcome
		for range 100 {
			waiting = append(waiting, wait(t, tracker, "M"), wait(t, tracker, "C"))
		}
		untilRead := wait(t, tracker, "M", read)
		time.Sleep(time.Second)
		report(delivered)
		for _, one := range waiting {
			assert.Equal(t, outcome{status: delivered, after: time.Second}, <-one)
		}
		time.Sleep(time.Second)
		report(read)
		assert.Equal(t, outcome{status: read, after: 2 * time.Second}, <-untilRead)
	})
}

func TestACloseEndsAllWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tracker, report := followed(t)
		report(queued)
		waiting := []<-chan outcome{wait(t, tracker, "M"), wait(t, tracker, "M"), wait(t, tracker, "C"), wait(t, tracker, "another")}
		time.Sleep(time.Second)
		tracker.Close()
		tracker.Close()
		for _, one := range waiting {
			assert.Equal(t, outcome{err: webhook.ErrTrackerClosed, after: time.Second}, <-one)
		}
		report(delivered)
		_, err := tracker.Wait(t.Context(), "M")
		assert.Equal(t, webhook.ErrTrackerClosed, err)
	})
}

func TestAWaitRequiresAnIDAndKnownStatuses(t *testing.T) {
	t.Parallel()
	tracker := webhook.NewTracker()
	for want, call := range map[string]func() error{
		"conversation: Tracker.Wait: id is empty: ":                   func() error { _, err := tracker.Wait(t.Context(), ""); return err },
		"conversation: Tracker.Wait: id is empty: pass":               func() error { _, err := tracker.Wait(t.Context(), " \n"); return err },
		"conversation: Tracker.Wait: until[1] is not a known status:": func() error { _, err := tracker.Wait(t.Context(), "M", read, "DELIVERD"); return err },
		"conversation: Tracker.Wait: until[0] is not a known status:": func() error { _, err := tracker.Wait(t.Context(), "M", ""); return err },
	} {
		err := call()
		require.ErrorContains(t, err, want)
		_, typed := errors.AsType[*conversation.ArgumentError](err)
		assert.True(t, typed)
	}
}

func TestAReportCountsAndTheFunctionsRun(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, register := range map[string]func(*webhook.Receiver, func()){
		"On": func(r *webhook.Receiver, ran func()) {
			webhook.On(r, func(context.Context, *webhook.MessageDelivery) error { ran(); return broken })
		},
		"OnAny": func(r *webhook.Receiver, ran func()) {
			webhook.OnAny(r, func(context.Context, webhook.Event) error { ran(); return broken })
		},
		"a panic": func(r *webhook.Receiver, ran func()) {
			webhook.OnAny(r, func(context.Context, webhook.Event) error { ran(); panic("broken") })
		},
	} {
		receiver := newReceiver(t)
		tracker, another := webhook.NewTracker(), webhook.NewTracker()
		tracker.Follow(receiver)
		runs := 0
		register(receiver, func() { runs++ })
		another.Follow(receiver)
		tracker.Follow(receiver)
		assert.Equal(t, 500, serve(receiver, newCallback(t, deliveryReport(delivered), nonce)).Code)
		assert.Equal(t, 1, runs, name)
		for _, each := range []*webhook.Tracker{tracker, another} {
			_, err := each.Wait(t.Context(), "M")
			assert.NoError(t, err, name)
		}
	}
}

func TestATrackerFollowsStoredCallbacksAndSeveralReceivers(t *testing.T) {
	t.Parallel()
	direct, stored := newReceiver(t), newReceiver(t)
	tracker := webhook.NewTracker()
	tracker.Follow(direct)
	tracker.Follow(stored)
	forward := stored.Forward(func(ctx context.Context, body []byte, _ http.Header) error {
		event, err := webhook.Parse(body)
		require.NoError(t, err)
		return stored.Handle(ctx, event)
	})
	serve(direct, newCallback(t, deliveryReport(delivered), nonce))
	serve(forward, newCallback(t, []byte(`{"message_delivery_report":{"message_id":"N","status":"FAILED","reason":{"code":"MESSAGE_EXPIRED"}}}`), nonce))
	for _, id := range []string{"M", "N"} {
		report, err := tracker.Wait(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, id, report.MessageID)
	}
	assert.Panics(t, func() { tracker.Follow(nil) })
}

func TestAnInvalidReportCountsForNothing(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t)
	tracker := webhook.NewTracker()
	tracker.Follow(receiver)
	req := newCallback(t, deliveryReport(delivered), nonce)
	req.Header = webhook.Sign(deliveryReport(delivered), "another", nonce, signed)
	serve(receiver, req)
	serve(receiver, newCallback(t, []byte(`{"message_delivery_report":{"status":"DELIVERED"}}`), nonce))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := tracker.Wait(ctx, "M")
	assert.ErrorIs(t, err, context.Canceled)
}
