package conversationtest_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// unknownField is a field that no contract has. It is put into every object of a made reply.
const unknownField = "not_in_the_contract"

// sample makes a value from a schema: every property filled, and no two leaves of a kind alike.
type sample struct {
	t *testing.T
	// unknownEnums makes every enum a value that the contract does not have.
	unknownEnums bool
	// readAs has schemas that take the place of those at some paths.
	readAs map[string]*openapi3.Schema
	made   int
}

// of makes the value of a schema that stands at a path of the whole.
func (s *sample) of(at string, schema *openapi3.Schema) any {
	s.t.Helper()
	if other := s.readAs[at]; other != nil {
		schema = other
	}
	s.made++
	switch {
	case len(schema.Enum) > 0 && s.unknownEnums:
		return fmt.Sprintf("UNKNOWN_%d", s.made)
	case len(schema.Enum) > 0:
		return schema.Enum[s.made%len(schema.Enum)]
	case schema.Type.Is("string") && schema.Format == "date-time":
		moment := time.Date(2026, 3, 1, 12, 0, s.made, s.made*int(time.Microsecond), time.FixedZone("", 2*60*60))
		return moment.Format(time.RFC3339Nano)
	case schema.Type.Is("string"):
		return fmt.Sprintf("%s <%d> ü", at, s.made)
	case schema.Type.Is("integer"):
		return s.made
	case schema.Type.Is("number"):
		return float64(s.made) + 0.5
	case schema.Type.Is("boolean"):
		return true
	case schema.Type.Is("array"):
		return []any{s.of(at+"[0]", schema.Items.Value), s.of(at+"[1]", schema.Items.Value)}
	case schema.Type.Is("object"):
		return s.object(at, schema)
	default:
		s.t.Fatalf("%s: no sample for a schema of type %v", at, schema.Type)
		return nil
	}
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
		for _, name := range []string{"one", "two"} {
			object[name] = s.of(below(at, name), schema.AdditionalProperties.Schema.Value)
		}
	default: // It may hold anything.
		object["text"] = at + ".text"
		object["more"] = map[string]any{"number": 1.5, "flag": false, "nothing": nil, "list": []any{"a", map[string]any{"b": "c"}}}
	}
	return object
}
