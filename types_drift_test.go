package conversation_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// drift is a way in which the API may change one place of a reply.
type drift struct {
	kind   string
	at     string // the place: what is known elsewhere must still be read
	want   any    // what is read at the place; nil if that does not matter
	apply  func() // changes the reply in place
	revert func()
}

// driftsOf returns every drift of a value of a schema. The set function replaces the value.
func driftsOf(tb testing.TB, doc *contract, schema *contractSchema, at string, value any, set func(any)) []drift {
	tb.Helper()
	schema = doc.resolve(schema)
	var all []drift
	replaced := func(kind string, by, want any) {
		all = append(all, drift{kind: kind, at: at, want: want, apply: func() { set(by) }, revert: func() { set(value) }})
	}
	if at != "" {
		replaced("null", nil, nil)
		for kind, other := range map[string]any{
			"an odd text": "odd", "a number in quotes": "12", "a number": 12, "a fraction": 1.5, "a boolean": true, "a list": []any{"odd", 7},
			"an object": map[string]any{"odd": 7},
		} {
			replaced(kind+" in place of what is due", other, convertedTo(schema, other))
		}
	}
	switch value := value.(type) {
	case string:
		switch {
		case len(schema.Enum) > 0:
			replaced("an unknown enum value", "NOT_KNOWN_YET", "NOT_KNOWN_YET")
			replaced("an enum value in another case", strings.ToLower(value), strings.ToLower(value))
		case schema.Format == "date-time":
			for _, zoneless := range []string{strings.TrimSuffix(value, "Z"), strings.Replace(strings.TrimSuffix(value, "Z"), "T", " ", 1)} {
				replaced("a time without a zone", zoneless, value)
			}
			replaced("a time that is none", "the day before yesterday", nil)
			replaced("a time that is empty", "", nil)
		}
	case []any:
		for i, item := range value {
			all = append(all, driftsOf(tb, doc, schema.Items, fmt.Sprintf("%s[%d]", at, i), item, func(v any) { value[i] = v })...)
		}
		replaced("an empty list", []any{}, nil)
		replaced("a list with a null", append(slices.Clone(value), nil), nil)
	case map[string]any:
		if values := valuesOf(tb, schema); values != nil {
			replaced("a map of other keys", map[string]any{"NEW KEY": value["one"], "": nil}, nil)
			for _, name := range slices.Sorted(maps.Keys(value)) {
				all = append(all, driftsOf(tb, doc, values, at+"."+name, value[name], func(v any) { value[name] = v })...)
			}
			break
		}
		if len(schema.Properties) == 0 {
			replaced("an object of other things", map[string]any{"new": []any{1.5, nil, map[string]any{"deep": true}}}, nil)
			break
		}
		replaced("an unknown variant", map[string]any{"hologram_message": map[string]any{"depth": 3.0}}, nil)
		replaced("an empty object", map[string]any{}, nil)
		for _, name := range slices.Sorted(maps.Keys(value)) {
			all = append(all, driftsOf(tb, doc, schema.Properties[name], at+"."+name, value[name], func(v any) { value[name] = v })...)
			for _, other := range []string{strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:]} {
				if other != name {
					all = append(all, renamed(at, value, name, other))
				}
			}
		}
		for kind, field := range map[string]any{
			"an unknown text": "x", "an unknown object": map[string]any{"id": []any{map[string]any{"id": nil}}}, "an unknown null": nil,
		} {
			all = append(all, drift{
				kind: kind, at: at + ".brand_new", apply: func() { value["brand_new"] = field }, revert: func() { delete(value, "brand_new") },
			})
		}
	}
	return all
}

// convertedTo returns what a value of another type is read as, or nil if that does not matter.
func convertedTo(schema *contractSchema, other any) any {
	switch {
	case schema.Type == "string" && schema.Format == "" && other == 12:
		return "12"
	case (schema.Type == "integer" || schema.Type == "number") && other == "12":
		return 12.0
	}
	return nil
}

// renamed spells the key of a field in another case, which encoding/json treats as the same.
func renamed(at string, object map[string]any, name, other string) drift {
	return drift{
		kind: "a key in another case", at: at + "." + name + ":renamed",
		apply:  func() { object[other] = object[name]; delete(object, name) },
		revert: func() { object[name] = object[other]; delete(object, other) },
	}
}

// menuChoice is what the platform has around a menu item. The SDK reads it as a Choice.
var menuChoice = regexp.MustCompile(`\.choice(\.|:|$).*`)

// TestRepliesAreReadThoughTheAPIHasMovedOn changes every place of every reply in every way that an API drifts.
func TestRepliesAreReadThoughTheAPIHasMovedOn(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d changed replies were read", count.Load())
		assert.GreaterOrEqual(t, count.Load(), int64(atLength(400, 20_000)))
	})
	for _, name := range contracts {
		doc := readContract(t, name)
		for schemaName := range replyTypes {
			t.Run(name+" "+schemaName, func(t *testing.T) {
				t.Parallel()
				for round := range atLength(1, 5) {
					count.Add(checkDrifts(t, &samples{contract: doc, tb: t, made: 7 * round}, schemaName))
				}
			})
		}
	}
}

// checkDrifts builds a reply, changes each place of it, and counts the changes.
func checkDrifts(t *testing.T, from *samples, schemaName string) (count int64) {
	t.Helper()
	reader := newReplyReader(t, schemaName)
	schema := from.Components.Schemas[schemaName]
	reply := from.of(schema)
	before := reader.read(t, reply)
	for at, leaf := range leavesOf(t, reply) {
		if !menuChoice.MatchString(at) {
			require.Equal(t, leaf, before[at], "%s of a reply that is as it should be", at)
		}
	}
	all := driftsOf(t, from.contract, schema, "", reply, func(by any) { reply = by })
	step := 1 + len(all)/atLength(12, 3000) // replies with whole messages have ten thousand places
	for i := from.made % step; i < len(all); i += step {
		change := all[i]
		change.apply()
		checkDrift(t, change, before, reader.read(t, reply))
		change.revert()
		if count++; t.Failed() {
			return count
		}
	}
	assert.Equal(t, before, reader.read(t, reply), "every change was undone")
	return count
}

// checkDrift requires everything to decode as before, except the place that changed.
func checkDrift(t *testing.T, change drift, before, after map[string]any) {
	t.Helper()
	place := menuChoice.ReplaceAllString(change.at, "")
	within := func(at string) bool {
		rest, ok := strings.CutPrefix(at, place)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	}
	for at, leaf := range before {
		if !within(at) {
			assert.Equal(t, leaf, after[at], "%s at %q: %s was not read", change.kind, change.at, at)
		}
	}
	for at := range after {
		if _, known := before[at]; !known {
			assert.True(t, within(at), "%s at %q: %s came up", change.kind, change.at, at)
		}
	}
	if change.want != nil && !strings.HasSuffix(change.at, ".postback_data") { // which may be any JSON, and stays as it is
		assert.Equal(t, change.want, after[change.at], "%s at %q", change.kind, change.at)
	}
}

// replyReader reads replies of one type through a client.
type replyReader struct {
	client *conversation.Client
	schema string
	text   *string
}

func newReplyReader(tb testing.TB, schema string) replyReader {
	tb.Helper()
	text := new(string)
	client, err := conversation.NewClient("project", workingBasic(conversation.WithHTTPClient(&http.Client{
		Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			return response(req, http.StatusOK, nil, strings.NewReader(*text)), nil
		}),
	}))...)
	require.NoError(tb, err)
	return replyReader{client, schema, text}
}

// read returns the leaves of a reply as the SDK has read it.
func (r replyReader) read(t *testing.T, reply any) map[string]any {
	t.Helper()
	encoded, err := json.Marshal(reply)
	require.NoError(t, err)
	*r.text = string(encoded)
	value := replyTypes[r.schema]()
	require.NoError(t, r.client.Do(t.Context(), http.MethodGet, "/x", nil, value), "%s", encoded)
	return leavesOf(t, value)
}
