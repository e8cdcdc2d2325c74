package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// checkReplies answers a call with sample replies of the contract, and checks that the SDK returns every part of them.
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
	assert.IsType(t, row.reply, callWith(t, s, row, http.StatusOK, anyReply), "a reply with hardly more than an id")
}

// checkReply checks that the SDK returns every part of a sample reply.
func checkReply(t *testing.T, s spoken, id string, row contractRow, maker *sample) {
	t.Helper()
	schema := s.replySchema(id)
	value := maker.of("", schema)
	text, err := json.Marshal(value)
	require.NoError(t, err)
	if s.dialect == conversation.DialectOpenAPI && !s.lacks(id) && !maker.unknownEnums {
		require.NoError(t, schema.VisitJSON(value), "the sample reply breaks the contract")
	}

	reply := callWith(t, s, row, http.StatusOK, string(text))
	require.IsType(t, row.reply, reply)
	assert.Equal(t, leavesOf(t, text), leavesOf(t, encoded(t, reply)))
}

// checkEmptyReplies checks that a call without a reply succeeds for each form of an empty response.
func checkEmptyReplies(t *testing.T, s spoken, row contractRow) {
	t.Helper()
	for _, empty := range []struct {
		status int
		body   string
	}{{http.StatusOK, ""}, {http.StatusOK, "{}"}, {http.StatusNoContent, ""}} {
		assert.Nil(t, callWith(t, s, row, empty.status, empty.body))
	}
}

// callWith makes a row's minimal call against a server that answers with status and body, and returns the reply.
func callWith(t *testing.T, s spoken, row contractRow, status int, body string) any {
	t.Helper()
	client, _ := tappedClient(t, s.dialect, status, body)
	reply, err := row.call(t.Context(), client, row.minimalRequest(s.dialect))
	require.NoError(t, err)
	return reply
}

// readAs returns the schemas of objects that openapi.yaml leaves open and the SDK decodes.
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
