package pgconversation

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

const (
	// againAfter is the wait of a job whose entry another process has just changed.
	againAfter = time.Second
	// throttledAfter is the wait after a 429 without Retry-After.
	throttledAfter = time.Second
	// leaveTime is how long after its record a request may leave. Later its entry may be unknown, and be settled by hand meanwhile.
	leaveTime = time.Minute
	// maxSettingWait limits the wait of a message that Sinch rejects because of a setting.
	maxSettingWait = 5 * time.Minute
)

// errLate is the reason of a request that did not leave because the time of the entry is over.
var errLate = errors.New("pgconversation: it was not sent before the time of the entry")

// errNotStored is the error for a message that cannot be decoded, or belongs to another entry.
var errNotStored = errors.New("pgconversation: the message is not the one that InsertTx stored")

// attempt is one request of a job, with what is recorded about it.
type attempt struct {
	worker  *Worker
	job     *river.Job[SendArgs]
	arrived time.Time // when the job began
	turn    turn
	token   int64 // of the record of the attempt

	begun  *begun    // nil if it is not recorded, so that the message must not be sent
	asked  time.Time // when the attempt was about to be recorded
	before time.Time // see [Entry.Before], by the clock of this process
	sent   time.Time // when the request left

	state     State // the result
	messageID string
	reason    string
	failure   error
	heldBack  bool // no request was started
}

// begun is what the record of an attempt returns.
type begun struct {
	Token    int64
	Attempts int
	Message  []byte
	Left     *float64 // seconds until Entry.Before
}

func (a *attempt) id() string { return a.job.Args.ID }

// run sends the message, records the result, and returns it as River has it.
func (a *attempt) run(ctx context.Context) error {
	observed, ended := a.observe(ctx)
	defer ended()
	resp, err := a.send(observed)
	result := a.judge(ctx, resp, err)
	recording, cancel := context.WithTimeout(ctx, recordTime)
	defer cancel()
	if err := a.worker.finishes.do(recording, a); err != nil {
		a.worker.log(ctx, "the result of a request could not be recorded", err)
		a.state = StateUnknown // as the next job finds
		return river.JobSnooze(againAfter)
	}
	return result
}

// judge sets the state that follows from the outcome of the request, and returns the result of the job.
func (a *attempt) judge(ctx context.Context, resp *conversation.SendMessageResponse, failure error) error {
	a.failure = failure
	a.heldBack = errors.Is(failure, errNoTurn) || errors.Is(failure, errLate) || errors.Is(failure, errNotStored)
	outcome := outbox.OutcomeOf(failure)
	if errors.Is(failure, errNotStored) {
		outcome = conversation.OutcomeRejected
	}
	if failure != nil {
		a.reason = outbox.Redact(failure.Error())
	}
	if panicked, ok := errors.AsType[*outbox.PanicError](failure); ok {
		a.worker.logger.LogAttrs(ctx, slog.LevelError, "pgconversation: a request panicked",
			slog.String("error", panicked.Error()), slog.String("stack", panicked.Stack))
	}
	if !a.heldBack {
		a.worker.health.record(a.job.Args.App, outcome, failure) //nolint:contextcheck // It only logs.
	}
	switch {
	case errors.Is(failure, errLate):
		a.state = StateExpired
	case errors.Is(failure, errNoTurn):
		return a.queued(river.JobSnooze(againAfter))
	case outcome == conversation.OutcomeAccepted:
		a.state = StateAccepted
		if resp != nil {
			a.messageID = withoutNUL(resp.MessageID)
		}
	case outcome == conversation.OutcomeUnknown:
		a.state = StateUnknown
	case outbox.AboutSetting(failure):
		return a.queued(river.JobSnooze(max(a.worker.health.settingWait(a.job.Args.App), a.settingWait())))
	case outbox.IsThrottled(failure):
		return a.queued(river.JobSnooze(a.throttled(failure))) //nolint:contextcheck // The pause is recorded whatever becomes of the job.
	case outcome == conversation.OutcomeRejected:
		a.state = StateRejected
		return river.JobCancel(errors.New(a.reason))
	case a.job.Attempt >= a.job.MaxAttempts:
		a.state = StateDropped
		return river.JobCancel(errors.New(a.reason))
	default:
		return a.queued(errors.New(a.reason)) // River's schedule
	}
	return nil
}

// settingWait returns the wait of this message after another failure that looks like one of a setting. It doubles, since Sinch may reject this message
// alone, however right the setting is.
func (a *attempt) settingWait() time.Duration {
	return min(againAfter<<min(a.begun.Attempts-1, 10), maxSettingWait)
}

// queued sets that the message is sent later, by the job that ends with result.
func (a *attempt) queued(result error) error {
	a.state = StateQueued
	return result
}

// send sends the message.
func (a *attempt) send(ctx context.Context) (*conversation.SendMessageResponse, error) {
	req, err := outbox.Decode(a.begun.Message)
	if err != nil || req.CorrelationID != a.id() || req.AppID != a.job.Args.App {
		return nil, errNotStored
	}
	req.MessageMetadata = outbox.WithID(req.MessageMetadata, a.id())
	return outbox.Send(ctx, a.worker.client, req, func() error { return a.gate(ctx) })
}

// gate is called with the connection of the request. It returns why the request must not leave.
func (a *attempt) gate(ctx context.Context) error {
	missed := a.worker.pace.gate(ctx, &a.turn)
	now := time.Now()
	switch {
	case !a.before.IsZero() && !now.Before(a.before):
		return errLate
	case missed != nil:
		return missed
	case now.Sub(a.asked) > leaveTime, a.worker.health.stopped(a.job.Args.App, a.arrived):
		return errNoTurn
	}
	a.sent = now
	return nil
}

// throttled has the app wait after a 429, and returns for how long.
func (a *attempt) throttled(failure error) time.Duration {
	wait := throttledAfter
	if answer, ok := errors.AsType[*conversation.Error](failure); ok {
		wait = max(wait, answer.RetryAfter)
	}
	a.worker.pace.throttled(a.job.Args.App, wait)
	return wait
}

// resolve does what is left to do for a job that must not send: its entry is not queued, or is too late.
func (a *attempt) resolve(ctx context.Context) error {
	var state State
	var job, token int64
	var late bool
	err := a.worker.pool.QueryRow(ctx, `
		SELECT state, job, token, before <= clock_timestamp() IS TRUE FROM conversation_outbox WHERE id = $1`, a.id()).Scan(&state, &job, &token, &late)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return river.JobCancel(ErrNoEntry)
	case err != nil:
		return a.worker.notBegun(ctx, err)
	case job != a.job.ID:
		return nil // it was queued again, with another job
	case state == StateAttempting:
		return a.replace(ctx, `
			UPDATE conversation_outbox SET state = 'unknown', at = clock_timestamp(), reason = 'the worker stopped before it recorded the outcome of the attempt'
			WHERE id = $1 AND token = $2 AND (state = 'attempting') IS TRUE`, token)
	case state == StateQueued && late:
		return a.replace(ctx, `
			UPDATE conversation_outbox SET state = 'expired', at = clock_timestamp(), reason = $3, message = NULL
			WHERE id = $1 AND job = $2 AND (state = 'queued') IS TRUE`, job, errLate.Error())
	case state == StateQueued:
		return river.JobSnooze(againAfter)
	}
	return nil
}

// replace changes the state of the entry. If another process has just changed it, the job looks again.
func (a *attempt) replace(ctx context.Context, sql string, args ...any) error {
	replaced, err := a.worker.pool.Exec(ctx, sql, append([]any{a.id()}, args...)...)
	if err != nil {
		return a.worker.notBegun(ctx, err)
	}
	if replaced.RowsAffected() == 0 {
		return river.JobSnooze(againAfter)
	}
	return nil
}
