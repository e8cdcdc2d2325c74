package conversationtest_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// neverSent are fields of the platform's requests that the SDK never sends.
var neverSent = map[string]fields{
	"mergeContacts":      {"strategy": true}, // The only strategy is the default.
	"updateContact":      {"id": true},       // It is in the path.
	"updateConversation": {"id": true, "last_received": true},
}

// alwaysSent has fields that the SDK sends although they are optional, by operation: no source tells the default of the platform.
var alwaysSent = map[string][]string{"listMessagesByChannelIdentity": {"messages_source"}}

// checkRequests sends every request of a row and checks it against the contract.
func checkRequests(t *testing.T, s spoken, id string, row contractRow) {
	t.Helper()
	minimal := sendOne(t, s, id, row, row.minimalRequest(s.dialect))
	checkNothingIsSentUnasked(t, s, id, minimal)

	var full []sentRequest
	for _, request := range row.fullRequests(s.dialect) {
		full = append(full, sendOne(t, s, id, row, request))
	}
	checkEveryFieldIsSent(t, s, id, full)
	checkEveryParameterIsSent(t, s, id, full)
	checkEveryGoFieldIsFilled(t, row.fullRequests(conversation.DialectPlatform))
}

// sendOne sends a request, checks that it is a valid one of the operation, and returns it as sent.
func sendOne(t *testing.T, s spoken, id string, row contractRow, request any) sentRequest {
	t.Helper()
	client, tap := tappedClient(t, s.dialect, http.StatusOK, anyReply)
	_, err := row.call(t.Context(), client, request)
	require.NoError(t, err)
	sent := tap.only(t)

	found, err := s.contract.check(t.Context(), sent)
	require.NoError(t, err, sent.body)
	require.Equal(t, id, found.id, "the request is one of another operation")
	for name, value := range found.pathParams {
		assert.Equal(t, contractIDs[name], value, "path parameter %s", name)
	}
	if sent.method != http.MethodPatch { // An update may clear.
		assert.NotContains(t, sent.body, `""`, "a field that was not given")
	}
	checkMask(t, s, id, sent)
	checkNothingIsUnknown(t, s, id, sent)
	return sent
}

// checkMask checks that the update mask of DialectPlatform names exactly the fields that are sent, in one parameter, and
// that no other request has a mask.
func checkMask(t *testing.T, s spoken, id string, sent sentRequest) {
	t.Helper()
	mask, isThere := sent.url.Query()["update_mask"]
	if s.dialect == conversation.DialectOpenAPI || !slices.Contains(s.names.queryNames(id), "update_mask") {
		assert.False(t, isThere, "an update mask")
		return
	}
	assert.Equal(t, []string{strings.Join(topFields(t, sent.body), ",")}, mask)
}

// checkNothingIsUnknown checks that the contract has every field and every query parameter that is sent.
func checkNothingIsUnknown(t *testing.T, s spoken, id string, sent sentRequest) {
	t.Helper()
	assert.Subset(t, s.names.queryNames(id), slices.Collect(maps.Keys(sent.url.Query())))
	if sent.body != "" {
		declared, free := schemaFields(s.names.requestSchema(id))
		assert.Empty(t, jsonFields(t, sent.body, declared, free).without(declared), "fields that the contract does not have")
	}
}

// checkNothingIsSentUnasked checks that a minimal request has the required fields and no others, with one kind where the
// platform requires one of several. An update requires nothing, so the smallest one has one field.
func checkNothingIsSentUnasked(t *testing.T, s spoken, id string, minimal sentRequest) {
	t.Helper()
	schema := s.contract.requestSchema(id)
	switch {
	case schema == nil && s.dialect == conversation.DialectPlatform:
		assert.Empty(t, minimal.body)
		assert.Subset(t, slices.Collect(maps.Keys(minimal.url.Query())), s.contract.requiredQueryNames(id))
	case schema == nil:
		assert.Empty(t, minimal.body)
		assert.ElementsMatch(t, s.contract.requiredQueryNames(id), slices.Collect(maps.Keys(minimal.url.Query())))
	case s.dialect == conversation.DialectPlatform:
		// The tests of the dialects show what it has beyond the required fields.
	case minimal.method == http.MethodPatch, minimal.method == http.MethodPut:
		assert.Len(t, topFields(t, minimal.body), 1)
	default:
		required := schema.Required
		required = append(slices.Clone(required), alwaysSent[id]...)
		if kinds := s.platform.requestSchema(id).OneOf; len(kinds) > 0 {
			required = slices.Concat(required, kinds[0].Value.Required)
		}
		assert.ElementsMatch(t, required, topFields(t, minimal.body))
	}
}

// checkEveryFieldIsSent checks that the full requests together have every field of the contract.
func checkEveryFieldIsSent(t *testing.T, s spoken, id string, full []sentRequest) {
	t.Helper()
	schema := s.contract.requestSchema(id)
	if schema == nil {
		return
	}
	declared, free := schemaFields(schema)
	seen := fields{}
	for _, sent := range full {
		maps.Copy(seen, jsonFields(t, sent.body, declared, free))
	}
	if s.dialect == conversation.DialectPlatform {
		maps.Copy(seen, neverSent[id])
	}
	missing := slices.DeleteFunc(declared.without(seen), rejectedChoice.MatchString)
	assert.Empty(t, missing, "fields of the contract that no full request has")
}

// checkEveryParameterIsSent checks that the full requests together have every query parameter of the contract.
func checkEveryParameterIsSent(t *testing.T, s spoken, id string, full []sentRequest) {
	t.Helper()
	seen := fields{}
	for _, sent := range full {
		for name, values := range sent.url.Query() {
			seen[name] = true
			assert.Len(t, values, 1, "%s is duplicated", name)
			assert.NotEmpty(t, values[0], name)
		}
	}
	for _, name := range s.contract.queryNames(id) {
		assert.True(t, seen[name], "no full request has the query parameter %s", name)
	}
}

// checkEveryGoFieldIsFilled checks that the full requests together fill every field of their Go type.
func checkEveryGoFieldIsFilled(t *testing.T, full []any) {
	t.Helper()
	if full[0] == nil {
		return
	}
	declared, free := goFields(reflect.TypeOf(full[0]))
	filled := fields{}
	for _, request := range full {
		text, err := json.Marshal(request)
		require.NoError(t, err)
		maps.Copy(filled, jsonFields(t, string(text), declared, free))
	}
	missing := slices.DeleteFunc(declared.without(filled), rejectedChoice.MatchString)
	assert.Empty(t, missing, "fields of %T that no full request fills", full[0])
}

// rejectedChoice matches the fields of a choice that the SDK rejects: those of a menu item in a button, those of a button in a
// menu item, and the display mode of a button below a carousel.
var rejectedChoice = regexp.MustCompile(`\.choices\[\]\.(choice|product)\b|carousel_message\.choices\[\]\.display_mode|\.items\[\]\.display_mode|\.items\[\]\.(calendar|call|location|share_location|url)_message\b`)
