package conversationtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// checkReplies answers a call with replies made from the contract, and looks for every part of them in what the SDK
// gives back.
func checkReplies(t *testing.T, s spoken, id string, row contractRow) {
	t.Helper()
	schema := s.replySchema(id)
	if schema == nil {
		assert.Nil(t, row.reply, "the contract has no reply for this operation")
		checkEmptyReplies(t, s, row)
		return
	}
	require.NotNil(t, row.reply, "the contract has a reply for this operation")
	for kind := range mostKinds {
		checkReply(t, s, id, row, &sample{t: t, kind: kind, readAs: readAs(s)})
	}
	checkReply(t, s, id, row, &sample{t: t, unknownEnums: true, readAs: readAs(s)})
	assert.IsType(t, row.reply, callWith(t, s, row, http.StatusOK, "{}"), "a reply in which everything is left out")
}

// checkReply looks for every part of a made reply in what the SDK gives back.
func checkReply(t *testing.T, s spoken, id string, row contractRow, maker *sample) {
	t.Helper()
	schema := s.replySchema(id)
	made := maker.of("", schema)
	text, err := json.Marshal(made)
	require.NoError(t, err)
	if s.dialect == conversation.DialectOpenAPI && !s.lacks(id) && !maker.unknownEnums {
		require.NoError(t, schema.VisitJSON(made), "the made reply is not what the contract says")
	}

	reply := callWith(t, s, row, http.StatusOK, string(text))
	require.IsType(t, row.reply, reply)
	assert.Equal(t, leavesOf(t, text), leavesOf(t, encoded(t, reply)))
}

// checkEmptyReplies wants a call without a reply to succeed, however the server says nothing.
func checkEmptyReplies(t *testing.T, s spoken, row contractRow) {
	t.Helper()
	for _, empty := range []struct {
		status int
		body   string
	}{{http.StatusOK, ""}, {http.StatusOK, "{}"}, {http.StatusNoContent, ""}} {
		assert.Nil(t, callWith(t, s, row, empty.status, empty.body))
	}
}

// callWith makes a row's minimal call, which the server answers as given, and gives the reply.
func callWith(t *testing.T, s spoken, row contractRow, status int, body string) any {
	t.Helper()
	client, _ := tappedClient(t, s.dialect, status, body)
	reply, err := row.call(t.Context(), client, row.minimalRequest(s.dialect))
	require.NoError(t, err)
	return reply
}

// readAs has what the SDK knows to be in objects of which openapi.yaml says only that they are objects.
func readAs(s spoken) map[string]*openapi3.Schema {
	if s.dialect != conversation.DialectOpenAPI {
		return nil
	}
	contactMessage := s.names.doc.Components.Schemas["ContactMessage"].Value
	return map[string]*openapi3.Schema{
		"recipient":                   s.names.doc.Components.Schemas["Recipient"].Value,
		"contact_message":             contactMessage,
		"messages[0].contact_message": contactMessage,
		"messages[1].contact_message": contactMessage,
	}
}

// encoded writes a reply as JSON, a page as the list that it came as.
func encoded(t *testing.T, reply any) []byte {
	t.Helper()
	switch page := reply.(type) {
	case *conversation.Page[conversation.ConversationMessage]:
		reply = conversation.MessageList{Messages: page.Items, NextPageToken: page.NextPageToken}
	case *conversation.Page[conversation.Contact]:
		reply = conversation.ContactList{Contacts: page.Items, NextPageToken: page.NextPageToken}
	case *conversation.Page[conversation.Conversation]:
		reply = conversation.ConversationList{Conversations: page.Items, NextPageToken: page.NextPageToken, TotalSize: page.TotalSize}
	case *conversation.Page[conversation.ConversationRecentMessage]:
		reply = conversation.ListRecentConversationsResponse{Conversations: page.Items, NextPageToken: page.NextPageToken, TotalSize: page.TotalSize}
	case *conversation.Page[conversation.IdentityConflict]:
		reply = conversation.ListIdentityConflictsResponse{Conflicts: page.Items, NextPageToken: page.NextPageToken}
	case *conversation.Page[conversation.ConversationEvent]:
		reply = conversation.ListEventsResponse{Events: page.Items, NextPageToken: page.NextPageToken}
	case *conversation.Page[conversation.ConsentIdentity]:
		reply = conversation.ListConsentIdentitiesResponse{Identities: page.Items, NextPageToken: page.NextPageToken}
	}
	text, err := json.Marshal(reply)
	require.NoError(t, err)
	return text
}

// leavesOf gives every leaf of a JSON text by its path, but for the unknown fields. Times are given in UTC, so that two
// forms of an instant are equal.
func leavesOf(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal(text, &value))
	leaves := make(map[string]any)
	var walk func(at string, value any)
	walk = func(at string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for name, member := range value {
				if name != unknownField {
					walk(below(at, name), member)
				}
			}
		case []any:
			for i, item := range value {
				walk(fmt.Sprintf("%s[%d]", at, i), item)
			}
		case string:
			leaves[at] = value
			if moment, err := time.Parse(time.RFC3339, value); err == nil {
				leaves[at] = moment.UTC()
			}
		default:
			leaves[at] = value
		}
	}
	walk("", value)
	return leaves
}
