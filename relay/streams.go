package relay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
)

// markerLife is how long the engine keeps the marker of an expired key, for watchers.
const markerLife = time.Minute

// electionTime is how long Open waits for a cluster to elect a leader.
const electionTime = 30 * time.Second

// prepareInTime calls prepare until it succeeds, while a cluster elects a leader.
func (r *Relay) prepareInTime(ctx context.Context) error {
	electing, cancel := context.WithTimeout(ctx, electionTime)
	defer cancel()
	for {
		err := callOnce(electing, r.prepare)
		if err == nil && !r.config.existing {
			return r.withoutTTL(ctx)
		}
		if err == nil || r.engine.Conn.ConnectedClusterName() == "" || !isAway(err) || sleep(electing, engineRetry/4) != nil {
			return err
		}
	}
}

// prepare creates the streams and buckets, or checks them.
func (r *Relay) prepare(ctx context.Context) error {
	if r.config.existing {
		return r.openExisting(ctx)
	}
	before, err := r.layout(ctx)
	if err != nil {
		return err
	}
	asked := settings{Retention: r.config.retention, Callbacks: r.config.callbacks, Replicas: r.engine.replicas(r.config.replicas)}
	copies := before.with(asked, r.config.lower).Replicas
	if err := r.checkDurability(ctx, copies); err != nil {
		return err
	}
	if r.outboxStream, err = r.ownStream(ctx, r.outboxConfig(copies)); err != nil { // its name is what another prefix may have
		return err
	}
	if r.paceBucket, err = r.bucket(ctx, r.paceConfig(copies)); err != nil {
		return err
	}
	shared, err := r.agree(ctx, before, asked, checkRetention)
	if err != nil {
		return openError(r.names.pace, err)
	}
	for {
		if err := r.apply(ctx, shared); err != nil {
			return err
		}
		now, _, err := r.storedSettings(ctx)
		if err != nil {
			return openError(r.names.pace, err)
		}
		if now.Retention == shared.Retention && now.Callbacks == shared.Callbacks && now.Replicas == shared.Replicas {
			break
		}
		shared = now // another process changed them, and may have updated the streams before this one did
	}
	r.config.retention, r.config.callbacks = shared.Retention, shared.Callbacks
	return nil
}

// apply creates the streams and buckets, or updates them to the settings.
func (r *Relay) apply(ctx context.Context, shared settings) error {
	for _, s := range []struct {
		into   *jetstream.Stream
		config jetstream.StreamConfig
	}{
		{&r.outboxStream, r.outboxConfig(shared.Replicas)},
		{&r.inboxStream, jetstream.StreamConfig{
			Name: r.names.inbox, Subjects: r.names.subjects(r.names.inbox), Description: "callbacks",
			Replicas: shared.Replicas,
		}},
		{&r.deadStream, jetstream.StreamConfig{
			Name: r.names.dead, Subjects: r.names.subjects(r.names.dead), Description: "what could not be handled",
			Discard: jetstream.DiscardNew, Replicas: shared.Replicas,
		}},
	} {
		if _, err := r.ownStream(ctx, s.config); err != nil {
			return err
		}
		updated, err := r.js.CreateOrUpdateStream(ctx, s.config)
		if err != nil {
			return openError(s.config.Name, err)
		}
		*s.into = updated
	}
	for _, b := range []struct {
		into   *jetstream.KeyValue
		config jetstream.KeyValueConfig
	}{
		{&r.paceBucket, r.paceConfig(shared.Replicas)},
		{&r.seenBucket, jetstream.KeyValueConfig{
			Bucket: r.names.seen, Description: "callbacks that were handled, or are being handled",
			LimitMarkerTTL: markerLife, Replicas: shared.Replicas,
		}},
	} {
		updated, err := r.bucket(ctx, b.config)
		if err != nil {
			return err
		}
		*b.into = updated
	}
	return nil
}

func (r *Relay) outboxConfig(replicas int) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name: r.names.outbox, Subjects: r.names.subjects(r.names.outbox), Description: "messages to send, and their states",
		MaxMsgsPerSubject: 1, AllowMsgTTL: true, AllowMsgSchedules: true, AllowAtomicPublish: true, Replicas: replicas,
	}
}

func (r *Relay) paceConfig(replicas int) jetstream.KeyValueConfig {
	return jetstream.KeyValueConfig{Bucket: r.names.pace, Description: "how fast all processes send together, and their settings", Replicas: replicas}
}

// bucket creates a bucket, or updates it.
func (r *Relay) bucket(ctx context.Context, config jetstream.KeyValueConfig) (jetstream.KeyValue, error) {
	config.Storage, config.History = jetstream.FileStorage, 1
	updated, err := r.js.CreateOrUpdateKeyValue(ctx, config)
	if err != nil {
		return nil, openError(config.Bucket, err)
	}
	return updated, nil
}

// ownStream returns a stream of this prefix, which it creates if it does not exist.
func (r *Relay) ownStream(ctx context.Context, config jetstream.StreamConfig) (jetstream.Stream, error) {
	found, err := r.js.Stream(ctx, config.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		found, err = r.js.CreateStream(ctx, config)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another process was faster
			found, err = r.js.Stream(ctx, config.Name)
		}
	}
	if err != nil {
		return nil, openError(config.Name, err)
	}
	return found, r.checkOwner(found)
}

// checkOwner returns an error if a stream belongs to another prefix or program, and would be taken from it.
func (r *Relay) checkOwner(stream jetstream.Stream) error {
	config := stream.CachedInfo().Config
	if r.names.owns(config.Name, config.Subjects) {
		return nil
	}
	other, _, _ := strings.Cut(strings.Join(config.Subjects, ", "), ".")
	if other != r.names.prefix && strings.EqualFold(other, r.names.prefix) {
		return argumentError(opOpen, "WithPrefix", fmt.Sprintf("is %q, which shares its streams with %q, the prefix of another relay on this engine: "+
			"use %[2]q, or a name that differs in more than the case", r.names.prefix, other))
	}
	return argumentError(opOpen, "WithPrefix", fmt.Sprintf("is %q, but the stream %s has the subjects %q, of another program: use another name",
		r.names.prefix, config.Name, config.Subjects))
}

func openError(name string, err error) error {
	if _, ok := errors.AsType[*conversation.ArgumentError](err); ok {
		return err
	}
	for _, missing := range []error{jetstream.ErrJetStreamNotEnabled, jetstream.ErrJetStreamNotEnabledForAccount, nats.ErrNoResponders} {
		if errors.Is(err, missing) {
			return fmt.Errorf("relay: Open: the server has no JetStream, or its cluster has no leader: enable JetStream (nats-server -js), also for the account: %w", err)
		}
	}
	if answer, ok := errors.AsType[*jetstream.APIError](err); ok && answer.ErrorCode == 10074 { // replicas need a cluster
		return argumentError(opOpen, "WithReplicas", "is above 1, but the engine is a single server: leave it out, or use a cluster")
	}
	return fmt.Errorf("relay: Open: %s cannot be created or updated: %w", name, err)
}
