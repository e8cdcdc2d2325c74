package conversationtest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// fields is a set of JSON paths, such as message.card_message.choices[].postback_data.
type fields map[string]bool

// without returns the sorted fields that are not in other.
func (f fields) without(other fields) []string {
	return slices.Sorted(func(yield func(string) bool) {
		for name := range f {
			if !other[name] && !yield(name) {
				return
			}
		}
	})
}

// schemaFields returns every field that a schema declares, including those of all kinds of a union. The fields in free are
// objects that may hold anything. The path of a map's values is that of the map with ".*".
func schemaFields(schema *openapi3.Schema) (declared, free fields) {
	declared, free = fields{}, fields{}
	var walk func(at string, schema *openapi3.Schema)
	walk = func(at string, schema *openapi3.Schema) {
		if schema.Items != nil {
			walk(at+"[]", schema.Items.Value)
		}
		for _, kind := range schema.OneOf {
			walk(at, kind.Value)
		}
		if values := schema.AdditionalProperties.Schema; values != nil {
			declared[at+anyKey] = true
			walk(at+anyKey, values.Value)
		} else if schema.Type.Is("object") && len(schema.Properties) == 0 {
			free[at] = true
		}
		for name, property := range schema.Properties {
			declared[below(at, name)] = true
			walk(below(at, name), property.Value)
		}
	}
	walk("", schema)
	return declared, free
}

// anyKey replaces the keys of a map in paths.
const anyKey = ".*"

// jsonFields returns every field of a JSON value, except those inside free objects. It recognizes maps by declared.
func jsonFields(t *testing.T, text string, declared, free fields) fields {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal([]byte(text), &value))
	found := fields{}
	var walk func(at string, value any)
	walk = func(at string, value any) {
		if free[at] {
			return
		}
		switch value := value.(type) {
		case []any:
			for _, item := range value {
				walk(at+"[]", item)
			}
		case map[string]any:
			for name, member := range value {
				if declared[at+anyKey] {
					name = anyKey[1:]
				}
				found[below(at, name)] = true
				walk(below(at, name), member)
			}
		}
	}
	walk("", value)
	return found
}

// goFields returns every field of a Go type that is encoded as JSON. A field without a JSON name is a kind of a union,
// whose fields are encoded in its place.
func goFields(whole reflect.Type) (declared, free fields) {
	declared, free = fields{}, fields{}
	var walk func(at string, typ reflect.Type)
	walk = func(at string, typ reflect.Type) {
		if typ == reflect.TypeFor[conversation.Time]() {
			return
		}
		switch typ.Kind() {
		case reflect.Pointer:
			walk(at, typ.Elem())
		case reflect.Slice:
			walk(at+"[]", typ.Elem())
		case reflect.Map:
			if typ.Elem().Kind() == reflect.Interface {
				free[at] = true
				return
			}
			declared[at+anyKey] = true
			walk(at+anyKey, typ.Elem())
		case reflect.Struct:
			for field := range typ.Fields() {
				switch name := jsonName(field); name {
				case "-":
				case "":
					walk(at, field.Type)
				default:
					declared[below(at, name)] = true
					walk(below(at, name), field.Type)
				}
			}
		}
	}
	walk("", whole)
	return declared, free
}

// jsonName returns the JSON name of a Go field, or "-".
func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

func below(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// topFields returns the sorted names of the fields of a JSON object.
func topFields(t *testing.T, object string) []string {
	t.Helper()
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(object), &members))
	return slices.Sorted(maps.Keys(members))
}

// leavesOf returns every leaf of a JSON value by its path, without the unknown fields. Times are in UTC, so that two
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

// encoded encodes a reply as JSON, and a page as the list that was received.
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
