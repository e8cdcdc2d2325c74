package conversationtest_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// unknownField is a field that no contract has. Every object of a sample reply has it.
const unknownField = "not_in_the_contract"

// emptyObject matches the paths of objects that never have fields.
var emptyObject = regexp.MustCompile(`\.(composing|composing_end|conversation_deleted|read_message)_event$`)

// stringMap matches the paths of objects whose values are strings in Go, though openapi.yaml leaves them open.
var stringMap = regexp.MustCompile(`\.(omni_template|template_reference)\.parameters$`)

// mostKinds is the number of kinds of the largest union.
const mostKinds = 6

// sample builds a value from a schema. Every property is set, and no two leaves of a type are equal.
type sample struct {
	t *testing.T
	// kind selects the kind of each union, modulo the number of kinds. A list or map of unions has all kinds.
	kind int
	// unknownEnums sets every enum to a value that the contract does not have.
	unknownEnums bool
	// readAs has schemas that replace those at some paths.
	readAs map[string]*openapi3.Schema
	count  int
}

// of returns a value of the schema at a path of the whole.
func (s *sample) of(at string, schema *openapi3.Schema) any {
	s.t.Helper()
	if other := s.readAs[at]; other != nil {
		schema = other
	}
	s.count++
	switch {
	case schema.Discriminator != nil:
		return s.of(at, schema.OneOf[s.kind%len(schema.OneOf)].Value)
	case len(schema.Enum) > 0 && s.unknownEnums:
		return fmt.Sprintf("UNKNOWN_%d", s.count)
	case len(schema.Enum) > 0:
		return schema.Enum[s.count%len(schema.Enum)]
	case schema.Type.Is("string") && schema.Format == "date-time":
		moment := time.Date(2026, 3, 1, 12, 0, s.count, s.count*int(time.Microsecond), time.FixedZone("", 2*60*60))
		return moment.Format(time.RFC3339Nano)
	case schema.Type.Is("string"):
		return fmt.Sprintf("%s <%d> ü", at, s.count)
	case schema.Type.Is("integer"):
		return s.count
	case schema.Type.Is("number"):
		return float64(s.count) + 0.25
	case schema.Type.Is("boolean"):
		return true
	case schema.Type.Is("array"):
		var list []any
		for i, item := range several(schema.Items.Value) {
			list = append(list, s.of(fmt.Sprintf("%s[%d]", at, i), item))
		}
		return list
	case schema.Type.Is("object"):
		return s.object(at, schema)
	case schema.Type == nil && len(schema.OneOf) == 0: // any JSON
		return map[string]any{"any": []any{float64(s.count), "JSON"}}
	default:
		s.t.Fatalf("%s: no sample for a schema of type %v", at, schema.Type)
		return nil
	}
}

// several returns the schemas of the items of a list or map: every kind of a union, else the same schema twice.
func several(item *openapi3.Schema) []*openapi3.Schema {
	if item.Discriminator == nil {
		return []*openapi3.Schema{item, item}
	}
	var kinds []*openapi3.Schema
	for _, kind := range item.OneOf {
		kinds = append(kinds, kind.Value)
	}
	return kinds
}

func (s *sample) object(at string, schema *openapi3.Schema) map[string]any {
	s.t.Helper()
	object := make(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		object[name] = s.of(below(at, name), schema.Properties[name].Value)
	}
	switch {
	case len(object) > 0:
		object[unknownField] = map[string]any{"list": []any{1, nil, map[string]any{"deep": true}}}
	case schema.AdditionalProperties.Schema != nil:
		for i, value := range several(schema.AdditionalProperties.Schema.Value) {
			name := fmt.Sprintf("key %d", i)
			object[name] = s.of(below(at, name), value)
		}
	case emptyObject.MatchString(at):
		object[unknownField] = 1
	case stringMap.MatchString(at):
		object["name"] = at + ".name"
	default: // It may hold anything.
		object["text"] = at + ".text"
		object["more"] = map[string]any{"number": 1.5, "flag": false, "nothing": nil, "list": []any{"a", map[string]any{"b": "c"}}}
	}
	return object
}
