package conversation

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/sinchgo/conversation/internal/pace"
	"github.com/sinchgo/conversation/internal/retry"
	"github.com/sinchgo/conversation/internal/transport"
)

// resultWindow bounds the results that wait for that of an earlier message, as a multiple of the concurrency.
const resultWindow = 64

// sendManyRun is one run of SendMany. The calling goroutine reads messages and delivers results; workers send.
type sendManyRun struct {
	service  *MessagesService
	options  SendManyOptions
	opts     []RequestOption // of each call
	sendOpts []RequestOption // of each send
	pacer    *pace.Pacer
	jobs     chan SendResult // with Index and Request
	done     chan SendResult // has room for one result per worker

	// The rest belongs to the calling goroutine.
	sum       *SendManyResult
	inFlight  int
	delivered int                // results delivered
	waiting   map[int]SendResult // results that wait for that of an earlier message
	failure   error              // why no more messages are read
}

func (s *MessagesService) newRun(options SendManyOptions, cfg *requestConfig, opts []RequestOption) *sendManyRun {
	options.Concurrency = cmp.Or(options.Concurrency, defaultConcurrency)
	run := &sendManyRun{
		service: s,
		options: options,
		opts: append(slices.Clip(opts), func(c *requestConfig) error {
			c.leaveThrottling, c.recoverPanics = true, true
			return nil
		}),
		pacer:   pace.New(cmp.Or(options.PerSecond, math.Inf(1)), retry.Policy(cfg.retry)),
		jobs:    make(chan SendResult),
		done:    make(chan SendResult, options.Concurrency),
		sum:     &SendManyResult{},
		waiting: make(map[int]SendResult),
	}
	run.sendOpts = append(slices.Clip(run.opts), throttledBy(run.pacer))
	return run
}

// throttledBy returns the option of a send that is sent again after a 429 for as long as the pacer allows.
func throttledBy(pacer *pace.Pacer) RequestOption {
	return func(c *requestConfig) error {
		c.throttled = func(ctx context.Context, started time.Time, asked time.Duration) bool {
			return pacer.Throttled(ctx, started, asked) && pacer.Wait(ctx) == nil
		}
		return nil
	}
}

// all sends the sequence until it ends or there is a reason to stop, which it returns. No goroutine outlives it, even if
// the sequence or OnResult panics.
func (r *sendManyRun) all(ctx context.Context, messages iter.Seq[*SendMessageRequest]) error {
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer close(r.jobs)
	defer cancel()
	for range r.options.Concurrency {
		workers.Go(func() { r.work(ctx) })
	}
	if !r.stopped(ctx) {
		for message := range messages {
			next := SendResult{Index: r.sum.Taken, Request: message}
			r.sum.Taken++
			goes := r.ready(ctx)
			r.inFlight++
			if !goes {
				r.receive(ctx, r.keptBack(ctx, next))
				break
			}
			if next.Index == 0 && r.options.PerSecond == 0 {
				r.pacer.Restrict(r.published(ctx, message))
			}
			r.jobs <- next
			if r.stopped(ctx) {
				break
			}
		}
	}
	for r.inFlight > 0 {
		r.receive(ctx, <-r.done)
	}
	return r.failure
}

// stopped reports whether there is a reason to read no more messages.
func (r *sendManyRun) stopped(ctx context.Context) bool {
	if r.failure == nil && ctx.Err() != nil {
		r.failure = r.interrupted(ctx)
	}
	return r.failure != nil
}

// ready delivers results until one more message can be sent without waiting, and reports whether to send it.
func (r *sendManyRun) ready(ctx context.Context) bool {
	for {
		for len(r.done) > 0 {
			r.receive(ctx, <-r.done)
		}
		if r.stopped(ctx) {
			return false
		}
		var turn <-chan time.Time
		if r.inFlight < r.options.Concurrency && r.sum.Taken-r.delivered <= resultWindow*r.options.Concurrency {
			delay := r.pacer.Take()
			if delay == 0 {
				return true
			}
			turn = time.After(delay)
		}
		select {
		case got := <-r.done:
			r.receive(ctx, got)
		case <-turn:
		case <-ctx.Done():
		}
	}
}

// keptBack returns the result of a message that was read, but not sent because there was a reason to stop.
func (r *sendManyRun) keptBack(ctx context.Context, message SendResult) SendResult {
	message.Outcome = OutcomeNotSent
	reason := &TransportError{Operation: opMessagesSendMany.name, Err: r.failure, notSent: true}
	message.Err = r.service.client.rejected(ctx, opMessagesSend, reason, r.opts)
	return message
}

// published returns the rate limit of a message's app, in messages per second, or +Inf if it is unknown.
func (r *sendManyRun) published(ctx context.Context, message *SendMessageRequest) float64 {
	if message != nil {
		app, err := r.service.client.Apps.Get(ctx, message.AppID, append(slices.Clip(r.opts), WithRequestRetry(NoRetry))...)
		if err == nil && app.RateLimits != nil && app.RateLimits.Outbound > 0 {
			return float64(app.RateLimits.Outbound)
		}
	}
	return math.Inf(1)
}

// work sends messages until there are no more.
func (r *sendManyRun) work(ctx context.Context) {
	for job := range r.jobs {
		r.done <- r.send(ctx, job)
	}
}

// send sends one message.
func (r *sendManyRun) send(ctx context.Context, job SendResult) SendResult {
	job.Response, job.Err = r.sendOnce(ctx, job.Request)
	job.Outcome = OutcomeOf(job.Err)
	if job.Outcome == OutcomeAccepted {
		r.pacer.Success()
	}
	return job
}

// sendOnce sends a message. A panic outside of the call itself becomes its error too, since it would end the process.
func (r *sendManyRun) sendOnce(ctx context.Context, message *SendMessageRequest) (_ *SendMessageResponse, failed error) {
	defer func() {
		if value := recover(); value != nil {
			failed = &TransportError{Operation: opMessagesSend.name, Err: transport.Recovered(value)}
		}
	}()
	return r.service.Send(ctx, message, r.sendOpts...)
}

// receive counts a result, decides whether to continue, and delivers the results that are next in order.
func (r *sendManyRun) receive(ctx context.Context, got SendResult) {
	r.inFlight--
	r.count(got.Outcome)
	switch {
	case r.failure != nil || got.Outcome == OutcomeAccepted || got.Outcome == OutcomeRejected:
	case ctx.Err() != nil:
		r.failure = r.interrupted(ctx)
	case got.Outcome == OutcomeNotSent && !isArgumentError(got.Err):
		r.failure = got.Err
	}
	r.waiting[got.Index] = got
	for next, ok := r.waiting[r.delivered]; ok; next, ok = r.waiting[r.delivered] {
		delete(r.waiting, r.delivered)
		r.delivered++
		r.deliver(next)
	}
}

func (r *sendManyRun) deliver(result SendResult) {
	if r.options.OnResult != nil {
		r.options.OnResult(result)
		return
	}
	r.sum.Results = append(r.sum.Results, result)
}

func (r *sendManyRun) count(outcome Outcome) {
	switch outcome {
	case OutcomeAccepted:
		r.sum.Accepted++
	case OutcomeRejected:
		r.sum.Rejected++
	case OutcomeNotSent:
		r.sum.NotSent++
	default:
		r.sum.Unknown++
	}
}

func (r *sendManyRun) interrupted(ctx context.Context) error {
	return &TransportError{Operation: opMessagesSendMany.name, Err: transport.ContextError(ctx), notSent: r.sum.Taken == 0}
}

func isArgumentError(err error) bool {
	_, is := errors.AsType[*ArgumentError](err)
	return is
}
