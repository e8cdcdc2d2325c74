package pgconversation_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
)

func TestQuestionsAboutTheOutboxRejectWrongArguments(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.insertAs(t, "a", pgconversation.StateUnknown)
	ctx := t.Context()
	list := func(db pgconversation.DB, params pgconversation.ListParams) (err error) {
		for _, err = range pgconversation.List(ctx, db, params) {
			break
		}
		return err
	}
	_, getNoID := pgconversation.Get(ctx, s, "")
	_, getNoDB := pgconversation.Get(ctx, nil, "a")
	_, countGroup := pgconversation.Count(ctx, s, "\x00")
	_, countNoDB := pgconversation.Count(ctx, nil, "")
	_, overviewNoDB := pgconversation.Overview(ctx, nil)
	for _, tt := range []struct {
		err              error
		operation, field string
	}{
		{getNoID, "Get", "id"},
		{getNoDB, "Get", "db"},
		{countGroup, "Count", "group"},
		{countNoDB, "Count", "db"},
		{overviewNoDB, "Overview", "db"},
		{pgconversation.Settle(ctx, nil, s, "a", pgconversation.SettleDrop), "Settle", "riverClient"},
		{pgconversation.Settle(ctx, s.river, nil, "a", pgconversation.SettleDrop), "Settle", "db"},
		{pgconversation.Settle(ctx, s.river, s, "", pgconversation.SettleDrop), "Settle", "id"},
		{pgconversation.Settle(ctx, s.river, s, "a", "sent"), "Settle", "how"},
		{pgconversation.Retry(ctx, nil, s, "a"), "Retry", "riverClient"},
		{pgconversation.Retry(ctx, s.river, nil, "a"), "Retry", "db"},
		{pgconversation.Retry(ctx, s.river, s, ""), "Retry", "id"},
		{pgconversation.Cancel(ctx, nil, "a"), "Cancel", "db"},
		{pgconversation.Cancel(ctx, s, ""), "Cancel", "id"},
		{list(nil, pgconversation.ListParams{}), "List", "db"},
		{list(s, pgconversation.ListParams{State: "sent"}), "List", "State"},
		{list(s, pgconversation.ListParams{Group: "a "}), "List", "Group"},
		{list(s, pgconversation.ListParams{PageSize: -1}), "List", "PageSize"},
		{list(s, pgconversation.ListParams{PageSize: 1001}), "List", "PageSize"},
		{list(s, pgconversation.ListParams{PageToken: "a"}), "List", "PageToken"},
		{list(s, pgconversation.ListParams{PageToken: "OTk5OTk5OTk5OTk5OTk5OTk5IGE"}), "List", "PageToken"}, // after 9999
		{list(s, pgconversation.ListParams{PageToken: "MSAA"}), "List", "PageToken"},                        // the ID is a NUL
	} {
		wrong, ok := tt.err.(*conversation.ArgumentError) //nolint:errorlint // It is returned as it is.
		require.True(t, ok, "%s %s: %v", tt.operation, tt.field, tt.err)
		assert.Equal(t, "pgconversation."+tt.operation, wrong.Operation)
		assert.Equal(t, tt.field, wrong.Field)
	}
	assert.Equal(t, pgconversation.StateUnknown, s.get(t, "a").State)
}

func TestAnEntryThatDoesNotExist(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	_, err := pgconversation.Get(ctx, s, "a")
	require.EqualError(t, err, "pgconversation: Get: the outbox has no entry with this ID")
	for _, err := range []error{
		err, pgconversation.Settle(ctx, s.river, s, "a", pgconversation.SettleDrop), pgconversation.Retry(ctx, s.river, s, "a"), pgconversation.Cancel(ctx, s, "a"),
	} {
		require.ErrorIs(t, err, pgconversation.ErrNoEntry)
	}
}

func TestChangesArePartOfATransaction(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	s.insertAs(t, "unknown", pgconversation.StateUnknown)
	s.insertAs(t, "rejected", pgconversation.StateRejected)
	s.insertAs(t, "queued", pgconversation.StateQueued)
	tx, err := s.Begin(ctx)
	require.NoError(t, err)
	require.NoError(t, pgconversation.Settle(ctx, s.river, tx, "unknown", pgconversation.SettleResend))
	require.NoError(t, pgconversation.Retry(ctx, s.river, tx, "rejected"))
	require.NoError(t, pgconversation.Cancel(ctx, tx, "queued"))
	require.ErrorIs(t, pgconversation.Cancel(ctx, tx, "missing"), pgconversation.ErrNoEntry)
	for id, state := range map[string]pgconversation.State{"unknown": "queued", "rejected": "queued", "queued": "cancelled"} {
		status, err := pgconversation.Get(ctx, tx, id)
		require.NoError(t, err)
		assert.Equal(t, state, status.State)
	}
	require.NoError(t, tx.Rollback(ctx))
	for _, state := range []pgconversation.State{"unknown", "rejected", "queued"} {
		assert.Equal(t, state, s.get(t, string(state)).State)
		assert.True(t, s.hasMessage(t, string(state)))
	}
	assert.Equal(t, 3, s.count(t, `SELECT count(*) FROM river_job`))
}
