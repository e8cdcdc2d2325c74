package relay

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// ListParams selects entries for [Outbox.List].
type ListParams struct {
	State      State  // empty for all
	App, Group string // empty for all

	// PageSize is how many entries are read from the engine at a time, 1 to 1,000. 0 means 100.
	PageSize int
	// PageToken continues after an entry: it is the [Status].PageToken of the last one that was used. The other parameters stay the
	// same.
	PageToken string
}

const (
	defaultPage = 100
	maxPage     = 1000
	// tokenPrefix begins a page token. The number of a message follows.
	tokenPrefix = "m"
	tokenBase   = 36
)

// List returns the entries with a state, of an app and of a group, oldest first by the time at which their state was stored. It reads
// one page at a time, as the caller goes on. Its cost depends on the page and on the number of apps and groups, not on the number of
// entries; [StateAccepted] alone reads the records of the entries with other states too.
//
// Each entry is returned once, and again if its state or its delivery changes meanwhile. Entries that are enqueued after List began are
// not returned. It ends after the first error.
func (o *Outbox) List(ctx context.Context, params ListParams) iter.Seq2[*Status, error] {
	return func(yield func(*Status, error) bool) {
		if err := o.list(ctx, params, yield); err != nil {
			yield(nil, inMethod("Outbox.List", err))
		}
	}
}

// check returns the number after which the list begins.
func (p *ListParams) check() (uint64, error) {
	states := []State{
		"", StateQueued, StateAttempting, StateAccepted, StateRejected, StateUnknown, StateDropped, StateCancelled, StateExpired,
	}
	switch {
	case !slices.Contains(states, p.State):
		return 0, argumentError(opList, "State", fmt.Sprintf("is %q: use StateQueued or another constant, or leave it out", p.State))
	case p.PageSize < 0, p.PageSize > maxPage:
		return 0, argumentError(opList, "PageSize", fmt.Sprintf("is %d: use 1 to 1,000, or 0 for 100", p.PageSize))
	case p.PageSize == 0:
		p.PageSize = defaultPage
	}
	if err := checkApp(opList, "App", p.App); err != nil {
		return 0, err
	}
	if err := checkGroup(opList, "Group", p.Group); err != nil || p.PageToken == "" {
		return 0, err
	}
	number, ours := strings.CutPrefix(p.PageToken, tokenPrefix)
	after, err := strconv.ParseUint(number, tokenBase, 64)
	if !ours || err != nil {
		return 0, argumentError(opList, "PageToken", "is not one of List: pass the PageToken of a Status, unchanged")
	}
	return after, nil
}

// pageToken returns the token to continue after a message.
func pageToken(seq uint64) string { return tokenPrefix + strconv.FormatUint(seq, tokenBase) }
