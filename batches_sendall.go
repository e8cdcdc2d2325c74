package conversation

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"iter"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/sinchgo/conversation/internal/pace"
	"github.com/sinchgo/conversation/internal/retry"
	"github.com/sinchgo/conversation/internal/transport"
)

// BatchKey is the key of BatchMetadata under which [BatchesService.SendAll] puts a unique value for each batch.
const BatchKey = "sinchgo_batch_key"

// SendAllOptions sets how [BatchesService.SendAll] cuts and paces batches. The zero value is ready to use.
type SendAllOptions struct {
	BatchSize           int           // recipients of a batch, up to 1,000. Default 1,000
	RecipientsPerSecond float64       // maximum average number of recipients a second. Default: no limit
	LookupTimeout       time.Duration // how long a batch whose answer was lost is looked up. Default 1 minute
}

// BatchResult is the outcome of one batch of [BatchesService.SendAll].
type BatchResult struct {
	Index      int              // place of the batch, from 0
	First      int              // place of its first recipient in the sequence, from 0
	Recipients []BatchRecipient // its recipients
	Key        string           // its value of BatchKey in BatchMetadata; "" if no request was made
	BatchID    string           // its id; "" unless it was accepted and its answer was read, or it was found
	SendAfter  Time             // when it is sent, as the platform rounded it
	Found      bool             // the answer was lost, and the batch was found by its key
	Outcome    Outcome          // whether the batch was accepted
	Err        error            // why it was not accepted, or why that is unknown
}

const (
	defaultLookupTimeout = time.Minute
	firstLookupDelay     = 250 * time.Millisecond // it doubles with each lookup
	maxLookupDelay       = 5 * time.Second
	maxRequestsPerSecond = 800 // of a project
)

var opBatchesSendAll = operation{name: "Batches.SendAll"}

// SendAll sends a message to the recipients of a sequence, in batches of up to 1,000, and yields the result of each. The
// message is a request without RecipientAndParams. The error is that of the result, which is never nil.
//
//	POST /v1/projects/{project_id}/messages
//	GET /v1/projects/{project_id}/messages
//
// Batches are sent one after the other, at most 800 requests a second, which is the limit of a project, and at most
// RecipientsPerSecond on average: after a batch of 1,000 at 100 a second, the next starts 10 seconds later. After a
// 429, SendAll waits and sends the batch again, as [MessagesService.SendMany] does. No other failure of a batch is
// retried unless it is proven that the request was not sent; AcceptDuplicates of the [RetryPolicy] is ignored.
//
// Each batch has a unique value under [BatchKey] in its BatchMetadata. If an answer is lost, the batch is looked up by
// it, for up to LookupTimeout, since a new batch may become visible late. A batch that is found was accepted. One that
// is not found may have been accepted all the same: its outcome stays [OutcomeUnknown], and it is never sent again.
// Look for it later with FindByMetadata(ctx, BatchKey, result.Key).
//
// A batch with an invalid recipient is not sent. Its outcome is [OutcomeNotSent], and its error joins an
// [*ArgumentError] for each invalid recipient, with the index in Recipients. The other batches are sent.
//
// Breaking out of the loop ends SendAll; a batch is settled before its result is yielded, so none is in flight. SendAll
// also ends when the context ends, and when a batch fails for a reason that the next would meet too: no access token,
// no connection, or 429 for more than a minute or with a Retry-After beyond MaxRetryAfter. The last result is then a
// batch with OutcomeNotSent and that reason; the recipients after it were not read. To resume, send the recipients with
// OutcomeNotSent and the rest of the sequence. A context that ends interrupts the batch in flight, which may then be
// unknown.
//
// Memory is bounded by one batch, however long the sequence is. If an argument is invalid, SendAll yields one result
// without recipients, with an [*ArgumentError], and reads no recipient. A sequence without recipients has no results.
func (s *BatchesService) SendAll(
	ctx context.Context, message *SendBatchRequest, recipients iter.Seq[BatchRecipient], options SendAllOptions, opts ...RequestOption,
) iter.Seq2[*BatchResult, error] {
	return func(yield func(*BatchResult, error) bool) {
		run, err := s.newSendAll(ctx, message, recipients, options, opts)
		if err != nil {
			yield(&BatchResult{Outcome: OutcomeNotSent, Err: err}, err)
			return
		}
		var batch []BatchRecipient
		for recipient := range recipients {
			batch = append(batch, recipient)
			if len(batch) < run.options.BatchSize && ctx.Err() == nil {
				continue
			}
			if !run.deliver(ctx, batch, yield) {
				return
			}
			batch = nil
		}
		if len(batch) > 0 {
			run.deliver(ctx, batch, yield)
		}
	}
}

// sendAllRun is one run of SendAll.
type sendAllRun struct {
	service  *BatchesService
	message  SendBatchRequest
	check    checker
	names    []string // the placeholders of the message
	options  SendAllOptions
	opts     []RequestOption // of each call
	sendOpts []RequestOption // of each batch
	pacer    *pace.Pacer

	index, first int       // those of the next batch
	next         time.Time // when it may start, by RecipientsPerSecond
}

// newSendAll checks the arguments of SendAll, and all that the batches share.
func (s *BatchesService) newSendAll(
	ctx context.Context, message *SendBatchRequest, recipients iter.Seq[BatchRecipient], options SendAllOptions, opts []RequestOption,
) (*sendAllRun, error) {
	check := s.checker(opBatchesSendAll)
	switch {
	case ctx == nil:
		return nil, nilContext(check.op)
	case message == nil:
		return nil, refuse(check.op, "message", "is nil: pass a request without recipients")
	case recipients == nil:
		return nil, refuse(check.op, "recipients", "is nil: pass a sequence, such as slices.Values")
	case options.BatchSize < 0 || options.BatchSize > maxBatch:
		return nil, refuse(check.op, "BatchSize", "must be 1 to 1,000: use 0 for 1,000")
	case options.RecipientsPerSecond < 0 || math.IsNaN(options.RecipientsPerSecond):
		return nil, refuse(check.op, "RecipientsPerSecond", "must be a rate above zero: use 0 for no limit")
	case options.LookupTimeout < 0:
		return nil, refuse(check.op, "LookupTimeout", "must not be below zero: use 0 for the default")
	case len(message.RecipientAndParams) > 0:
		return nil, refuse(check.op, "recipient_and_params", "must be empty: the recipients are those of the sequence")
	}
	if _, taken := message.BatchMetadata[BatchKey]; taken {
		check.reject("batch_metadata."+BatchKey, "is set by SendAll: use another key")
	}
	names := check.batch(message)
	if check.problem != nil {
		return nil, check.problem
	}
	cfg := &requestConfig{}
	if err := s.client.configure(cfg, check.op, opts); err != nil {
		return nil, err
	}
	options.BatchSize = cmp.Or(options.BatchSize, maxBatch)
	options.LookupTimeout = cmp.Or(options.LookupTimeout, defaultLookupTimeout)
	run := &sendAllRun{
		service: s,
		message: *message,
		check:   check,
		names:   names,
		options: options,
		opts: append(slices.Clip(opts), func(c *requestConfig) error {
			c.leaveThrottling, c.retry.AcceptDuplicates = true, false
			return nil
		}),
		pacer: pace.New(maxRequestsPerSecond, retry.Policy(cfg.retry)),
	}
	run.sendOpts = append(slices.Clip(run.opts), throttledBy(run.pacer))
	return run, nil
}

// deliver sends a batch, yields its result, and reports whether to go on.
func (r *sendAllRun) deliver(ctx context.Context, batch []BatchRecipient, yield func(*BatchResult, error) bool) bool {
	result := &BatchResult{Index: r.index, First: r.first, Recipients: batch}
	r.index++
	r.first += len(batch)
	r.settle(ctx, result)
	goesOn := result.Outcome != OutcomeNotSent || isArgumentError(result.Err)
	return yield(result, result.Err) && goesOn
}

// settle checks and sends a batch, and looks it up if its answer was lost.
func (r *sendAllRun) settle(ctx context.Context, result *BatchResult) {
	if err := r.ready(ctx, result.Recipients); err != nil {
		result.Outcome, result.Err = OutcomeNotSent, r.service.client.rejected(ctx, opBatchesSend, err, r.opts)
		return
	}
	result.Key = rand.Text()
	reply, err := r.send(ctx, result)
	result.Outcome, result.Err = OutcomeOf(err), err
	switch {
	case err == nil:
		result.BatchID, result.SendAfter = reply.BatchID, reply.SendAfter
	case result.Outcome == OutcomeUnknown || result.Outcome == OutcomeAccepted:
		if found := r.find(ctx, result.Key); found != nil {
			result.BatchID, result.SendAfter = found.BatchID, found.SendAfter
			result.Found, result.Outcome, result.Err = true, OutcomeAccepted, nil
		}
	}
}

// ready checks the recipients of a batch and blocks until it may start.
func (r *sendAllRun) ready(ctx context.Context, recipients []BatchRecipient) error {
	if ctx.Err() != nil {
		return r.interrupted(ctx)
	}
	var problems []error
	for i := range recipients {
		if problem := r.check.batchRecipient(i, &recipients[i], r.names); problem != nil {
			problems = append(problems, problem)
		}
	}
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	if retry.Wait(ctx, time.Until(r.next)) != nil || r.pacer.Wait(ctx) != nil {
		return r.interrupted(ctx)
	}
	if perSecond := r.options.RecipientsPerSecond; perSecond > 0 {
		takes := min(float64(len(recipients))/perSecond*float64(time.Second), math.MaxInt64/2)
		r.next = time.Now().Add(time.Duration(takes))
	}
	return nil
}

// interrupted returns the error of a batch that was not sent because the context ended.
func (r *sendAllRun) interrupted(ctx context.Context) error {
	return &TransportError{Operation: r.check.op.name, Err: transport.ContextError(ctx), notSent: true}
}

// send sends a batch under its key.
func (r *sendAllRun) send(ctx context.Context, result *BatchResult) (*SendBatchResponse, error) {
	req := r.message
	req.RecipientAndParams = result.Recipients
	req.BatchMetadata = maps.Clone(req.BatchMetadata)
	if req.BatchMetadata == nil {
		req.BatchMetadata = JSONObject{}
	}
	req.BatchMetadata[BatchKey] = result.Key
	reply, err := r.service.sendChecked(ctx, &req, r.sendOpts)
	if err == nil {
		r.pacer.Success()
	}
	return reply, err
}

// find looks for a batch by its key until it is there or the time is over. It returns nil if it does not find it.
func (r *sendAllRun) find(ctx context.Context, key string) *Batch {
	ctx, cancel := context.WithTimeout(ctx, r.options.LookupTimeout)
	defer cancel()
	for delay := firstLookupDelay; r.pacer.Wait(ctx) == nil; delay = min(2*delay, maxLookupDelay) {
		list, err := r.service.FindByMetadata(ctx, BatchKey, key, r.opts...)
		switch {
		case err == nil:
			if found := batchWithKey(list.Batches, key); found != nil {
				return found
			}
		case OutcomeOf(err) == OutcomeRejected && !errors.Is(err, ErrNotFound): // it would be rejected again
			return nil
		}
		if retry.Wait(ctx, delay) != nil {
			return nil
		}
	}
	return nil
}

// batchWithKey returns the batch with a key, or nil. A batch without metadata counts if it is alone: the API was asked for
// this key. Otherwise the answer is not trusted, since a server may ignore the query.
func batchWithKey(batches []Batch, key string) *Batch {
	for i := range batches {
		alone := len(batches) == 1 && batches[i].MetaData == nil
		if batches[i].BatchID != "" && (alone || batches[i].MetaData[BatchKey] == key) {
			return &batches[i]
		}
	}
	return nil
}
