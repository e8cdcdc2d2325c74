package relay

import "context"

// Forget removes what a janitor removes when all retentions have passed, for tests.
func (r *Relay) Forget(ctx context.Context) error {
	inbox, err := r.inboxStream.Info(ctx)
	if err != nil {
		return err
	}
	j := &janitor{relay: r, done: make(map[string]uint64)}
	return j.removeKeys(ctx, ageMark{Seq: ^uint64(0), Inbox: inbox.State.LastSeq})
}
