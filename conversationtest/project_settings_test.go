package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func unified(enabled bool) *conversation.ProjectSettingsRequest {
	return &conversation.ProjectSettingsRequest{ContactSettings: &conversation.ContactSettings{UnifiedContactIDEnabled: enabled}}
}

func TestAProjectHasSettingsOnceTheyAreCreated(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx, settings := t.Context(), client.ProjectSettings
		missing := func() {
			t.Helper()
			_, err := settings.Get(ctx)
			require.ErrorIs(t, err, conversation.ErrNotFound)
			_, err = settings.Update(ctx, unified(true))
			require.ErrorIs(t, err, conversation.ErrNotFound)
			require.ErrorIs(t, settings.Delete(ctx), conversation.ErrNotFound)
		}
		missing()

		created, err := settings.Create(ctx, unified(true))
		require.NoError(t, err)
		assert.Equal(t, &conversation.ProjectSettings{ProjectID: srv.ProjectID(), Settings: &conversation.ProjectSettingsContent{
			ContactSettings: &conversation.ContactSettings{UnifiedContactIDEnabled: true},
		}}, created)
		_, err = settings.Create(ctx, unified(true))
		require.ErrorIs(t, err, conversation.ErrBadRequest)

		changed, err := settings.Update(ctx, unified(false))
		require.NoError(t, err)
		assert.False(t, changed.Settings.ContactSettings.UnifiedContactIDEnabled)
		read, err := settings.Get(ctx)
		require.NoError(t, err)
		assert.Equal(t, changed, read)

		require.NoError(t, settings.Delete(ctx))
		missing()
	})
}

func TestContactsInConflictCannotBeUnified(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		_, err := client.ProjectSettings.Create(t.Context(), unified(false))
		require.NoError(t, err)
		first, second := known(t, client, conversation.ChannelSMS, "15551230001"), known(t, client, conversation.ChannelRCS, "15551230001")

		_, err = client.ProjectSettings.Update(t.Context(), unified(true))
		require.ErrorIs(t, err, conversation.ErrBadRequest)
		require.ErrorContains(t, err, "unified_contact_id_enabled")
		_, err = client.Contacts.Merge(t.Context(), &conversation.MergeContactsRequest{DestinationID: first, SourceID: second})
		require.NoError(t, err)
		_, err = client.ProjectSettings.Update(t.Context(), unified(true))
		assert.NoError(t, err)
	})
}
