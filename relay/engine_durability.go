package relay

import (
	"context"
	"fmt"
	"log/slog"
)

// Durability is how one server of an engine treats what it has acknowledged.
type Durability int

// The durabilities of a server.
const (
	// DurabilityUnknown means that the caller must state it: [WithSyncedServer] or [WithWeakDurability].
	DurabilityUnknown Durability = iota
	// DurabilitySynced means that what the server has acknowledged is on its disk.
	DurabilitySynced
	// DurabilityWeak means that a power cut loses what the server has acknowledged since its last complete sync.
	DurabilityWeak
)

// WithSyncedServer states that each server of [Conn] syncs to its disk before it acknowledges: its configuration has
// sync_interval: always in the block jetstream. The default of NATS is to sync every 2 minutes. A client cannot check it, so a
// wrong statement costs messages: after a power cut, entries of the outbox are lost or sent twice, and callbacks are lost.
func WithSyncedServer() Option {
	return func(c *config) error {
		c.synced = true
		return nil
	}
}

// WithWeakDurability accepts an engine on which a power cut loses what was acknowledged: entries of the outbox are lost or
// sent twice, and callbacks that were answered with 200 are lost. Without it, [Open] rejects an embedded engine with
// embedded.WithSyncEvery, and a single server ([Conn] with one replica) without [WithSyncedServer]. Each Open on such an engine
// logs a warning. On a durable engine the option has no effect.
func WithWeakDurability() Option {
	return func(c *config) error {
		c.weak = true
		return nil
	}
}

// checkDurability returns an error if a power cut of one server would lose what was acknowledged, unless the caller accepts
// that. With replicas, a write is acknowledged once a majority has it: two of two, two of three.
func (r *Relay) checkDurability(ctx context.Context, replicas int) error {
	durability := r.engine.Durability
	if durability == DurabilityUnknown && r.config.synced {
		durability = DurabilitySynced
	}
	switch {
	case durability == DurabilitySynced:
		return nil
	case replicas > 1:
		r.log().LogAttrs(ctx, slog.LevelInfo, "relay: what is acknowledged is on several servers, but may not be synced to their disks: "+
			"a power cut of all of them loses it (WithSyncedServer states that they sync)", slog.Int("replicas", replicas))
		return nil
	case r.config.weak:
		r.log().LogAttrs(ctx, slog.LevelWarn, "relay: durability is weak: a power cut loses or doubles messages, and loses callbacks",
			slog.String("reason", r.weakness()))
		return nil
	case durability == DurabilityWeak:
		return argumentError(opOpen, "WithWeakDurability", fmt.Sprintf("is required, because %s: a power cut would lose what was acknowledged: "+
			"pass it to accept that, or leave embedded.WithSyncEvery out", r.weakness()))
	}
	return argumentError(opOpen, "WithSyncedServer", fmt.Sprintf("or WithWeakDurability is required, because %s: pass WithSyncedServer if it runs "+
		"with sync_interval: always, or WithWeakDurability to accept that a power cut loses what was acknowledged, and sends messages twice",
		r.weakness()))
}

func (r *Relay) weakness() string {
	if r.engine.Durability == DurabilityWeak {
		return "the engine does not sync before each answer"
	}
	return "a single server keeps the messages, and how it syncs cannot be seen"
}
