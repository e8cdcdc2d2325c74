package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// settings are the options that all processes of a relay share. They are stored with it: a process with other options must
// not delete what the others keep. The larger value is used, unless WithLowerSettings asks for the smaller one.
type settings struct {
	Retention    time.Duration `json:"retention"`
	Callbacks    time.Duration `json:"callback_retention"`
	Replicas     int           `json:"replicas"`
	SendLease    time.Duration `json:"send_lease,omitzero"`    // 0 before the first Run
	HandlerLease time.Duration `json:"handler_lease,omitzero"` // 0 before the first Run
}

// settingsKey is the key of the settings, in the bucket of the pace.
const settingsKey = "settings"

const (
	defaultRetention = 30 * 24 * time.Hour
	defaultCallbacks = 7 * 24 * time.Hour
)

// WithLowerSettings applies options that are below what is stored with the relay: [WithRetention], [WithCallbackRetention] and
// [WithReplicas], and of its Runs [WithSendLease] and [WithHandlerLease]. Without it, the larger value stays, and a warning is
// logged: a process with a shorter retention would delete callbacks that others keep, and forget IDs that others remember.
// Use it in all processes, or once.
func WithLowerSettings() Option {
	return func(c *config) error {
		c.lower = true
		return nil
	}
}

// with returns the settings with those that are asked for, which are not 0.
func (s settings) with(asked settings, lower bool) settings {
	return settings{
		Retention:    agreed(s.Retention, asked.Retention, lower),
		Callbacks:    agreed(s.Callbacks, asked.Callbacks, lower),
		Replicas:     agreed(s.Replicas, asked.Replicas, lower),
		SendLease:    agreed(s.SendLease, asked.SendLease, lower),
		HandlerLease: agreed(s.HandlerLease, asked.HandlerLease, lower),
	}
}

func agreed[T int | time.Duration](stored, asked T, lower bool) T {
	if asked > stored || lower && asked > 0 {
		return asked
	}
	return stored
}

// orDefaults fills in what is neither stored nor asked for.
func (s settings) orDefaults() settings {
	if s.Retention == 0 {
		s.Retention = defaultRetention
	}
	if s.Callbacks == 0 {
		s.Callbacks = defaultCallbacks
	}
	return s
}

// storedSettings returns the settings of the relay and their revision, which is 0 if none are stored.
func (r *Relay) storedSettings(ctx context.Context) (settings, uint64, error) {
	var stored settings
	entry, err := r.paceBucket.Get(ctx, settingsKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return stored, 0, nil
	}
	if err != nil {
		return stored, 0, err
	}
	if err := json.Unmarshal(entry.Value(), &stored); err != nil {
		return stored, 0, fmt.Errorf("the stored settings cannot be read: %w", err)
	}
	return stored, entry.Revision(), nil
}

// agree adds what is asked for to the stored settings, unless check returns an error for the result. If none are stored,
// before are the settings of a version that stored none.
func (r *Relay) agree(ctx context.Context, before, asked settings, check func(settings) error) (settings, error) {
	for {
		stored, revision, err := r.storedSettings(ctx)
		if err != nil {
			return stored, err
		}
		if revision == 0 {
			stored = before
		}
		result := stored.with(asked, r.config.lower).orDefaults()
		if err := check(result); err != nil {
			return result, err
		}
		if revision == 0 || result != stored {
			err = r.storeSettings(ctx, result, revision)
		}
		if !errors.Is(err, jetstream.ErrKeyExists) && !isConflict(err) {
			r.logSettings(ctx, stored, asked, result)
			return result, err
		}
		if err := sleep(ctx, conflictWait); err != nil {
			return result, err
		}
	}
}

func (r *Relay) storeSettings(ctx context.Context, s settings, revision uint64) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if revision == 0 {
		_, err = r.paceBucket.Create(ctx, settingsKey, body)
		return err
	}
	_, err = r.paceBucket.Update(ctx, settingsKey, body, revision)
	return err
}

// logSettings logs the options that have no effect, and the settings that were changed for all processes.
func (r *Relay) logSettings(ctx context.Context, stored, asked, result settings) {
	names := []string{"WithRetention", "WithCallbackRetention", "WithReplicas", "WithSendLease", "WithHandlerLease"}
	before, wanted, now := stored.values(), asked.values(), result.values()
	for i, option := range names {
		switch {
		case wanted[i] > 0 && wanted[i] < now[i]:
			r.log().LogAttrs(ctx, slog.LevelWarn, "relay: an option is below the stored setting, which is used: WithLowerSettings lowers it",
				slog.String("option", option), slog.String("asked", settingText(option, wanted[i])), slog.String("stored", settingText(option, now[i])))
		case before[i] > 0 && before[i] != now[i]:
			r.log().LogAttrs(ctx, slog.LevelWarn, "relay: a stored setting was changed for all processes",
				slog.String("option", option), slog.String("before", settingText(option, before[i])), slog.String("now", settingText(option, now[i])))
		}
	}
}

func (s settings) values() []int64 {
	return []int64{int64(s.Retention), int64(s.Callbacks), int64(s.Replicas), int64(s.SendLease), int64(s.HandlerLease)}
}

func settingText(option string, value int64) string {
	if option == "WithReplicas" {
		return strconv.FormatInt(value, 10)
	}
	return time.Duration(value).String()
}

// checkRetention returns an error if IDs would be forgotten before the leases of the workers end.
func checkRetention(s settings) error {
	if least := outlives(max(s.SendLease, s.HandlerLease)); s.Retention < least {
		return argumentError(opOpen, "WithRetention", fmt.Sprintf("is %s, below %s, which is two leases of a worker and a margin: until then a "+
			"message of a worker that crashed could be sent twice: set it to that, or use shorter leases in Run (WithSendLease, WithHandlerLease)",
			s.Retention, least))
	}
	return nil
}

// agreeLease returns the lease that all workers use: the longest that one of them asked for. kept is its field of settings.
func (r *Relay) agreeLease(ctx context.Context, operation, option string, asked, standard time.Duration, kept func(*settings) *time.Duration) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	stored, _, err := r.storedSettings(ctx)
	if err != nil {
		return 0, err
	}
	var wanted settings
	if *kept(&wanted) = asked; asked == 0 && *kept(&stored) == 0 {
		*kept(&wanted) = standard
	}
	before := settings{Retention: r.config.retention, Callbacks: r.config.callbacks, Replicas: r.outboxStream.CachedInfo().Config.Replicas}
	result, err := r.agree(ctx, before, wanted, func(s settings) error {
		lease := *kept(&s)
		if s.Retention >= outlives(lease) {
			return nil
		}
		return argumentError(operation, option, fmt.Sprintf("is %s, which does not fit the relay's retention of %s: what protects a message from being "+
			"sent twice must outlive two leases and a margin: set a lease of at most %s, or open the relay with WithRetention(%s) or more",
			lease, s.Retention, (s.Retention-leaseMargin)/2, outlives(lease)))
	})
	return *kept(&result), err
}
