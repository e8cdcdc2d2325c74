package pgconversation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
)

// TestAnEntryThatIsNotValidIsRejected inserts them all in one transaction, which can go on after each.
func TestAnEntryThatIsNotValidIsRejected(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	now := time.Now()
	with := func(change func(*conversation.SendMessageRequest)) *conversation.SendMessageRequest {
		req := hello()
		change(req)
		return req
	}
	tests := []struct {
		name  string
		req   *conversation.SendMessageRequest // nil for hello
		entry pgconversation.Entry             // without an ID for "a"
		field string
		want  string
	}{
		{name: "long ID", entry: pgconversation.Entry{ID: strings.Repeat("x", 129)}, field: "Entry.ID", want: "has 129 bytes"},
		{name: "ID not UTF-8", entry: pgconversation.Entry{ID: "\xff"}, field: "Entry.ID", want: "is not UTF-8"},
		{name: "ID with NUL", entry: pgconversation.Entry{ID: "a\x00"}, field: "Entry.ID", want: "has control characters"},
		{name: "ID with a blank", entry: pgconversation.Entry{ID: "a "}, field: "Entry.ID", want: "has white space around it"},
		{name: "no app", req: with(func(r *conversation.SendMessageRequest) { r.AppID = "" }), field: "Entry.App", want: "is empty"},
		{name: "another app", entry: pgconversation.Entry{App: "B"}, field: "Entry.App", want: "differs from AppID"},
		{name: "long app", req: with(func(r *conversation.SendMessageRequest) { r.AppID = "" }), entry: pgconversation.Entry{App: strings.Repeat("x", 256)}, field: "Entry.App", want: "has 256 bytes"},
		{name: "long app of the request", req: with(func(r *conversation.SendMessageRequest) { r.AppID = strings.Repeat("x", 256) }), field: "AppID", want: "has 256 bytes"},
		{name: "app with NUL", req: with(func(r *conversation.SendMessageRequest) { r.AppID = "\x00" }), field: "AppID", want: "has control characters"},
		{name: "another correlation ID", req: with(func(r *conversation.SendMessageRequest) { r.CorrelationID = "b" }), field: "CorrelationID", want: "is not Entry.ID"},
		{name: "long group", entry: pgconversation.Entry{Group: strings.Repeat("x", 65)}, field: "Entry.Group", want: "has 65 bytes"},
		{name: "group not UTF-8", entry: pgconversation.Entry{Group: "\xff"}, field: "Entry.Group", want: "is not UTF-8"},
		{name: "priority below", entry: pgconversation.Entry{Priority: -1}, field: "Entry.Priority", want: "is -1: use 0 to 3"},
		{name: "priority above", entry: pgconversation.Entry{Priority: 4}, field: "Entry.Priority", want: "is 4: use 0 to 3"},
		{name: "queue of other letters", entry: pgconversation.Entry{Queue: "Messages"}, field: "Entry.Queue", want: "is not a name of River"},
		{name: "long queue", entry: pgconversation.Entry{Queue: strings.Repeat("x", 65)}, field: "Entry.Queue", want: "is not a name of River"},
		{name: "before in the past", entry: pgconversation.Entry{Before: now.Add(-time.Second)}, field: "Entry.Before", want: "is in the past"},
		{name: "before after", entry: pgconversation.Entry{After: now.Add(2 * time.Hour), Before: now.Add(time.Hour)}, field: "Entry.Before", want: "is not after Entry.After"},
		{name: "before is after", entry: pgconversation.Entry{After: now.Add(time.Hour), Before: now.Add(time.Hour)}, field: "Entry.Before", want: "is not after Entry.After"},
		{name: "before too late", entry: pgconversation.Entry{Before: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}, field: "Entry.Before", want: "is after 9999"},
		{name: "last before", entry: pgconversation.Entry{Before: time.Unix(1<<63-1, 0)}, field: "Entry.Before", want: "is after 9999"},
		{name: "after too late", entry: pgconversation.Entry{After: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}, field: "Entry.After", want: "is not between 1970 and 9999"},
		{name: "last after", entry: pgconversation.Entry{After: time.Unix(1<<63-1, 0)}, field: "Entry.After", want: "is not between 1970 and 9999"},
		{name: "first after", entry: pgconversation.Entry{After: time.Unix(-1<<62, 0)}, field: "Entry.After", want: "is not between 1970 and 9999"},
		{name: "no recipient", req: with(func(r *conversation.SendMessageRequest) { r.Recipient = conversation.Recipient{} }), field: "recipient"},
		{name: "text not UTF-8", req: with(func(r *conversation.SendMessageRequest) { r.Message = conversation.Text("\xff") }), field: "message.text_message.text", want: "is not UTF-8"},
	}
	require.NoError(t, pgx.BeginFunc(t.Context(), s, func(tx pgx.Tx) error {
		reject := func(err error, name, field, want string) {
			wrong, ok := err.(*conversation.ArgumentError) //nolint:errorlint // It is returned as it is.
			require.True(t, ok, "%s: %v", name, err)
			assert.Equal(t, "pgconversation.InsertTx", wrong.Operation, name)
			assert.Equal(t, field, wrong.Field, name)
			assert.Contains(t, wrong.Reason, want, name)
		}
		for _, tt := range tests {
			req, entry := tt.req, tt.entry
			if req == nil {
				req = hello()
			}
			if entry.ID == "" {
				entry.ID = "a"
			}
			reject(pgconversation.InsertTx(t.Context(), s.river, tx, req, entry), tt.name, tt.field, tt.want)
		}
		reject(pgconversation.InsertTx(t.Context(), s.river, tx, hello(), pgconversation.Entry{}), "no ID", "Entry.ID", "is empty")
		reject(pgconversation.InsertTx(t.Context(), s.river, tx, nil, pgconversation.Entry{ID: "a"}), "no request", "req", "is nil")
		reject(pgconversation.InsertTx(t.Context(), nil, tx, hello(), pgconversation.Entry{ID: "a"}), "no client", "riverClient", "is nil")
		reject(pgconversation.InsertTx(t.Context(), s.river, nil, hello(), pgconversation.Entry{ID: "a"}), "no transaction", "tx", "is nil")
		return pgconversation.InsertTx(t.Context(), s.river, tx, hello(), pgconversation.Entry{ID: "b"})
	}))
	assert.Equal(t, []string{"b"}, s.listed(t, pgconversation.ListParams{}))
	assert.Equal(t, 1, s.count(t, `SELECT count(*) FROM river_job`))
}

func TestTheLimitsOfAnEntryAreStored(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	last := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	long := strings.Repeat("é", 64)
	s.insert(t,
		pgconversation.Entry{ID: long, Group: long[:64], Queue: strings.Repeat("x", 64), After: last.Add(-time.Second), Before: last},
		pgconversation.Entry{ID: "b", After: time.Unix(0, 0)},
	)
	status := s.get(t, long)
	assert.Equal(t, long[:64], status.Group)
	assert.True(t, last.Equal(status.Before))
	assert.True(t, last.Add(-time.Second).Equal(s.job(t, long).ScheduledAt))
	assert.True(t, time.Unix(0, 0).Equal(s.job(t, "b").ScheduledAt))
}
