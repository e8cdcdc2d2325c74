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

// schemaFields gives every field that a schema declares. Those of free are objects that may hold anything.
func schemaFields(schema *openapi3.Schema) (declared, free fields) {
	declared, free = fields{}, fields{}
	var walk func(at string, schema *openapi3.Schema)
	walk = func(at string, schema *openapi3.Schema) {
		if schema.Items != nil {
			walk(at+"[]", schema.Items.Value)
		}
		if schema.Type.Is("object") && len(schema.Properties) == 0 {
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

// jsonFields gives every field of a JSON value. What is in free objects is left out.
func jsonFields(t *testing.T, text string, free fields) fields {
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
				found[below(at, name)] = true
				walk(below(at, name), member)
			}
		}
	}
	walk("", value)
	return found
}

// goFields gives every field of a Go type that is written as JSON. What is in maps is left out.
func goFields(whole reflect.Type) (declared, free fields) {
	declared, free = fields{}, fields{}
	var walk func(at string, typ reflect.Type)
	walk = func(at string, typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer:
			walk(at, typ.Elem())
		case reflect.Slice:
			walk(at+"[]", typ.Elem())
		case reflect.Map:
			free[at] = true
		case reflect.Struct:
			for field := range typ.Fields() {
				if name := jsonName(field); name != "-" {
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
		WithProperty("alone", text)
	declared, free := schemaFields(schema)

	sent := jsonFields(t, `{"items": [{"left": "x"}, {"middle": "y"}], "free": {"what": {"ever": 1}}}`, free)

	assert.Equal(t, []string{"alone", "items[].right"}, declared.without(sent))
	assert.Equal(t, []string{"items[].middle"}, sent.without(declared))
	maps.Copy(sent, jsonFields(t, `{"items": [{"right": "x"}], "alone": "z"}`, free))
	assert.Empty(t, declared.without(sent), "several requests count together")
}

func TestContractFindsGoFieldsThatNoRequestFills(t *testing.T) {
	t.Parallel()
	type inner struct {
		One string `json:"one,omitempty"`
		Two string `json:"two,omitempty"`
	}
	type outer struct {
		List    []inner        `json:"list"`
		Pointer *inner         `json:"pointer,omitempty"`
		Free    map[string]any `json:"free"`
		Mask    []string       `json:"-"`
	}
	declared, free := goFields(reflect.TypeFor[*outer]())
	sent := jsonFields(t, `{"list": [{"one": "x"}], "free": {"any": 1}}`, free)

	assert.Equal(t, []string{"list[].two", "pointer", "pointer.one", "pointer.two"}, declared.without(sent))
	assert.Empty(t, sent.without(declared))
}
