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
)

// bulkWindow bounds, as a multiple of the concurrency, the results that wait for that of an earlier message.
const bulkWindow = 64

// bulk is one run of SendMany. The calling goroutine takes messages and hands on results; workers send.
type bulk struct {
	service *MessagesService
	options SendManyOptions
	opts    []RequestOption // of each send
	pacer   *pacer
	jobs    chan SendResult // as far as it is known before the send
	done    chan SendResult // has room for what every worker has in hand

	// The rest belongs to the calling goroutine.
	sum      *SendManyResult
	inFlight int
	told     int                // results handed on
	waiting  map[int]SendResult // results that wait for that of an earlier message
	failure  error              // why no more messages are taken
}

func (s *MessagesService) newBulk(options SendManyOptions, cfg *requestConfig, opts []RequestOption) *bulk {
	options.Concurrency = cmp.Or(options.Concurrency, defaultConcurrency)
	return &bulk{
		service: s,
		options: options,
		opts: append(slices.Clip(opts), func(c *requestConfig) error {
			c.leaveThrottling = true
			return nil
		}),
		pacer:   newPacer(cmp.Or(options.PerSecond, math.Inf(1)), cfg.retry),
		jobs:    make(chan SendResult),
		done:    make(chan SendResult, options.Concurrency),
		sum:     &SendManyResult{},
		waiting: make(map[int]SendResult),
	}
}

// all sends the sequence until it ends or there is a reason to stop, which it gives. No goroutine outlives it, even if
// the sequence or OnResult panics.
func (b *bulk) all(ctx context.Context, messages iter.Seq[*SendMessageRequest]) error {
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer close(b.jobs)
	defer cancel()
	for range b.options.Concurrency {
		workers.Go(func() { b.work(ctx) })
	}
	if !b.stopped(ctx) {
		for message := range messages {
			next := SendResult{Index: b.sum.Taken, Request: message}
			b.sum.Taken++
			goes := b.ready(ctx)
			b.inFlight++
			if !goes {
				b.receive(ctx, b.keptBack(next))
				break
			}
			if next.Index == 0 && b.options.PerSecond == 0 {
				b.pacer.restrict(b.published(ctx, message))
			}
			b.jobs <- next
			if b.stopped(ctx) {
				break
			}
		}
	}
	for b.inFlight > 0 {
		b.receive(ctx, <-b.done)
	}
	return b.failure
}

// stopped reports whether there is a reason to take no more messages.
func (b *bulk) stopped(ctx context.Context) bool {
	if b.failure == nil && ctx.Err() != nil {
		b.failure = b.interrupted(ctx)
	}
	return b.failure != nil
}

// ready waits until one more message can be sent at once, handing on results meanwhile, and reports whether to send it.
func (b *bulk) ready(ctx context.Context) bool {
	for {
		for len(b.done) > 0 {
			b.receive(ctx, <-b.done)
		}
		if b.stopped(ctx) {
			return false
		}
		var turn <-chan time.Time
		if b.inFlight < b.options.Concurrency && b.sum.Taken-b.told <= bulkWindow*b.options.Concurrency {
			delay := b.pacer.take()
			if delay == 0 {
				return true
			}
			turn = time.After(delay)
		}
		select {
		case got := <-b.done:
			b.receive(ctx, got)
		case <-turn:
		case <-ctx.Done():
		}
	}
}

// keptBack is the result of a message that was taken, and not sent since there was a reason to stop.
func (b *bulk) keptBack(message SendResult) SendResult {
	message.Outcome = OutcomeNotSent
	message.Err = &TransportError{Operation: opMessagesSendMany.name, Err: b.failure, notSent: true}
	return message
}

// published is how much the app of a message may send a second, if it can be learned.
func (b *bulk) published(ctx context.Context, message *SendMessageRequest) float64 {
	if message != nil {
		app, err := b.service.client.Apps.Get(ctx, message.AppID, append(slices.Clip(b.opts), WithRequestRetry(NoRetry))...)
		if err == nil && app.RateLimits != nil && app.RateLimits.Outbound > 0 {
			return float64(app.RateLimits.Outbound)
		}
	}
	return math.Inf(1)
}

// work sends messages until there are no more.
func (b *bulk) work(ctx context.Context) {
	for job := range b.jobs {
		b.done <- b.send(ctx, job)
	}
}

// send sends one message, again and again while it is turned away with 429 and the pacer sees sense in it.
func (b *bulk) send(ctx context.Context, job SendResult) SendResult {
	for {
		started := time.Now()
		job.Response, job.Err = b.service.Send(ctx, job.Request, b.opts...)
		job.Outcome = OutcomeOf(job.Err)
		if job.Outcome == OutcomeAccepted {
			b.pacer.success()
		}
		if job.Outcome != OutcomeNotSent || !isThrottled(job.Err) {
			return job
		}
		if !b.pacer.throttled(ctx, started, answerIn(job.Err).RetryAfter) || b.pacer.wait(ctx) != nil {
			return job
		}
	}
}

// receive counts a result, decides whether to go on after it, and hands on those whose turn it is.
func (b *bulk) receive(ctx context.Context, got SendResult) {
	b.inFlight--
	b.count(got.Outcome)
	switch {
	case b.failure != nil || got.Outcome == OutcomeAccepted || got.Outcome == OutcomeRejected:
	case ctx.Err() != nil:
		b.failure = b.interrupted(ctx)
	case got.Outcome == OutcomeNotSent && !isArgumentError(got.Err):
		b.failure = got.Err
	}
	b.waiting[got.Index] = got
	for next, ok := b.waiting[b.told]; ok; next, ok = b.waiting[b.told] {
		delete(b.waiting, b.told)
		b.told++
		b.tell(next)
	}
}

func (b *bulk) tell(result SendResult) {
	if b.options.OnResult != nil {
		b.options.OnResult(result)
		return
	}
	b.sum.Results = append(b.sum.Results, result)
}

func (b *bulk) count(outcome Outcome) {
	switch outcome {
	case OutcomeAccepted:
		b.sum.Accepted++
	case OutcomeRejected:
		b.sum.Rejected++
	case OutcomeNotSent:
		b.sum.NotSent++
	default:
		b.sum.Unknown++
	}
}

func (b *bulk) interrupted(ctx context.Context) error {
	return &TransportError{Operation: opMessagesSendMany.name, Err: contextError(ctx), notSent: b.sum.Taken == 0}
}

func isArgumentError(err error) bool {
	_, is := errors.AsType[*ArgumentError](err)
	return is
}
