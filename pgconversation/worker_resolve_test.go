package pgconversation_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/pgconversation"
)

// during is an observer that calls a function between the record of an attempt and its request.
type during func()

func (f during) EntryStarted(ctx context.Context, _ outbox.EntryInfo) context.Context {
	f()
	return ctx
}

func (during) EntryEnded(context.Context, outbox.EntryInfo, outbox.EntryResult) {}

func TestAJobSendsNothingUnlessItsEntryIsQueuedForIt(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	for name, test := range map[string]struct { //nolint:paralleltest // They share a server.
		meanwhile string // to its row
		result    string
		want      row
	}{
		"an attempt without a result": {
			`UPDATE conversation_outbox SET state = 'attempting', token = 7, attempts = 1 WHERE id = $1`, completes,
			row{State: pgconversation.StateUnknown, Reason: "the worker stopped before it recorded the outcome of the attempt", Attempts: 1, Kept: true},
		},
		"cancelled": {
			`UPDATE conversation_outbox SET state = 'cancelled', message = NULL WHERE id = $1`, completes,
			row{State: pgconversation.StateCancelled},
		},
		"accepted": {
			`UPDATE conversation_outbox SET state = 'accepted', message_id = 'M', message = NULL WHERE id = $1`, completes,
			row{State: pgconversation.StateAccepted, MessageID: "M"},
		},
		"queued for another job": {
			`UPDATE conversation_outbox SET job = job + 1000000 WHERE id = $1`, completes,
			row{State: pgconversation.StateQueued, Kept: true},
		},
		"attempted by another job": {
			`UPDATE conversation_outbox SET job = job + 1000000, state = 'attempting', token = 7, attempts = 2 WHERE id = $1`, completes,
			row{State: pgconversation.StateAttempting, Attempts: 2, Kept: true},
		},
		"expired": {
			`UPDATE conversation_outbox SET before = clock_timestamp() WHERE id = $1`, completes,
			row{State: pgconversation.StateExpired, Reason: "pgconversation: it was not sent before the time of the entry"},
		},
		"not readable": {
			`UPDATE conversation_outbox SET message = '{' WHERE id = $1`, cancels,
			row{State: pgconversation.StateRejected, Reason: "pgconversation: the message is not the one that InsertTx stored", Kept: true},
		},
		"another message": {
			`UPDATE conversation_outbox SET message = (SELECT message FROM conversation_outbox WHERE id = $1 || ', another') WHERE id = $1`, cancels,
			row{State: pgconversation.StateRejected, Reason: "pgconversation: the message is not the one that InsertTx stored", Kept: true},
		},
		"rejected by the client": {
			`UPDATE conversation_outbox SET message = convert_to(replace(convert_from(message, 'UTF8'), 'Your code is SESAME.', ''), 'UTF8') WHERE id = $1`, cancels,
			row{State: pgconversation.StateRejected, Reason: "conversation: Messages.Send: message.text_message.text is empty", Attempts: 1, Kept: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			jobs := o.insert(pgconversation.Entry{ID: name}, pgconversation.Entry{ID: name + ", another"})
			o.exec(test.meanwhile, name)
			err := o.worker.Work(t.Context(), jobs[0])
			assert.Equal(t, test.result, resultOf(err), err)
			got := o.row(name)
			if strings.HasPrefix(got.Reason, test.want.Reason) {
				got.Reason = test.want.Reason
			}
			assert.Equal(t, test.want, got)
			assert.Equal(t, row{State: pgconversation.StateQueued, Kept: true}, o.row(name+", another"))
			assert.Empty(t, o.srv.Sent())
		})
	}
	job := o.job("expired, another")
	o.exec(`DELETE FROM conversation_outbox WHERE id = 'expired, another'`)
	require.ErrorIs(t, o.worker.Work(t.Context(), job), pgconversation.ErrNoEntry)
	require.Equal(t, cancels, resultOf(o.worker.Work(t.Context(), job)))
	assert.Empty(t, o.srv.Requests())
}

func TestALateResultReplacesOnlyAnUnknownOutcomeOfItsAttempt(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	const unknown = `UPDATE conversation_outbox SET state = 'unknown', reason = 'lost' WHERE id = $1`
	for name, test := range map[string]struct { //nolint:paralleltest // They share a server, and its faults.
		meanwhile string
		status    int // of the answer; 0 if it is accepted
		state     pgconversation.State
	}{
		"unknown, accepted":      {unknown, 0, pgconversation.StateAccepted},
		"queued again, accepted": {`UPDATE conversation_outbox SET state = 'queued', job = job + 1000000 WHERE id = $1`, 0, pgconversation.StateAccepted},
		"queued again, not sent": {`UPDATE conversation_outbox SET state = 'queued', job = job + 1000000 WHERE id = $1`, 400, pgconversation.StateQueued},
		"unknown, rejected":      {unknown, 400, pgconversation.StateRejected},
		"unknown, not sent":      {unknown, 429, pgconversation.StateUnknown}, // the job that made it so is over
		"accepted by a callback": {`UPDATE conversation_outbox SET state = 'accepted', message_id = 'M' WHERE id = $1`, 500, pgconversation.StateAccepted},
		"given up, accepted":     {`UPDATE conversation_outbox SET state = 'dropped' WHERE id = $1`, 0, pgconversation.StateDropped},
		"another attempt":        {`UPDATE conversation_outbox SET token = 7 WHERE id = $1`, 0, pgconversation.StateAttempting},
	} {
		t.Run(name, func(t *testing.T) {
			o.srv.ClearFaults()
			o.exec(`DELETE FROM conversation_pace`)
			jobs := o.insert(pgconversation.Entry{ID: name}, pgconversation.Entry{ID: name + ", another"})
			if test.status != 0 {
				o.srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: test.status, Operation: "Messages.Send"})
			}
			worker := o.newWorker(o.srv.NewClient(t), pgconversation.WithObserver(during(func() { o.exec(test.meanwhile, name) })))
			_ = worker.Work(t.Context(), jobs[0])
			assert.Equal(t, test.state, o.row(name).State)
			assert.Equal(t, row{State: pgconversation.StateQueued, Kept: true}, o.row(name+", another"))
		})
	}
}

func TestAnEntryThatExpiresBeforeItsRequestLeavesIsNotSent(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	job := o.insert(pgconversation.Entry{ID: "order-1", Before: time.Now().Add(time.Hour)})[0]
	o.exec(`UPDATE conversation_outbox SET before = clock_timestamp() + '1 second'`)
	wait := during(func() {
		o.exec(`SELECT pg_sleep(extract(epoch FROM before - clock_timestamp())) FROM conversation_outbox`)
	})
	require.NoError(t, o.newWorker(o.srv.NewClient(t), pgconversation.WithObserver(wait)).Work(t.Context(), job))
	assert.Equal(t, row{State: pgconversation.StateExpired, Reason: "pgconversation: it was not sent before the time of the entry"}, o.row("order-1"))
	assert.Empty(t, o.srv.Sent())
}

func TestTheJobsOfAnEntrySendItOnceTogether(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	jobs := o.insert(pgconversation.Entry{ID: "order-1"}, pgconversation.Entry{ID: "order-2"})
	var all sync.WaitGroup
	for i := range 40 { // such as a job that River rescued while it was worked
		all.Go(func() { _ = o.worker.Work(t.Context(), jobs[i%2]) })
	}
	all.Wait()
	assert.Len(t, o.srv.Sent(), 2)
	for _, id := range []string{"order-1", "order-2"} {
		stored := o.row(id)
		assert.Equal(t, pgconversation.StateAccepted, stored.State) // not unknown, since the result came late
		assert.Equal(t, 1, stored.Attempts)
	}
}

func TestAJobThatRiverStopsRecordsNothingOrItsResult(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	jobs := o.insert(pgconversation.Entry{ID: "order-1"}, pgconversation.Entry{ID: "order-2"})
	stopped, stop := context.WithCancel(t.Context())
	stop()
	assert.Equal(t, snoozes, resultOf(o.worker.Work(stopped, jobs[0])))
	assert.Equal(t, row{State: pgconversation.StateQueued, Kept: true}, o.row("order-1"))
	assert.Empty(t, o.log.String()) // this is no failure

	cancelled, cancel := context.WithCancelCause(t.Context())
	worker := o.newWorker(o.srv.NewClient(t), pgconversation.WithObserver(during(func() { cancel(rivertype.ErrJobCancelledRemotely) })))
	require.NoError(t, worker.Work(cancelled, jobs[1]))
	assert.Equal(t, pgconversation.StateAccepted, o.row("order-2").State)
	assert.Len(t, o.srv.Sent(), 1)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// explode is where the panics of these tests happen.
func explode() { panic("on purpose, for +1 555 123 0000") }

func TestAPanicOfMiddlewareLeavesTheEntryUnknown(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	for name, sent := range map[string]int{"before": 0, "after": 1} {
		earlier := len(o.srv.Sent())
		middleware := conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(req *http.Request) (*http.Response, error) {
				if name == "before" {
					explode()
				}
				if strings.HasSuffix(req.URL.Path, ":send") {
					defer explode()
				}
				return next.RoundTrip(req)
			})
		})
		worker := o.newWorker(o.srv.NewClient(t, middleware))
		o.completes(worker, o.insert(pgconversation.Entry{ID: name})[0])
		stored := o.row(name)
		assert.Equal(t, pgconversation.StateUnknown, stored.State)
		assert.Contains(t, stored.Reason, "panic in pgconversation_test.explode")
		assert.Len(t, o.srv.Sent(), earlier+sent, name)
	}
	assert.Contains(t, o.log.String(), "a request panicked")
	assert.NotContains(t, o.log.String(), "123 0000")
}
