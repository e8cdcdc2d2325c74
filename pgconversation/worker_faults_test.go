package pgconversation_test

import (
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/pgconversation"
)

// What River does with a job.
const (
	completes = "completes"
	cancels   = "cancels"
	snoozes   = "snoozes"
	retries   = "retries" // by its schedule
)

func resultOf(err error) string {
	if err == nil {
		return completes
	}
	if _, ok := errors.AsType[*rivertype.JobSnoozeError](err); ok {
		return snoozes
	}
	if _, ok := errors.AsType[*rivertype.JobCancelError](err); ok {
		return cancels
	}
	return retries
}

func TestAWorkerRecordsEachOutcome(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	tests := map[string]struct {
		fault   conversationtest.Fault
		last    bool // River's last attempt
		result  string
		state   pgconversation.State
		kept    bool // the message, to be sent again
		arrives int
	}{
		"accepted":                          {result: completes, state: pgconversation.StateAccepted, arrives: 1},
		"rejected":                          {fault: conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 400}, result: cancels, state: pgconversation.StateRejected, kept: true},
		"its answer is lost":                {fault: conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept}, result: completes, state: pgconversation.StateUnknown, kept: true, arrives: 1},
		"its answer is lost at last":        {fault: conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept}, last: true, result: completes, state: pgconversation.StateUnknown, kept: true, arrives: 1},
		"a gateway gives up":                {fault: conversationtest.Fault{Kind: conversationtest.FaultStatusAfterAccept}, result: completes, state: pgconversation.StateUnknown, kept: true, arrives: 1},
		"the answer is not JSON":            {fault: conversationtest.Fault{Kind: conversationtest.FaultBadJSON}, result: completes, state: pgconversation.StateAccepted, arrives: 1},
		"the connection is reset":           {fault: conversationtest.Fault{Kind: conversationtest.FaultResetMidRequest}, result: completes, state: pgconversation.StateUnknown, kept: true},
		"the connection is refused":         {fault: conversationtest.Fault{Kind: conversationtest.FaultRefuse}, result: retries, state: pgconversation.StateQueued, kept: true},
		"the connection is refused at last": {fault: conversationtest.Fault{Kind: conversationtest.FaultRefuse}, last: true, result: cancels, state: pgconversation.StateDropped, kept: true},
		"too many requests":                 {fault: conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "7"}, result: snoozes, state: pgconversation.StateQueued, kept: true},
		"too many requests at last":         {fault: conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "7"}, last: true, result: snoozes, state: pgconversation.StateQueued, kept: true},
		"the host is unknown at last":       {fault: conversationtest.Fault{Kind: conversationtest.FaultUnknownHost}, last: true, result: snoozes, state: pgconversation.StateQueued, kept: true},
		"the key is wrong at last":          {fault: conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 403}, last: true, result: snoozes, state: pgconversation.StateQueued, kept: true},
		"the app does not exist":            {fault: conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 404}, result: snoozes, state: pgconversation.StateQueued, kept: true},
	}
	for name, test := range tests { //nolint:paralleltest // The faults are those of the server.
		t.Run(name, func(t *testing.T) {
			worker := o.recovered() // whose health is not that of the test before
			before := len(o.srv.Sent())
			jobs := o.insert(pgconversation.Entry{ID: name}, pgconversation.Entry{ID: name + ", another"})
			if test.fault.Kind != 0 {
				test.fault.Operation = "Messages.Send"
				o.srv.Fault(test.fault)
			}
			if test.last {
				jobs[0].Attempt = jobs[0].MaxAttempts
			}
			err := o.workInTurn(worker, jobs[0])
			assert.Equal(t, test.result, resultOf(err), err)
			if test.fault.RetryAfter == "7" {
				assert.Equal(t, river.JobSnooze(7*time.Second), err)
			}
			stored := o.row(name)
			assert.Equal(t, test.state, stored.State, stored)
			assert.Equal(t, test.kept, stored.Kept)
			assert.Equal(t, 1, stored.Attempts)
			assert.Equal(t, test.state == pgconversation.StateAccepted, stored.Reason == "", stored.Reason)
			assert.Len(t, o.srv.Sent(), before+test.arrives)
			assert.Equal(t, row{State: pgconversation.StateQueued, Kept: true}, o.row(name+", another"))

			if test.state == pgconversation.StateQueued { // and is sent once the fault is over
				o.completes(o.recovered(), jobs[0])
				assert.Equal(t, 2, o.row(name).Attempts)
				test.arrives++
			} else { // and is never sent again, such as by a job of a process that crashed before River knew
				require.NoError(t, worker.Work(t.Context(), jobs[0]))
				assert.Equal(t, stored, o.row(name))
			}
			assert.Len(t, o.srv.Sent(), before+test.arrives)
		})
	}
}

// recovered returns a new worker, for which nothing is wrong.
func (o *outboxTest) recovered() *pgconversation.Worker {
	o.t.Helper()
	o.srv.ClearFaults()
	o.exec(`DELETE FROM conversation_pace`)
	return o.newWorker(o.srv.NewClient(o.t))
}
