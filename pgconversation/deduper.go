package pgconversation

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// defaultDeduperLease is how long a function may run before its key counts as that of a process that crashed.
const defaultDeduperLease = 10 * time.Minute

// errNotInFlight is returned by Done for a key that is not in flight.
var errNotInFlight = errors.New("pgconversation: Deduper.Done: the key is not in flight")

// deduper is a [webhook.Deduper] in the table conversation_deduper.
type deduper struct {
	pool  *pgxpool.Pool
	lease time.Duration
}

// DeduperOption configures [NewDeduper].
type DeduperOption func(*deduper) error

// WithDeduperLease sets after which time a callback that is in flight is handled again when Sinch redelivers it, because the process that
// handled it has crashed. No function of the receiver may run longer. Minimum 1 second, default 10 minutes.
func WithDeduperLease(d time.Duration) DeduperOption {
	return func(c *deduper) error {
		if d < time.Second {
			return &conversation.ArgumentError{Operation: opDeduper, Field: "WithDeduperLease", Reason: "is below 1 second: pass how long a function may run"}
		}
		c.lease = d
		return nil
	}
}

// NewDeduper returns a [webhook.Deduper] for receivers in any number of processes that share a database: between them, they handle a callback
// once. A key is kept until a day after its callback is too old to be accepted; [Upkeep] removes it. NewDeduper panics with a
// [conversation.ArgumentError] if an argument is not valid.
func NewDeduper(pool *pgxpool.Pool, opts ...DeduperOption) webhook.Deduper {
	if pool == nil {
		panic(&conversation.ArgumentError{Operation: opDeduper, Field: "pool", Reason: "is nil: pass the pool of the database"})
	}
	d := &deduper{pool: pool, lease: defaultDeduperLease}
	for _, opt := range opts {
		if err := opt(d); err != nil {
			panic(err)
		}
	}
	return d
}

// Begin implements [webhook.Deduper]. The token is that of this call if, and only if, the key was free.
func (d *deduper) Begin(ctx context.Context, key string, until time.Time) (webhook.State, error) {
	token := rand.Int64() //nolint:gosec // Not a secret.
	var committed, begun bool
	err := d.pool.QueryRow(ctx, `
		INSERT INTO conversation_deduper AS known (key, token, keep_until) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET
			keep_until = greatest(known.keep_until, $3),
			token = CASE WHEN known.committed OR known.began > clock_timestamp() - $4::interval THEN known.token ELSE $2 END,
			began = CASE WHEN known.committed OR known.began > clock_timestamp() - $4::interval THEN known.began ELSE clock_timestamp() END
		RETURNING committed, token = $2`, key, token, until, d.lease).Scan(&committed, &begun)
	switch {
	case err != nil:
		return 0, err
	case committed:
		return webhook.StateCommitted, nil
	case begun:
		return webhook.StateNew, nil
	}
	return webhook.StateInFlight, nil
}

// Done implements [webhook.Deduper].
func (d *deduper) Done(ctx context.Context, key string, committed bool) error {
	ctx, cancel := context.WithTimeout(ctx, endTime)
	defer cancel()
	query := `DELETE FROM conversation_deduper WHERE key = $1 AND NOT committed`
	if committed {
		query = `UPDATE conversation_deduper SET committed = true WHERE key = $1 AND NOT committed`
	}
	done, err := d.pool.Exec(ctx, query, key)
	if err == nil && done.RowsAffected() == 0 {
		err = errNotInFlight
	}
	return err
}
