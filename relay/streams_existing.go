package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// WithExisting uses the streams and buckets as they are, including their retention, and creates none. It is for tools
// that inspect the relay of another program. Without it, [Open] updates them to its options.
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
		*into = found
	}
	for name, into := range map[string]*jetstream.KeyValue{r.names.apps: &r.appsBucket, r.names.pace: &r.paceBucket, r.names.seen: &r.seenBucket} {
		found, err := r.js.KeyValue(ctx, name)
		if err != nil {
			return r.existingError(name, err)
		}
		*into = found
	}
	seen, err := r.seenBucket.Status(ctx)
	if err != nil {
		return openError(r.names.seen, err)
	}
	r.config.retention, r.config.callbacks = seen.TTL(), r.inboxStream.CachedInfo().Config.MaxAge
	return nil
}

func (r *Relay) existingError(name string, err error) error {
	if errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrBucketNotFound) {
		return fmt.Errorf("%w: %s does not exist: check WithPrefix, which is %q", ErrNoRelay, name, r.names.prefix)
	}
	return openError(name, err)
}
