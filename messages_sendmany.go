package conversation

import (
	"context"
	"iter"
	"math"
)

// SendManyOptions says how fast [MessagesService.SendMany] sends, and whom it tells. The zero value is ready to use.
type SendManyOptions struct {
	Concurrency int              // sends at the same time at most, up to 1,000. Default 32
	PerSecond   float64          // requests a second at most; [math.Inf](1) for no limit. Default: what the app may send
	OnResult    func(SendResult) // is told of each message, in the order of the sequence, and never twice at the same time
}

// SendResult is what became of one message of a sequence.
type SendResult struct {
	Index    int                  // place in the sequence, from 0
	Request  *SendMessageRequest  // the message
	Response *SendMessageResponse // what the API answered; nil if there is an error
	Outcome  Outcome              // what became of the message
	Err      error                // why it was not accepted, or why its answer could not be read
}

// SendManyResult sums up what became of a sequence of messages. The four outcomes add up to Taken.
type SendManyResult struct {
	Taken    int          // messages taken from the sequence; the rest was not touched
	Accepted int          // the API took them
	Rejected int          // the API refused them: they would be refused again
	NotSent  int          // the API did not see them, or turned them away unread: it is safe to send them again
	Unknown  int          // they may have been sent: do not blindly send them again
	Results  []SendResult // each message taken, in the order of the sequence; nil with OnResult, which got them instead
}

const (
	defaultConcurrency = 32
	maxConcurrency     = 1000
)

var opMessagesSendMany = operation{name: "Messages.SendMany"}

// SendMany sends the messages of a sequence, several at a time, and says what became of each: for each of them it is
// POST /v1/projects/{project_id}/messages:send, as by [MessagesService.Send]. The summary is never nil.
//
// The sequence is read in the calling goroutine, never more than one message ahead of what goes out; a message must not be
// changed until its result is there. OnResult runs in that goroutine too. With it, memory is bounded however long the
// sequence is; without it, the summary keeps all results.
//
// Requests start at most PerSecond times a second, evenly spaced. If that is 0, the limit is what the app of the first
// message publishes, as [App] RateLimits.Outbound; one that cannot be read is none. Whatever the limit, a 429 is followed:
// all requests pause for its Retry-After, or for the backoff of the [RetryPolicy], and go on at a lower rate, which grows
// again with success.
//
// A send is not idempotent: a message is sent again only after 429, whatever MaxAttempts is except with [NoRetry], and
// when it is proven that the request was not sent.
//
// SendMany stops taking messages when the context ends, and when one could not be sent for a reason that the next would
// meet too: no access token, no connection, or 429 for a minute on end or with a Retry-After beyond MaxRetryAfter. It then
// returns that error, with the summary of what was taken. To go on later, send the messages that were not sent and those
// after the first Taken ones. A context that ends breaks off the sends under way, and they may count as unknown; a sequence
// that ends avoids that.
//
// Errors: [*ArgumentError], before anything is taken, for a nil sequence, an option out of bounds, or [WithResponse], which
// cannot tell of several calls; [*AuthError]; [*TransportError], also for a context that ended; [*Error].
func (s *MessagesService) SendMany(
	ctx context.Context, messages iter.Seq[*SendMessageRequest], options SendManyOptions, opts ...RequestOption,
) (*SendManyResult, error) {
	cfg, err := s.checkSendMany(ctx, messages, options, opts)
	if err != nil {
		return &SendManyResult{}, err
	}
	run := s.newRun(options, cfg, opts)
	err = run.all(ctx, messages)
	return run.sum, err
}

// checkSendMany refuses what no message can be sent with, and gives the settings of each send.
func (s *MessagesService) checkSendMany(
	ctx context.Context, messages iter.Seq[*SendMessageRequest], options SendManyOptions, opts []RequestOption,
) (*requestConfig, error) {
	switch {
	case ctx == nil:
		return nil, nilContext(opMessagesSendMany)
	case messages == nil:
		return nil, refuse(opMessagesSendMany, "messages", "is nil: pass a sequence, such as slices.Values")
	case options.Concurrency < 0:
		return nil, refuse(opMessagesSendMany, "Concurrency", "is below zero: use 0 for the default")
	case options.Concurrency > maxConcurrency:
		return nil, refuse(opMessagesSendMany, "Concurrency", "is above 1,000, which no account can make use of")
	case options.PerSecond < 0 || math.IsNaN(options.PerSecond):
		return nil, refuse(opMessagesSendMany, "PerSecond", "is no rate: use 0 for the app's own limit, math.Inf(1) for none")
	}
	cfg := &requestConfig{}
	err := s.client.configure(cfg, opMessagesSendMany, opts)
	if err == nil && cfg.response != nil {
		return nil, refuse(opMessagesSendMany, "WithResponse", "cannot tell of several calls: use OnResult")
	}
	return cfg, err
}
