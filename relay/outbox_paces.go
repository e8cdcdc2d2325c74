package relay

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// appsKeys are the keys of the paces of the apps, one for each shard, in the bucket of the pace.
const appsKeys = "apps."

// savePaces stores the paces of the apps that have sent something since the last call.
func (w *worker) savePaces(ctx context.Context) {
	offset := w.pace.clock.offset()
	for shard := range shards {
		paces := w.queues.paces(shard)
		if paces == nil {
			continue
		}
		for app, pace := range paces {
			paces[app] = pace.shifted(offset)
		}
		body, err := json.Marshal(appsRecord{paces})
		if err != nil {
			return
		}
		err = callOnce(ctx, func(ctx context.Context) error {
			_, err := w.pace.bucket.Put(ctx, appsKeys+strconv.Itoa(shard), body)
			return err
		})
		if err != nil {
			return // the engine is away: what is stored may be older
		}
	}
}

// loadPaces reads how fast apps of shards may send after 429s, and which of them are paused, as their last owner stored it.
func (w *worker) loadPaces(ctx context.Context, added []int) error {
	if err := w.pace.clock.sync(ctx, false); err != nil {
		return err
	}
	offset := w.pace.clock.offset()
	before, _, err := readPace(ctx, w.pace.bucket)
	if err != nil {
		return err
	}
	for _, shard := range added {
		var rec appsRecord
		entry, err := w.pace.bucket.Get(ctx, appsKeys+strconv.Itoa(shard))
		if err == nil {
			_ = json.Unmarshal(entry.Value(), &rec) // it is written anew
		}
		if err != nil && !errors.Is(err, jetstream.ErrKeyNotFound) {
			return err
		}
		paces := make(map[string]appPace)
		for app, pace := range before.Apps {
			paces[app] = *pace
		}
		maps.Copy(paces, rec.Apps)
		now := time.Now()
		for app, pace := range paces {
			pace = pace.shifted(-offset)
			pace.Next = earlier(pace.Next, now.Add(paceGuard)) // the clock of the engine may have been set
			pace.Until = earlier(pace.Until, now.Add(maxPause))
			paces[app] = pace
		}
		w.queues.load(shard, paces)
	}
	return nil
}

// storedPaces returns the paces of all apps, by the clock of the engine.
func (o *Outbox) storedPaces(ctx context.Context) (map[string]appPace, error) {
	rec, _, err := readPace(ctx, o.relay.paceBucket)
	if err != nil {
		return nil, err
	}
	all := make(map[string]appPace)
	for app, pace := range rec.Apps {
		all[app] = *pace
	}
	watcher, err := o.relay.paceBucket.Watch(ctx, appsKeys+"*", jetstream.IgnoreDeletes())
	if err != nil {
		return nil, err
	}
	defer func() { _ = watcher.Stop() }()
	for {
		select {
		case entry := <-watcher.Updates():
			if entry == nil {
				return all, nil
			}
			var stored appsRecord
			if err := json.Unmarshal(entry.Value(), &stored); err != nil {
				return nil, err
			}
			maps.Copy(all, stored.Apps)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
