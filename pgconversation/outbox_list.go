package pgconversation

import (
	"context"
	"encoding/base64"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// ListParams selects entries for [List].
type ListParams struct {
	State State  // empty for all
	Group string // empty for all

	// PageSize is how many entries are read at a time, 1 to 1,000. 0 means 100.
	PageSize int
	// PageToken continues after an entry: it is the [Status].PageToken of the last one that was used. The other parameters stay the same.
	PageToken string
}

const (
	defaultPage = 100
	maxPage     = 1000
)

// List returns the entries with a state and of a group, oldest first by [Status.At], and by ID if that is equal. It reads one page at a time, as
// the caller goes on, and each page as it is then. Its cost depends on the page, not on the number of entries. While the caller is in
// the loop, no query is open: db can be used. It ends after the first error.
//
// An entry that stays as it is while List runs is returned once. One that leaves the state meanwhile may be left out. One that comes into
// the state is not returned, so that a loop that retries entries ends; with [StateAccepted] and without a state it is
// returned, a second time if it was before.
func List(ctx context.Context, db DB, params ListParams) iter.Seq2[*Status, error] {
	return func(yield func(*Status, error) bool) {
		if err := list(ctx, db, params, yield); err != nil {
			yield(nil, inCall(opList, err))
		}
	}
}

func list(ctx context.Context, db DB, params ListParams, yield func(*Status, error) bool) error {
	after, err := params.check()
	if err == nil {
		err = checkDB(opList, db)
	}
	if err != nil {
		return err
	}
	states, until := allStates, pgtype.Timestamptz{Valid: true, InfinityModifier: pgtype.Infinity}
	if params.State != "" {
		states = []State{params.State}
	}
	if params.State != "" && params.State != StateAccepted { // whose time changes with the delivery
		if err := db.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&until); err != nil {
			return err
		}
	}
	for {
		page, err := params.page(ctx, db, states, after, until)
		if err != nil {
			return err
		}
		for _, status := range page {
			after = position{pgtype.Timestamptz{Time: status.At, Valid: true}, status.ID}
			status.PageToken = after.token()
			if !yield(status, nil) {
				return nil
			}
		}
		if len(page) < params.PageSize {
			return nil
		}
	}
}

// page reads the entries after a position. It reads each state by the index, because the order is that of the index within a state.
func (p *ListParams) page(ctx context.Context, db DB, states []State, after position, until pgtype.Timestamptz) ([]*Status, error) {
	args := []any{names(states), after.at, after.id, until, p.PageSize}
	ofGroup := ""
	if p.Group != "" {
		args, ofGroup = append(args, p.Group), "grp = $6 AND grp <> '' AND"
	}
	rows, err := db.Query(ctx, `
		SELECT `+statusColumns+` FROM unnest($1::text[]) AS one CROSS JOIN LATERAL (
			SELECT * FROM conversation_outbox
			WHERE `+ofGroup+` state = one COLLATE "C" AND (at, id) > ($2, $3) AND at <= $4
			ORDER BY at, id LIMIT $5) AS of_state
		ORDER BY at, id LIMIT $5`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, toStatus)
}

// names returns states as text, which pgx can encode without asking the server for the type.
func names(states []State) []string {
	texts := make([]string, len(states))
	for i, state := range states {
		texts[i] = string(state)
	}
	return texts
}

// allStates are the states of an entry.
var allStates = []State{
	StateQueued, StateAttempting, StateAccepted, StateRejected, StateUnknown, StateDropped, StateCancelled, StateExpired,
}

// check sets the page size and returns the position after which the list begins.
func (p *ListParams) check() (position, error) {
	switch {
	case p.State != "" && !slices.Contains(allStates, p.State):
		return listStart, argumentError(opList, "State", fmt.Sprintf("is %q: use StateQueued or another constant, or leave it out", p.State))
	case p.PageSize < 0, p.PageSize > maxPage:
		return listStart, argumentError(opList, "PageSize", fmt.Sprintf("is %d: use 1 to 1,000, or 0 for 100", p.PageSize))
	case p.PageSize == 0:
		p.PageSize = defaultPage
	}
	if err := checkGroup(opList, "Group", p.Group); err != nil || p.PageToken == "" {
		return listStart, err
	}
	after, ok := parsePosition(p.PageToken)
	if !ok {
		return listStart, argumentError(opList, "PageToken", "is not one of List: pass the PageToken of a Status, unchanged")
	}
	return after, nil
}

// position is that of an entry in the order of a list.
type position struct {
	at pgtype.Timestamptz
	id string
}

// listStart is the position before the first entry.
var listStart = position{at: pgtype.Timestamptz{Valid: true, InfinityModifier: pgtype.NegativeInfinity}}

// token returns the position as a page token.
func (p position) token() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.at.Time.UnixMicro(), 10) + " " + p.id))
}

func parsePosition(token string) (position, bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	at, id, found := strings.Cut(string(text), " ")
	micros, notNumber := strconv.ParseInt(at, 10, 64)
	if err != nil || !found || notNumber != nil || micros < 0 || micros > lastTime.UnixMicro() || unreadable(id) != "" {
		return position{}, false
	}
	return position{pgtype.Timestamptz{Time: time.UnixMicro(micros), Valid: true}, id}, true
}
