package conversation_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

const platformContract = "conversationtest/internal/contract/effective-platform.yaml"

// otherForms are the leaves that a Go type encodes in another form, and those that no Go type has.
var otherForms = map[string][]string{
	"SendMessageRequest": {".ttl", ".conversation_metadata"}, // DialectPlatform rewrites them.
	"SendBatchRequest":   {".ttl"},
	// The platform ignores them, so that whole resources can be sent.
	"UpdateContactRequest":      {".id"},
	"UpdateConversationRequest": {".id", ".last_received"},
}

// TestTheGoTypesHoldWhatThePlatformHas decodes a full sample of each schema of the platform's contract, of a union one of
// each variant, into the Go type of that name, encodes it, and looks for each leaf. make coverage-platform runs it.
func TestTheGoTypesHoldWhatThePlatformHas(t *testing.T) {
	t.Parallel()
	doc := readContract(t, platformContract)
	checked := 0
	for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
		schema := doc.Components.Schemas[name]
		decode := decoderOf(schema, name)
		if decode == nil {
			assert.Equal(t, "string", schema.Type, "%s has no Go type: run make generate", name)
			continue
		}
		variants := schema.OneOf
		if len(variants) == 0 || variants[0].Ref == "" {
			variants = []*contractSchema{schema}
		}
		for i, variant := range variants {
			checked++
			t.Run(name+" "+strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				sample := (&samples{contract: doc, tb: t}).of(variant)
				if send, ok := sample.(map[string]any); ok && (name == "SendMessageRequest" || name == "SendBatchRequest") {
					send["ttl"] = "600s"
				}
				text, err := json.Marshal(sample)
				require.NoError(t, err)
				value, err := decode(text)
				require.NoError(t, err)
				found := leavesOf(t, value)
				for at, leaf := range leavesOf(t, sample) {
					if isLeftOut(doc, name, at) {
						continue
					}
					assert.Equal(t, leaf, found[at], "%s%s is lost", name, at)
				}
			})
		}
	}
	assert.Greater(t, checked, 200)
}

// decoderOf returns how to decode a value of a schema, or nil if no Go type is known.
func decoderOf(schema *contractSchema, name string) func(text []byte) (any, error) {
	if schema.Trigger != "" {
		return func(text []byte) (any, error) { return webhook.Parse(text) }
	}
	newValue := platformTypes[name]
	if newValue == nil {
		return nil
	}
	return func(text []byte) (any, error) {
		value := newValue()
		return value, json.Unmarshal(text, value)
	}
}

// isLeftOut reports whether a leaf is in otherForms, or is the discriminator of a union: the variant's type has no field for
// it, and the union's type encodes it.
func isLeftOut(doc *contract, name, at string) bool {
	for _, other := range otherForms[name] {
		if strings.HasPrefix(at, other) {
			return true
		}
	}
	property := doc.Components.Schemas[name].Properties[strings.TrimPrefix(at, ".")]
	return property != nil && len(doc.resolve(property).Enum) == 1 && isVariant(doc, name)
}

// isVariant reports whether a schema is a variant of a union.
func isVariant(doc *contract, name string) bool {
	for _, schema := range doc.Components.Schemas {
		for _, variant := range schema.OneOf {
			if strings.HasSuffix(variant.Ref, "/"+name) {
				return true
			}
		}
	}
	return false
}
