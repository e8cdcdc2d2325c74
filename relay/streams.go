package relay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// markerLife is how long the engine keeps the marker of an expired key, for watchers.
const markerLife = time.Minute

// electionTime is how long Open waits for a cluster to elect a leader.
const electionTime = 30 * time.Second

// prepareInTime calls prepare until it succeeds, while a cluster elects a leader.
func (r *Relay) prepareInTime(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, electionTime)
	defer cancel()
	for {
		err := callOnce(ctx, r.prepare)
		if err == nil || r.engine.Conn.ConnectedClusterName() == "" || !isAway(err) || sleep(ctx, engineRetry/4) != nil {
			return err
		}
	}
}

// prepare creates the streams and buckets, or checks them.
func (r *Relay) prepare(ctx context.Context) error {
	if r.config.existing {
		return r.openExisting(ctx)
	}
	replicas := r.engine.replicas(r.config.replicas)
	for _, s := range []struct {
		into   *jetstream.Stream
		config jetstream.StreamConfig
	}{
		{&r.outboxStream, jetstream.StreamConfig{
			Name: r.names.outbox, Subjects: []string{r.names.prefix + ".outbox.>"}, Description: "messages to send, and what became of them",
			MaxMsgsPerSubject: 1, AllowMsgTTL: true, AllowMsgSchedules: true,
		}},
		{&r.inboxStream, jetstream.StreamConfig{
			Name: r.names.inbox, Subjects: []string{r.names.prefix + ".inbox.*"}, Description: "callbacks",
			MaxAge: r.config.callbacks,
		}},
		{&r.deadStream, jetstream.StreamConfig{
			Name: r.names.dead, Subjects: []string{r.names.prefix + ".dead.>"}, Description: "what could not be handled",
			Discard: jetstream.DiscardNew,
		}},
	} {
		s.config.Replicas, s.config.Storage = replicas, jetstream.FileStorage
		created, err := r.js.CreateOrUpdateStream(ctx, s.config)
		if err != nil {
			return openError(s.config.Name, err)
		}
		*s.into = created
	}
	for _, b := range []struct {
		into   *jetstream.KeyValue
		config jetstream.KeyValueConfig
	}{
		{&r.appsBucket, jetstream.KeyValueConfig{Bucket: r.names.apps, Description: "apps with messages to send"}},
		{&r.paceBucket, jetstream.KeyValueConfig{Bucket: r.names.pace, Description: "how fast all processes send together"}},
		{&r.seenBucket, jetstream.KeyValueConfig{
			Bucket: r.names.seen, Description: "callbacks that were handled, or are being handled",
			TTL: r.config.retention, LimitMarkerTTL: markerLife,
		}},
	} {
		b.config.Replicas, b.config.Storage, b.config.History = replicas, jetstream.FileStorage, 1
		created, err := r.js.CreateOrUpdateKeyValue(ctx, b.config)
		if err != nil {
			return openError(b.config.Bucket, err)
		}
		*b.into = created
	}
	return nil
}

func openError(name string, err error) error {
	for _, missing := range []error{jetstream.ErrJetStreamNotEnabled, jetstream.ErrJetStreamNotEnabledForAccount, nats.ErrNoResponders} {
		if errors.Is(err, missing) {
			return fmt.Errorf("relay: Open: the server has no JetStream, or its cluster has no leader: enable JetStream (nats-server -js), also for the account: %w", err)
		}
	}
	return fmt.Errorf("relay: Open: %s cannot be created or updated: %w", name, err)
}
