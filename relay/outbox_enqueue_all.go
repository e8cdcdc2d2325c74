package relay

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/sinchgo/conversation"
)

const (
	// groupEntries and groupBytes limit what [Outbox.EnqueueAll] reads before it stores it.
	groupEntries = 1000 // of which the engine accepts no more in a batch
	groupBytes   = 4 << 20
	// groupTime limits how long an entry of a slow sequence waits for those after it.
	groupTime = 200 * time.Millisecond
)

// EnqueueAll adds the messages of a sequence to the outbox, each as by [Outbox.Enqueue], and yields the result of each, in their
// order. The message of an entry is stored when its error is nil. A message that cannot be stored does not keep the others from it: its
// error is that of Enqueue, such as a [conversation.ArgumentError] or [ErrIDTaken].
//
// EnqueueAll is many times faster than Enqueue on an engine that syncs to its disk, because it stores up to 1,000 messages, or 4 MiB,
// together. It reads so many before it yields their results, fewer if that takes long, and holds no more in memory. So a sequence must not
// wait for a result, and messages that come one by one are for Enqueue. A message may be changed when the sequence goes on.
//
// The sequence is read in the calling goroutine. Breaking out of the loop ends it. Messages that were read and whose results were not
// yielded may or may not have been stored. When the context ends, those that were read get its error, at least one unless the
// sequence has ended, and no more are read. To resume after either, enqueue the messages without a result again with the same IDs,
// or simply all of them.
func (o *Outbox) EnqueueAll(
	ctx context.Context, messages iter.Seq2[*conversation.SendMessageRequest, Entry],
) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if messages == nil {
			yield(Entry{}, argumentError(opAll, "messages", "is nil: pass a sequence"))
			return
		}
		group := &entryGroup{outbox: o}
		for req, e := range messages {
			group.add(req, e)
			if (group.full() || ctx.Err() != nil) && !group.deliver(ctx, yield) {
				return
			}
		}
		group.deliver(ctx, yield)
	}
}

// entryGroup holds the entries that were read and not stored yet.
type entryGroup struct {
	outbox  *Outbox
	entries []*pendingEntry
	bytes   int
	began   time.Time
}

// pendingEntry is an entry of a group, and its result once it is known.
type pendingEntry struct {
	entry Entry
	of    ref
	body  []byte
	known bool
	err   error
}

func (p *pendingEntry) finish(err error) { p.known, p.err = true, err }

// finishAll sets the result of the entries whose result is not known.
func finishAll(entries []*pendingEntry, err error) {
	for _, p := range entries {
		if !p.known {
			p.finish(err)
		}
	}
}

func (g *entryGroup) add(req *conversation.SendMessageRequest, e Entry) {
	if len(g.entries) == 0 {
		g.began = time.Now()
	}
	p := &pendingEntry{entry: e}
	var err error
	if p.of, p.body, err = g.outbox.encodeEntry(req, e); err == nil {
		err = g.outbox.checkSize(p.body)
	}
	if err != nil {
		p.body = nil
		p.finish(err)
	}
	g.entries, g.bytes = append(g.entries, p), g.bytes+len(p.body)
}

func (g *entryGroup) full() bool {
	return len(g.entries) >= groupEntries || g.bytes >= groupBytes || time.Since(g.began) >= groupTime
}

// deliver stores the entries and yields their results. It reports whether to read on.
func (g *entryGroup) deliver(ctx context.Context, yield func(Entry, error) bool) bool {
	goOn := true
	for left := g.entries; len(left) > 0; {
		n := g.outbox.storeFirst(ctx, left)
		for _, p := range left[:n] {
			if !yield(p.entry, inEnqueueAll(p.err)) {
				return false
			}
			goOn = goOn && !isEnd(ctx, p.err)
		}
		left = left[n:]
	}
	g.entries, g.bytes = nil, 0
	return goOn
}

// storeFirst stores the first entries, as many as there is room for, and returns how many. It waits until there is room for one.
func (o *Outbox) storeFirst(ctx context.Context, entries []*pendingEntry) int {
	var room []*pendingEntry
	for i, p := range entries {
		if p.known {
			continue
		}
		if len(room) > 0 && !o.hasRoom(ctx, p.of.app) {
			o.storeTogether(ctx, room)
			return i
		}
		if len(room) == 0 {
			if err := o.waitForRoom(ctx, p.of.app); err != nil {
				finishAll(entries[i:], err)
				break
			}
		}
		room = append(room, p)
	}
	o.storeTogether(ctx, room)
	return len(entries)
}

// hasRoom reports whether there is room for an entry of an app without waiting, and reserves it.
func (o *Outbox) hasRoom(ctx context.Context, app string) bool {
	most := o.relay.config.maxDepth
	if most == 0 {
		return true
	}
	n, err := o.reserveRoom(ctx, app, most)
	return err == nil && n < most
}

// isEnd reports whether an error is that of a context that has ended.
func isEnd(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}

// inEnqueueAll returns an error of an entry as EnqueueAll yields it.
func inEnqueueAll(err error) error {
	if argument, ok := errors.AsType[*conversation.ArgumentError](err); ok {
		return argumentError(opAll, argument.Field, argument.Reason)
	}
	return inMethod("Outbox.EnqueueAll", err)
}
