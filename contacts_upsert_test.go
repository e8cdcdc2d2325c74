package conversation_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

const noContacts = `{"contacts":[]}`

// ada is a stored contact, as a page of contacts has it.
const ada = `{"contacts":[{"id":"01A","external_id":"7","display_name":"Ada","language":"EN_US",
	"channel_identities":[{"channel":"SMS","identity":"15551230000"},{"channel":"RCS","identity":"15551230000"}]}]}`

func wantedAda() *conversation.CreateContactRequest {
	return &conversation.CreateContactRequest{
		DisplayName:       "Ada",
		ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "+15551230000"}},
	}
}

func TestUpsertWritesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	type request = conversation.CreateContactRequest
	tests := map[string]struct {
		found  string
		change func(*request)
		action conversation.UpsertAction
		method string // of the write; empty for none
		body   string
	}{
		"a contact that is not there": {
			found: noContacts, action: conversation.UpsertCreated, method: "POST",
			body: `{"external_id":"7","display_name":"Ada","channel_identities":[{"channel":"SMS","identity":"+15551230000"}]}`,
		},
		"only contacts of other ids": {
			found:  `{"contacts":[{"id":"01B","external_id":"8"},{"id":"01C"}]}`,
			action: conversation.UpsertCreated, method: "POST",
			body: `{"external_id":"7","display_name":"Ada","channel_identities":[{"channel":"SMS","identity":"+15551230000"}]}`,
		},
		"a contact that is as wanted": {found: ada, action: conversation.UpsertUnchanged},
		"a field that is left out stays": {
			found: ada, change: func(r *request) { r.DisplayName = "" }, action: conversation.UpsertUnchanged,
		},
		"no identities leave those that are there": {
			found: ada, change: func(r *request) { r.ChannelIdentities = nil }, action: conversation.UpsertUnchanged,
		},
		"another name": {
			found: ada, change: func(r *request) { r.DisplayName = "Ada L." },
			action: conversation.UpsertUpdated, method: "PATCH", body: `{"display_name":"Ada L."}`,
		},
		"several fields": {
			found: ada, change: func(r *request) { r.Email, r.Language, r.Metadata = "ada@example.com", "DE", "vip" },
			action: conversation.UpsertUpdated, method: "PATCH", body: `{"email":"ada@example.com","language":"DE","metadata":"vip"}`,
		},
		"an order of channels": {
			found: ada, change: func(r *request) { r.ChannelPriority = []conversation.Channel{conversation.ChannelRCS} },
			action: conversation.UpsertUpdated, method: "PATCH", body: `{"channel_priority":["RCS"]}`,
		},
		"another number": {
			found: ada, change: func(r *request) { r.ChannelIdentities[0].Identity = "15559990000" },
			action: conversation.UpsertUpdated, method: "PATCH",
			body: `{"channel_identities":[{"channel":"SMS","identity":"15559990000"}]}`,
		},
		"one more channel": {
			found: ada, change: func(r *request) {
				r.ChannelIdentities = append(r.ChannelIdentities, conversation.ChannelIdentity{Channel: conversation.ChannelWhatsApp, Identity: "15551230000"})
			},
			action: conversation.UpsertUpdated, method: "PATCH",
			body: `{"channel_identities":[{"channel":"SMS","identity":"+15551230000"},{"channel":"WHATSAPP","identity":"15551230000"}]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scripted(t, []step{
				{status: 200, body: test.found},
				{status: 200, body: `{"id":"01A","external_id":"7","display_name":"as the API answered"}`},
			})
			wanted := wantedAda()
			if test.change != nil {
				test.change(wanted)
			}
			unchanged := *wanted
			expected := &unchanged

			got, err := client.Contacts.Upsert(t.Context(), "7", wanted)

			require.NoError(t, err)
			assert.Equal(t, test.action, got.Action)
			assert.Equal(t, "01A", got.Contact.ID)
			assert.Equal(t, expected, wanted, "the caller's request stays as it is")
			sent := script.requests()
			assert.Contains(t, sent[0].url, "external_id=7")
			if test.method == "" {
				assert.Len(t, sent, 1)
				return
			}
			require.Len(t, sent, 2)
			assert.Equal(t, test.method, sent[1].method)
			assert.JSONEq(t, test.body, sent[1].body)
		})
	}
}

func TestUpsertCalledAgainAfterALostAnswerFindsWhatItCreated(t *testing.T) {
	t.Parallel()
	client, script := scripted(t, []step{
		{status: 200, body: noContacts},
		{err: errReset},
		{status: 200, body: ada},
	})
	_, err := client.Contacts.Upsert(t.Context(), "7", wantedAda())
	require.ErrorIs(t, err, conversation.ErrMaybeSent)

	got, err := client.Contacts.Upsert(t.Context(), "7", wantedAda())

	require.NoError(t, err)
	assert.Equal(t, conversation.UpsertUnchanged, got.Action)
	assert.Len(t, script.requests(), 3)
}

func TestUpsertWritesNothingWhenItCannotTellWhichContactIsMeant(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		found      string
		externalID string
		req        *conversation.CreateContactRequest
		field      string
		requests   int
	}{
		"no external id":       {noContacts, " ", wantedAda(), "external_id", 0},
		"another in the body":  {noContacts, "7", &conversation.CreateContactRequest{ExternalID: "8"}, "external_id", 0},
		"no request":           {noContacts, "7", nil, "req", 0},
		"two contacts with it": {`{"contacts":[{"id":"01A","external_id":"7"},{"id":"01B","external_id":"7"}]}`, "7", wantedAda(), "external_id", 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scripted(t, []step{{status: 200, body: test.found}})
			_, err := client.Contacts.Upsert(t.Context(), test.externalID, test.req)
			requireRefused(t, err, "Contacts.Upsert", test.field)
			assert.Len(t, script.requests(), test.requests)
		})
	}
}

func TestUpsertReturnsTheErrorOfEachOfItsRequests(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]step{
		"the list":   {{status: 403, body: `{}`}},
		"the create": {{status: 200, body: noContacts}, {status: 403, body: `{}`}},
		"the update": {{status: 200, body: `{"contacts":[{"id":"01A","external_id":"7"}]}`}, {status: 403, body: `{}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := scripted(t, steps)
			got, err := client.Contacts.Upsert(t.Context(), "7", wantedAda())
			assert.Nil(t, got)
			assert.ErrorIs(t, err, conversation.ErrForbidden)
		})
	}
}
