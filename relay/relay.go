package relay

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation/relay/internal/option"
)

// Relay is an outbox and an inbox on one engine. Create it with [Open]. It is safe for concurrent use, and any number of
// processes may open one on the same engine.
type Relay struct {
	config config
	engine *Engine
	js     jetstream.JetStream
	names  names

	outboxStream jetstream.Stream
	inboxStream  jetstream.Stream
	deadStream   jetstream.Stream
	paceBucket   jetstream.KeyValue
	seenBucket   jetstream.KeyValue

	outbox *Outbox
	inbox  *Inbox
}

// Open connects to the engine, creates the streams and buckets that do not exist, and updates the others to its options.
// It returns an error if the engine cannot be reached, is older than NATS 2.12 or has no JetStream, and a
// [conversation.ArgumentError] for each invalid argument.
func Open(ctx context.Context, source Source, opts ...Option) (*Relay, error) {
	if source == nil {
		return nil, argumentError(opOpen, "source", "is nil: pass relay.Conn(nc) or embedded.Dir(path)")
	}
	chosen, err := option.Apply(opOpen, defaultConfig(), opts)
	if err != nil {
		return nil, err
	}
	engine, err := source.Connect(ctx)
	if err != nil {
		return nil, err
	}
	r, err := open(ctx, engine, chosen)
	if err != nil {
		engine.close()
		return nil, err
	}
	return r, nil
}

func open(ctx context.Context, engine *Engine, chosen config) (*Relay, error) {
	if err := engine.check(); err != nil {
		return nil, err
	}
	js, err := jetstream.New(engine.Conn)
	if err != nil {
		return nil, fmt.Errorf("relay: Open: %w", err)
	}
	r := &Relay{config: chosen, engine: engine, js: js, names: namesOf(chosen.prefix)}
	r.outbox = &Outbox{relay: r, depths: make(map[string]depth)}
	r.inbox = &Inbox{relay: r}
	return r, r.prepareInTime(ctx)
}

// Outbox returns the queue of messages to send.
func (r *Relay) Outbox() *Outbox { return r.outbox }

// Inbox returns the queue of callbacks.
func (r *Relay) Inbox() *Inbox { return r.inbox }

// Close stops an embedded engine. Everything that uses the relay must have returned before. A connection that was passed
// to [Conn] stays open.
func (r *Relay) Close() { r.engine.close() }

func (r *Relay) log() *slog.Logger { return r.config.logger }
