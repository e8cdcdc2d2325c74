package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// WithExisting takes the streams and buckets as they are, with the retention that they were made with, and makes none: for
// tools that look at the relay of another program. Without it, [Open] brings them in line with its options.
func WithExisting() Option {
	return func(c *config) error {
		c.existing = true
		return nil
	}
}

// openExisting takes the streams and buckets that are there.
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
