package conversation

import (
	"context"
	"iter"
	"math"
)

// SendManyOptions configures the concurrency and rate of [MessagesService.SendMany], and receives its results. The zero
// value is ready to use.
type SendManyOptions struct {
	Concurrency int              // maximum number of concurrent sends, up to 1,000. Default 32
	PerSecond   float64          // maximum number of requests a second; [math.Inf](1) for no limit. Default: the limit of the app
	OnResult    func(SendResult) // called once for each message, in the order of the sequence, never concurrently
}

// SendResult is the outcome of one message of a sequence.
type SendResult struct {
	Index    int                  // place in the sequence, from 0
	Request  *SendMessageRequest  // the message
	Response *SendMessageResponse // the answer of the API; nil if there is an error
	Outcome  Outcome              // whether the message was sent
	Err      error                // why it was not accepted, or why its answer could not be read
}

// SendManyResult counts the outcomes of a sequence of messages. The four outcomes add up to Taken.
type SendManyResult struct {
	Taken    int          // messages read from the sequence; the rest are untouched
	Accepted int          // accepted by the API
	Rejected int          // rejected by the API; they would be rejected again
	NotSent  int          // not processed by the API; it is safe to send them again
	Unknown  int          // possibly sent; sending them again may text a person twice
	Results  []SendResult // one for each message, in the order of the sequence; nil with OnResult
}

const (
	defaultConcurrency = 32
	maxConcurrency     = 1000
)

var opMessagesSendMany = operation{name: "Messages.SendMany"}

// SendMany sends the messages of a sequence concurrently, each as by [MessagesService.Send], and reports the outcome of
// each. The summary is never nil.
//
//	POST /v1/projects/{project_id}/messages:send
//
// The sequence is read in the calling goroutine, at most one message ahead of the sends. A message must not be changed
// until its result is there. OnResult is called in the calling goroutine too. With OnResult, memory is bounded however long
// the sequence is; without it, the summary keeps all results.
//
// At most PerSecond requests start each second, evenly spaced. If PerSecond is 0, the limit is that of the app of the first
// message, [App] RateLimits.Outbound, or none if the app cannot be read. After a 429, all requests pause for its
// Retry-After, or for the backoff of the [RetryPolicy]. They continue at a lower rate, which grows again with success:
// quickly after the first 429 of a sequence without a limit, to find the rate of the server, then slowly.
//
// A send is not idempotent: a message is retried only after 429, as often as needed unless the policy is [NoRetry], and
// when it is proven that the request was not sent.
//
// SendMany stops reading messages when the context ends, and when a send fails for a reason that the next would meet too:
// no access token, no connection, or 429 for more than a minute or with a Retry-After beyond MaxRetryAfter. It then returns
// that error, with the summary so far. To resume, send the messages with [OutcomeNotSent] and those after the first Taken
// ones. A context that ends interrupts the sends in progress, which may then count as unknown. To avoid that, end the
// sequence instead.
//
// A panic during a send, such as of middleware, becomes the error of its message, with the nearest calls; its outcome
// is unknown unless it is proven that the request was not sent. A panic of the sequence or of OnResult reaches the
// caller, after the sends in progress were interrupted.
//
// Returns [*ArgumentError], before it reads a message, if the sequence is nil, an option is out of range, or
// [WithResponse] is set, which holds one response only.
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

// checkSendMany checks the arguments of SendMany and returns the settings of each send.
func (s *MessagesService) checkSendMany(
	ctx context.Context, messages iter.Seq[*SendMessageRequest], options SendManyOptions, opts []RequestOption,
) (*requestConfig, error) {
	switch {
	case ctx == nil:
		return nil, nilContext(opMessagesSendMany)
	case messages == nil:
		return nil, refuse(opMessagesSendMany, "messages", "is nil: pass a sequence, such as slices.Values")
	case options.Concurrency < 0:
		return nil, refuse(opMessagesSendMany, "Concurrency", "must not be below zero: use 0 for the default")
	case options.Concurrency > maxConcurrency:
		return nil, refuse(opMessagesSendMany, "Concurrency", "must not be above 1,000, which no account can use")
	case options.PerSecond < 0 || math.IsNaN(options.PerSecond):
		return nil, refuse(opMessagesSendMany, "PerSecond", "must be a rate: use 0 for the limit of the app, math.Inf(1) for none")
	}
	cfg := &requestConfig{}
	err := s.client.configure(cfg, opMessagesSendMany, opts)
	if err == nil && cfg.response != nil {
		return nil, refuse(opMessagesSendMany, "WithResponse", "holds one response only: use OnResult")
	}
	return cfg, err
}
