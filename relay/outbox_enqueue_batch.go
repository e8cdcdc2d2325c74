package relay

import (
	"context"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strconv"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// The headers of a batch, which the engine stores as a whole or not at all, with one sync.
const (
	batchIDHeader     = "Nats-Batch-Id"
	batchSeqHeader    = "Nats-Batch-Sequence"
	batchCommitHeader = "Nats-Batch-Commit"
)

const (
	// leastBatch is the least number of entries that is stored as a batch, which costs as much as a dozen single publishes.
	leastBatch = 16
	// batchTries is how often a group is published as a batch before its entries are published one by one.
	batchTries = 2
	// leaderTries is how often a group is published while the stream has no leader and the context has no deadline.
	leaderTries = 3
	// lookups is how many IDs are looked up concurrently.
	lookups = 16
)

// storeTogether stores entries and sets their results. An ID that is there twice is stored once, like its first message.
func (o *Outbox) storeTogether(ctx context.Context, entries []*pendingEntry) {
	if err := context.Cause(ctx); err != nil {
		finishAll(entries, err)
		return
	}
	var first, again []*pendingEntry
	ids := make(map[string]bool, len(entries))
	for _, p := range entries {
		if ids[p.of.id] {
			again = append(again, p) // the engine would not notice it within a batch
			continue
		}
		ids[p.of.id] = true
		first = append(first, p)
	}
	o.storeDistinct(ctx, first)
	for _, p := range again {
		p.finish(o.store(ctx, p.of, p.body, p.entry.After))
	}
	o.confirmAll(ctx, entries)
	o.noteStored(ctx, int64(len(entries)))
}

// confirmAll is what Enqueue does after it has stored an entry.
func (o *Outbox) confirmAll(ctx context.Context, entries []*pendingEntry) {
	if !slices.ContainsFunc(entries, func(p *pendingEntry) bool { return p.err == nil || isAway(p.err) }) {
		return
	}
	failed := o.relay.engine.confirm(ctx)
	for _, p := range entries {
		if p.err == nil || isAway(p.err) && failed != nil && !isAway(failed) {
			p.err = failed
		}
	}
}

// storeDistinct stores entries with different IDs, in their order.
func (o *Outbox) storeDistinct(ctx context.Context, left []*pendingEntry) {
	batches := 0
	if o.prefersBatches() {
		batches = batchTries
	}
	for try := 1; len(left) > 0; try++ {
		var errs []error
		if try <= batches && len(left) >= leastBatch {
			err := o.publishBatch(ctx, left)
			if isUnable(err) {
				batches = 0
				continue
			}
			errs = slices.Repeat([]error{err}, len(left))
		} else {
			errs = o.publishEach(ctx, left)
		}
		o.settleAll(ctx, left, errs, try)
		pending := slices.DeleteFunc(slices.Clone(left), func(p *pendingEntry) bool { return p.known })
		if len(pending) == len(left) {
			wait := conflictWait
			if errors.Is(errs[0], nats.ErrNoResponders) {
				wait = engineRetry / 4
			}
			_ = sleep(ctx, wait) // the next try fails if the context has ended
		}
		left = pending
	}
}

// prefersBatches reports whether the stream allows batches, and they are faster: they are slower on a single server that does not sync.
func (o *Outbox) prefersBatches() bool {
	r := o.relay
	config := r.outboxStream.CachedInfo().Config
	weak := config.Replicas == 1 && r.engine.Durability != DurabilitySynced && r.config.weak && !r.config.synced
	return config.AllowAtomicPublish && !weak
}

// settleAll sets the results of entries that were published, unless they are to be published again.
func (o *Outbox) settleAll(ctx context.Context, entries []*pendingEntry, errs []error, try int) {
	var all sync.WaitGroup
	slots := make(chan struct{}, lookups)
	for i, p := range entries {
		switch err := errs[i]; {
		case isConflict(err): // of this entry, or of another in its batch
			slots <- struct{}{}
			all.Go(func() {
				defer func() { <-slots }()
				free, err := o.resolveTaken(ctx, p.of, p.body)
				if !free && (!isAway(err) || !hasTime(ctx)) {
					p.finish(err)
				}
			})
		case errors.Is(err, context.DeadlineExceeded) && hasTime(ctx): // as in store
		case errors.Is(err, nats.ErrNoResponders) && (hasTime(ctx) || ctx.Err() == nil && try < leaderTries): // no leader
		default:
			p.finish(o.relay.engine.storeError(err))
		}
	}
	all.Wait()
}

// publishBatch publishes entries as a batch, which is stored if none of their IDs is taken.
func (o *Outbox) publishBatch(ctx context.Context, entries []*pendingEntry) error {
	id := nuid.Next()
	last := len(entries) - 1
	for i, p := range entries {
		msg := o.entryMessage(p.of, p.body, p.entry.After)
		msg.Header.Set(batchIDHeader, id)
		msg.Header.Set(batchSeqHeader, strconv.Itoa(i+1))
		if i < last {
			if err := o.relay.engine.Conn.PublishMsg(msg); err != nil {
				return err
			}
			continue
		}
		msg.Header.Set(batchCommitHeader, "1")
		return callOnce(ctx, func(ctx context.Context) error {
			answer, err := o.relay.engine.Conn.RequestMsgWithContext(ctx, msg)
			if err != nil {
				return err
			}
			return answerError(answer)
		})
	}
	return nil
}

// publishEach publishes entries one after the other, without waiting for the answers in between, and returns the error of each.
func (o *Outbox) publishEach(ctx context.Context, entries []*pendingEntry) []error {
	conn := o.relay.engine.Conn
	inbox := conn.NewInbox()
	answers, err := conn.SubscribeSync(inbox + ".*")
	if err != nil {
		return slices.Repeat([]error{err}, len(entries))
	}
	defer func() { _ = answers.Unsubscribe() }()
	errs := make([]error, len(entries))
	waiting := make(map[string]int, len(entries)) // by the last part of the subject of the answer
	for i, p := range entries {
		msg := o.entryMessage(p.of, p.body, p.entry.After)
		msg.Reply = inbox + "." + strconv.Itoa(i)
		if errs[i] = conn.PublishMsg(msg); errs[i] == nil {
			waiting[strconv.Itoa(i)] = i
		}
	}
	for len(waiting) > 0 {
		err := callOnce(ctx, func(ctx context.Context) error {
			answer, err := answers.NextMsgWithContext(ctx)
			if err == nil {
				number := path.Ext(answer.Subject)[1:]
				errs[waiting[number]] = answerError(answer)
				delete(waiting, number)
			}
			return err
		})
		if err != nil {
			for _, i := range waiting {
				errs[i] = err
			}
			break
		}
	}
	return errs
}

// answerError returns the error in the answer to a publish.
func answerError(answer *nats.Msg) error {
	var ack struct {
		Stream string              `json:"stream"`
		Error  *jetstream.APIError `json:"error"`
	}
	switch err := json.Unmarshal(answer.Data, &ack); {
	case err == nil && ack.Error != nil:
		return ack.Error
	case err != nil || ack.Stream == "":
		return jetstream.ErrInvalidJSAck
	}
	return nil
}

// isUnable reports whether the engine rejected a batch for a reason that its entries alone may not have.
func isUnable(err error) bool {
	_, rejected := errors.AsType[*jetstream.APIError](err)
	return rejected && !isConflict(err)
}
