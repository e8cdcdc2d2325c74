package conversation_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// replyTypes returns a value of each type that a reply is decoded into, by the name of its schema.
var replyTypes = map[string]func() any{
	"App":                             func() any { return new(conversation.App) },
	"AppList":                         func() any { return new(conversation.AppList) },
	"AuditRecordList":                 func() any { return new(conversation.AuditRecordList) },
	"CapabilityQueryResponse":         func() any { return new(conversation.CapabilityQueryResponse) },
	"Contact":                         func() any { return new(conversation.Contact) },
	"ContactList":                     func() any { return new(conversation.ContactList) },
	"Conversation":                    func() any { return new(conversation.Conversation) },
	"ConversationEvent":               func() any { return new(conversation.ConversationEvent) },
	"ConversationList":                func() any { return new(conversation.ConversationList) },
	"ConversationMessage":             func() any { return new(conversation.ConversationMessage) },
	"GetChannelProfileResponse":       func() any { return new(conversation.GetChannelProfileResponse) },
	"InjectEventResponse":             func() any { return new(conversation.InjectEventResponse) },
	"ListConsentIdentitiesResponse":   func() any { return new(conversation.ListConsentIdentitiesResponse) },
	"ListEventsResponse":              func() any { return new(conversation.ListEventsResponse) },
	"ListIdentityConflictsResponse":   func() any { return new(conversation.ListIdentityConflictsResponse) },
	"ListRecentConversationsResponse": func() any { return new(conversation.ListRecentConversationsResponse) },
	"MessageList":                     func() any { return new(conversation.MessageList) },
	"ProjectSettings":                 func() any { return new(conversation.ProjectSettings) },
	"SendEventResponse":               func() any { return new(conversation.SendEventResponse) },
	"SendMessageResponse":             func() any { return new(conversation.SendMessageResponse) },
	"TranscodeResponse":               func() any { return new(conversation.TranscodeResponse) },
	"V2ListTemplatesResponse":         func() any { return new(conversation.V2ListTemplatesResponse) },
	"V2ListTranslationsResponse":      func() any { return new(conversation.V2ListTranslationsResponse) },
	"V2TemplateResponse":              func() any { return new(conversation.V2TemplateResponse) },
	"Webhook":                         func() any { return new(conversation.Webhook) },
	"WebhookList":                     func() any { return new(conversation.WebhookList) },
}

func TestEveryReplyOfTheContractHasAType(t *testing.T) {
	t.Parallel()
	for _, name := range contracts {
		found := map[string]bool{}
		for _, item := range readContract(t, name).Paths {
			for _, operation := range item {
				if schema := operation.Responses["200"].Content["application/json"].Schema; schema != nil {
					found[strings.TrimPrefix(schema.Ref, "#/components/schemas/")] = true
				}
			}
		}
		assert.ElementsMatch(t, slices.Collect(maps.Keys(found)), slices.Collect(maps.Keys(replyTypes)), name)
	}
}

// contracts are the documents that replies are built from.
var contracts = []string{"conversationtest/internal/contract/effective.yaml", "conversationtest/internal/contract/effective-platform.yaml"}

// samples builds values from schemas: every property is set, and no two leaves of a kind are equal.
type samples struct {
	*contract
	tb testing.TB

	made int
}

func (s *samples) of(schema *contractSchema) any {
	schema = s.resolve(schema)
	s.made++
	switch {
	case len(schema.Enum) > 0:
		return schema.Enum[s.made%len(schema.Enum)]
	case schema.Type == "string" && schema.Format == "date-time":
		return time.Date(2026, 3, 1, 12, 0, s.made, s.made*1000, time.UTC).Format(time.RFC3339Nano)
	case schema.Type == "string":
		return fmt.Sprintf("text %d ü", s.made)
	case schema.Type == "integer":
		return s.made
	case schema.Type == "number":
		return float64(s.made) + 0.5
	case schema.Type == "boolean":
		return true
	case schema.Type == "array":
		return []any{s.of(schema.Items), s.of(schema.Items)}
	case len(schema.Properties) > 0:
		object := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
			if name == "choice" && schema.Properties["text_message"] != nil {
				continue // a menu item has either, and effective.yaml knows both
			}
			object[name] = s.of(schema.Properties[name])
		}
		return object
	case valuesOf(s.tb, schema) != nil:
		values := valuesOf(s.tb, schema)
		return map[string]any{"one": s.of(values), "two": s.of(values)}
	case isClosed(schema):
		return map[string]any{}
	default: // an object that may hold anything
		return map[string]any{"one": fmt.Sprintf("text %d", s.made), "two": fmt.Sprintf("text %d", s.made+1)}
	}
}

// leavesOf returns every leaf of a value by its path, as JSON has it.
func leavesOf(tb testing.TB, value any) map[string]any {
	tb.Helper()
	text, err := json.Marshal(value)
	require.NoError(tb, err)
	var plain any
	require.NoError(tb, json.Unmarshal(text, &plain))
	leaves := map[string]any{}
	var walk func(at string, value any)
	walk = func(at string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for name, member := range value {
				walk(at+"."+name, member)
			}
		case []any:
			for i, item := range value {
				walk(fmt.Sprintf("%s[%d]", at, i), item)
			}
		default:
			leaves[at] = value
		}
	}
	walk("", plain)
	return leaves
}

// isClosed reports whether an object holds nothing but its properties.
func isClosed(schema *contractSchema) bool {
	open, isBool := schema.AdditionalProperties.(bool)
	return schema.AdditionalProperties == nil || isBool && !open
}
