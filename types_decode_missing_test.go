package conversation_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/wire"
	"github.com/sinchgo/conversation/webhook"
)

// receivedTypes are the structs of replies and callbacks, however deeply nested.
func receivedTypes() map[reflect.Type]bool {
	found := map[reflect.Type]bool{}
	var walk func(kind reflect.Type)
	walk = func(kind reflect.Type) {
		switch kind.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(kind.Elem())
		case reflect.Struct:
			if found[kind] || !strings.Contains(kind.PkgPath(), "sinchgo") {
				return
			}
			found[kind] = true
			for field := range kind.Fields() {
				walk(field.Type)
			}
		}
	}
	for _, newReply := range replyTypes {
		walk(reflect.TypeOf(newReply()))
	}
	for _, event := range []webhook.Event{
		new(webhook.BatchStatusUpdate), new(webhook.Capability), new(webhook.ChannelEvent), new(webhook.ContactCreate), new(webhook.ContactIdentitiesDuplication),
		new(webhook.ContactMerge), new(webhook.ConversationStart), new(webhook.EventDelivery), new(webhook.EventInbound),
		new(webhook.MessageDelivery), new(webhook.MessageInbound), new(webhook.MessageSubmit), new(webhook.OptIn), new(webhook.OptOut),
		new(webhook.RecordNotification), new(webhook.SmartConversations), new(webhook.Unsupported),
	} {
		walk(reflect.TypeOf(event))
	}
	return found
}

// TestAnOptionalObjectThatIsAScalarIsNil has every field that points to a struct, of every type that is received.
func TestAnOptionalObjectThatIsAScalarIsNil(t *testing.T) {
	t.Parallel()
	checked := 0
	for kind := range receivedTypes() {
		for field := range kind.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.Type.Kind() != reflect.Pointer || field.Type.Elem().Kind() != reflect.Struct || name == "" || name == "-" {
				continue
			}
			checked++
			for _, scalar := range []string{`""`, `"text"`, "5", "true", "null", "[]"} {
				read := reflect.New(kind)
				_, err := wire.Decode(fmt.Appendf(nil, `{%q: %s}`, name, scalar), read.Interface())
				require.NoError(t, err)
				assert.Nil(t, read.Elem().FieldByName(field.Name).Interface(), "%s.%s: %s", kind, field.Name, scalar)
			}
			given := reflect.New(kind)
			_, err := wire.Decode(fmt.Appendf(nil, `{%q: {}}`, name), given.Interface())
			require.NoError(t, err)
			assert.NotNil(t, given.Elem().FieldByName(field.Name).Interface(), "%s.%s: an empty object", kind, field.Name)
		}
	}
	assert.Greater(t, checked, 150)
}
