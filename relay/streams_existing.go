package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// WithExisting uses the streams and buckets as they are, including their settings, and creates none. It is for tools that
// inspect the relay of another program, and needs neither [WithSyncedServer] nor [WithWeakDurability]. Without it, [Open]
// updates them to its options.
func WithExisting() Option {
	return func(c *config) error {
		c.existing = true
		return nil
	}
}

// openExisting looks up the streams and buckets.
func (r *Relay) openExisting(ctx context.Context) error {
	for name, into := range map[string]*jetstream.Stream{r.names.outbox: &r.outboxStream, r.names.inbox: &r.inboxStream, r.names.dead: &r.deadStream} {
		found, err := r.js.Stream(ctx, name)
		if err != nil {
			return r.existingError(name, err)
		}
		if err := r.checkOwner(found); err != nil {
			return err
		}
		*into = found
	}
	for name, into := range map[string]*jetstream.KeyValue{r.names.pace: &r.paceBucket, r.names.seen: &r.seenBucket} {
		found, err := r.js.KeyValue(ctx, name)
		if err != nil {
			return r.existingError(name, err)
		}
		*into = found
	}
	before, err := r.layout(ctx)
	if err != nil {
		return err
	}
	shared, revision, err := r.storedSettings(ctx)
	if err != nil {
		return openError(r.names.pace, err)
	}
	if revision == 0 {
		shared = before.orDefaults()
	}
	r.config.retention, r.config.callbacks = shared.Retention, shared.Callbacks
	return nil
}

func (r *Relay) existingError(name string, err error) error {
	if errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrBucketNotFound) {
		return fmt.Errorf("%w: %s does not exist: check WithPrefix, which is %q", ErrNoRelay, name, r.names.prefix)
	}
	return openError(name, err)
}

// layout returns the settings that the streams reveal, for a relay of a version that did not store them. They are 0 for
// streams that do not exist. It returns an error if a stream is of another prefix.
func (r *Relay) layout(ctx context.Context) (settings, error) {
	var found settings
	for _, name := range []string{r.names.outbox, r.names.inbox, r.names.dead} {
		stream, err := r.js.Stream(ctx, name)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			continue
		}
		if err != nil {
			return found, openError(name, err)
		}
		if err := r.checkOwner(stream); err != nil {
			return found, err
		}
		config := stream.CachedInfo().Config
		found.Replicas = max(found.Replicas, config.Replicas)
		if name == r.names.inbox {
			found.Callbacks = min(config.MaxAge, maxRetention)
		}
	}
	seen, err := r.js.KeyValue(ctx, r.names.seen)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		return found, nil
	}
	if err != nil {
		return found, openError(r.names.seen, err)
	}
	status, err := seen.Status(ctx)
	if err != nil {
		return found, openError(r.names.seen, err)
	}
	if ttl := status.TTL(); ttl > 0 {
		found.Retention = min(max(ttl, minRetention), maxRetention) // earlier versions accepted any
	}
	return found, nil
}
