package relay

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// claimState is the state of a callback.
type claimState string

const (
	claimNone   claimState = ""          // free
	claimed     claimState = "claimed"   // its handler is running; another worker may claim it unless it is renewed
	claimFailed claimState = "failed"    // free, and its handler has failed before
	claimDone   claimState = "committed" // its handler succeeded
	claimDead   claimState = "dead"      // its handler has failed too often
)

// beats is the number of renewals during a lease.
const beats = 3

// errClaimLost is the error of a worker that was too slow or out of reach.
var errClaimLost = errors.New("relay: the claim of the callback expired, and another worker has it")

// errHandled is the error of a worker that was too slow, while another handled the callback.
var errHandled = errors.New("relay: the claim of the callback expired, and another worker has handled it")

// claimValue is the value under the key of a callback.
type claimValue struct {
	State  claimState `json:"state"`
	Worker string     `json:"worker,omitempty"` // unique for each claim
	Tries  int        `json:"tries,omitempty"`  // failures of the handler
	Reason string     `json:"reason,omitempty"` // why it is dead
}

// claim is the right to run the handler of a callback, for as long as it is renewed.
type claim struct {
	inbox    *Inbox
	key      string
	worker   string
	lease    time.Duration
	tries    int
	revision uint64
}

// claim claims a callback for the duration of a lease. It returns nil and the current value if the callback is not free. A
// claim at the revision expired, which is not 0, counts as free.
func (i *Inbox) claim(ctx context.Context, key, worker string, lease time.Duration, expired uint64) (*claim, claimValue, error) {
	c := &claim{inbox: i, key: key, worker: worker, lease: lease}
	for {
		revision, err := i.relay.seenBucket.Create(ctx, key, c.value(claimed, ""))
		if err == nil {
			c.revision = revision
			return c, claimValue{}, nil
		}
		if !isConflict(err) {
			return nil, claimValue{}, err
		}
		found, revision, err := i.claimOf(ctx, key)
		if err != nil {
			return nil, claimValue{}, err
		}
		over := found.State == claimed && revision == expired
		if found.State != claimNone && found.State != claimFailed && !over {
			return nil, found, nil
		}
		if found.State == claimFailed || over {
			c.tries, c.revision = found.Tries, revision
			if err := c.put(ctx, claimed, ""); !isConflict(err) {
				return c, claimValue{}, err
			}
		}
		if sleep(ctx, conflictWait) != nil { // another worker was faster, or a replica lags behind
			return nil, claimValue{}, ctx.Err()
		}
	}
}

// claimOf returns the value under a key, and its revision.
func (i *Inbox) claimOf(ctx context.Context, key string) (claimValue, uint64, error) {
	entry, err := i.relay.seenBucket.Get(ctx, key)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return claimValue{}, 0, nil
	case err != nil:
		return claimValue{}, 0, err
	}
	return claimValueOf(entry), entry.Revision(), nil
}

// claimValueOf decodes an entry. A deleted or expired entry has no value, and is free.
func claimValueOf(entry jetstream.KeyValueEntry) claimValue {
	var found claimValue
	_ = json.Unmarshal(entry.Value(), &found) // only this package writes the value
	return found
}

// awaitClaimEnd waits until the claim of another worker has ended, or was not renewed for a lease by the monotonic clock of this
// process. It then returns the revision of the expired claim. It calls beat every third of a lease.
func (i *Inbox) awaitClaimEnd(ctx context.Context, key string, lease time.Duration, beat func()) (expired uint64, err error) {
	watcher, err := i.relay.seenBucket.Watch(ctx, key)
	if err != nil {
		return 0, err
	}
	defer func() { _ = watcher.Stop() }()
	ticker := time.NewTicker(lease / beats)
	defer ticker.Stop()
	unchanged := time.NewTimer(lease)
	defer unchanged.Stop()
	var revision uint64
	for isClaimed := false; ; {
		select {
		case <-ctx.Done():
			return 0, nil
		case <-unchanged.C:
			return revision, nil
		case <-ticker.C:
			beat()
		case entry := <-watcher.Updates(): // nil after the values that were there
			isClaimed = entry == nil && isClaimed || entry != nil && claimValueOf(entry).State == claimed
			if !isClaimed {
				return 0, nil
			}
			if entry != nil && entry.Revision() != revision {
				revision = entry.Revision()
				unchanged.Reset(lease - i.claims.since(key, revision))
			}
		}
	}
}

// renew extends the claim by a lease.
func (c *claim) renew(ctx context.Context) error { return c.write(ctx, claimed, "") }

// end records the result of the handler. It retries for one lease: until then nobody else has the claim, and would run
// the handler again.
func (c *claim) end(ctx context.Context, state claimState, reason string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.lease)
	defer cancel()
	for {
		err := c.write(ctx, state, reason)
		if err == nil || errors.Is(err, errClaimLost) || errors.Is(err, errHandled) || errors.Is(err, nats.ErrConnectionClosed) {
			return err
		}
		if sleep(ctx, conflictWait) != nil {
			return err
		}
	}
}

// write writes the value unless another worker has the claim.
func (c *claim) write(ctx context.Context, state claimState, reason string) error {
	err := c.put(ctx, state, reason)
	if !isConflict(err) {
		return err
	}
	found, revision, err := c.inbox.claimOf(ctx, c.key)
	switch ours := found.Worker == c.worker; {
	case err != nil:
		return err
	case found.State == claimNone: // it expired, and nobody has claimed it
		c.revision, err = c.inbox.relay.seenBucket.Create(ctx, c.key, c.value(state, reason))
		return err
	case state != claimed && ours && found.State == state: // the acknowledgement of an earlier write was lost
		return nil
	case state != claimed && found.State == claimDone:
		return errHandled
	case ours, found.State == claimFailed:
		c.revision = revision
		return c.put(ctx, state, reason)
	}
	return errClaimLost
}

// put writes the value if it has not changed since the last revision.
func (c *claim) put(ctx context.Context, state claimState, reason string) error {
	opts := []jetstream.PublishOpt{jetstream.WithExpectLastSequencePerSubject(c.revision)}
	ctx, cancel := context.WithTimeout(ctx, c.lease/beats)
	defer cancel()
	message := &nats.Msg{Subject: "$KV." + c.inbox.relay.names.seen + "." + c.key, Data: c.value(state, reason)}
	ack, err := c.inbox.relay.js.PublishMsg(ctx, message, opts...)
	if err != nil {
		return err
	}
	c.revision = ack.Sequence
	return nil
}

func (c *claim) value(state claimState, reason string) []byte {
	//nolint:errchkjson // Strings and a number can always be encoded.
	data, _ := json.Marshal(claimValue{State: state, Worker: c.worker, Tries: c.tries, Reason: reason})
	return data
}
