package conversationtest_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// fields is a set of JSON paths, such as message.card_message.choices[].postback_data.
type fields map[string]bool

// without gives, in order, the fields that are not in another set.
func (f fields) without(other fields) []string {
	return slices.Sorted(func(yield func(string) bool) {
		for name := range f {
			if !other[name] && !yield(name) {
				return
			}
		}
	})
}

// schemaFields gives every field that a schema declares, those of all kinds of a union among them. Those of free are
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

// anyKey stands in paths for the keys of a map.
const anyKey = ".*"

// jsonFields gives every field of a JSON value. What is in free objects is left out. The maps are known from what is
// declared.
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

// goFields gives every field of a Go type that is written as JSON. A field without a name in JSON is a kind of a union,
// whose fields are written in its place.
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

// jsonName is the name of a Go field in JSON, or "-".
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

func TestContractFindsForgottenAndUnknownFields(t *testing.T) {
	t.Parallel()
	text := openapi3.NewStringSchema()
	item := openapi3.NewObjectSchema().WithProperty("left", text).WithProperty("right", text)
	schema := openapi3.NewObjectSchema().
		WithProperty("items", openapi3.NewArraySchema().WithItems(item)).
		WithProperty("free", openapi3.NewObjectSchema()).
		WithProperty("map", openapi3.NewObjectSchema().WithAdditionalProperties(item)).
		WithProperty("union", openapi3.NewOneOfSchema(item, openapi3.NewObjectSchema().WithProperty("other", text))).
		WithProperty("alone", text)
	declared, free := schemaFields(schema)

	sent := jsonFields(t, `{"items": [{"left": "x"}, {"middle": "y"}], "free": {"what": {"ever": 1}}, "map": {"a": {"left": "x"}}, "union": {"left": "x", "right": "y"}}`, declared, free)

	assert.Equal(t, []string{"alone", "items[].right", "map.*.right", "union.other"}, declared.without(sent))
	assert.Equal(t, []string{"items[].middle"}, sent.without(declared))
	maps.Copy(sent, jsonFields(t, `{"items": [{"right": "x"}], "alone": "z", "map": {"b": {"right": "x"}}, "union": {"other": "y"}}`, declared, free))
	assert.Empty(t, declared.without(sent), "several requests count together")
}

func TestContractFindsGoFieldsThatNoRequestFills(t *testing.T) {
	t.Parallel()
	type inner struct {
		One string `json:"one,omitempty"`
		Two string `json:"two,omitempty"`
	}
	type outer struct {
		List    []inner                      `json:"list"`
		Pointer *inner                       `json:"pointer,omitempty"`
		Free    map[string]any               `json:"free"`
		Map     map[string]inner             `json:"map"`
		Union   struct{ Left, Right *inner } `json:"union"`
		Time    conversation.Time            `json:"time"`
		Mask    []string                     `json:"-"`
	}
	declared, free := goFields(reflect.TypeFor[*outer]())
	sent := jsonFields(t, `{"list": [{"one": "x"}], "free": {"any": 1}, "map": {"a": {"one": "x"}}, "union": {"two": "y"}, "time": ""}`, declared, free)

	assert.Equal(t, []string{"list[].two", "map.*.two", "pointer", "pointer.one", "pointer.two", "union.one"}, declared.without(sent))
	assert.Empty(t, sent.without(declared))
}
