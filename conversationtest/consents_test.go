package conversationtest_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestWhoOptsOutIsOnTheListUntilOptingIn(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx, from := t.Context(), conversationtest.From(conversation.ChannelSMS, "+1")
		on := func(list conversation.ConsentsListType) []string {
			t.Helper()
			return collect(t, client.Consents.AllIdentities(ctx, srv.AppID(), list, nil), func(c *conversation.ConsentIdentity) string { return c.Identity })
		}
		srv.OptIn(from)
		assert.Empty(t, on(conversation.ConsentsOptOutAll), "an identity that never opted out")

		srv.OptOut(from)
		srv.OptOut(from)
		assert.Equal(t, []string{"+1"}, on(conversation.ConsentsOptOutAll))
		assert.Empty(t, on(conversation.ConsentsOptOutMarketing))
		time.Sleep(time.Hour)
		srv.OptIn(from)
		assert.Empty(t, on(conversation.ConsentsOptOutAll))

		records, err := client.Consents.AuditRecords(ctx, srv.AppID(), "+1")
		require.NoError(t, err)
		record := conversation.AuditRecord{
			AppID: srv.AppID(), ProjectID: srv.ProjectID(), ListType: conversation.ConsentsOptOutAll, Origin: conversation.ConsentOriginMO,
			Operation: conversation.ConsentOperationInsert, DateTime: ago(time.Hour),
		}
		back := record
		back.Operation, back.DateTime = conversation.ConsentOperationDelete, ago(0)
		assert.Equal(t, &conversation.AuditRecordList{
			Identity: &conversation.ConsentIdentity{Identity: "+1"}, AuditRecords: []conversation.AuditRecord{record, back},
		}, records)
	})
}

func TestConsentsHavePagesAndBelongToAnApp(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		var want []string
		for i := range 12 {
			want = append([]string{strconv.Itoa(i)}, want...)
			srv.OptOut(conversationtest.From(conversation.ChannelSMS, strconv.Itoa(i)))
			time.Sleep(time.Second)
		}
		page, err := client.Consents.Identities(ctx, srv.AppID(), conversation.ConsentsOptOutAll, nil)
		require.NoError(t, err)
		assert.Len(t, page.Items, 10)
		assert.Equal(t, want, collect(t, client.Consents.AllIdentities(ctx, srv.AppID(), conversation.ConsentsOptOutAll, nil),
			func(c *conversation.ConsentIdentity) string { return c.Identity }), "newest first")

		other, err := client.Apps.Create(ctx, &conversation.CreateAppRequest{DisplayName: "Other", ChannelCredentials: fullCredentials[:1]})
		require.NoError(t, err)
		page, err = client.Consents.Identities(ctx, other.ID, conversation.ConsentsOptOutAll, nil)
		require.NoError(t, err)
		assert.Empty(t, page.Items)
		records, err := client.Consents.AuditRecords(ctx, other.ID, "15551230001")
		require.NoError(t, err)
		assert.Empty(t, records.AuditRecords)
	})
}

func TestConsentsOfAnUnknownAppOrListAreRejected(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		_, err := client.Consents.Identities(t.Context(), "NONE", conversation.ConsentsOptOutAll, nil)
		require.ErrorIs(t, err, conversation.ErrNotFound)
		_, err = client.Consents.AuditRecords(t.Context(), "NONE", "1")
		require.ErrorIs(t, err, conversation.ErrNotFound)
		_, err = client.Consents.Identities(t.Context(), srv.AppID(), "OPT_OUT_SOME", nil)
		require.ErrorIs(t, err, conversation.ErrBadRequest)
		assert.ErrorContains(t, err, "list_type")
	})
}
