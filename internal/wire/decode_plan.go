package wire

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// plan is how a reader decodes values of a type. What encoding/json has rules for that a plan has not is left to it.
type plan struct {
	of      reflect.Type
	kind    planKind
	inner   func() *plan       // of the element of a pointer or a slice
	members func() planMembers // of a struct
}

// accepts reports whether a value of a kind fits. Any fits if there is no plan.
func (p *plan) accepts(kind planKind) bool { return p == nil || p.kind == kind }

// planKind is what a reader does with a value.
type planKind int

const (
	planForeign planKind = iota // encoding/json decodes it
	planCustom                  // its method UnmarshalJSON is called
	planString
	planBool
	planInt
	planFloat
	planPointer
	planSlice
	planStruct
)

// planMembers are the fields of a struct, by the lengths of their names.
type planMembers [][]*planMember

// planMember is a field of a struct.
type planMember struct {
	name  string // in JSON, in lower case
	bit   uint64
	index []int
	plan  *plan
}

// plans caches the plans of types.
var plans sync.Map

func planOf(of reflect.Type) *plan {
	known, ok := plans.Load(of)
	if !ok {
		known, _ = plans.LoadOrStore(of, newPlan(of))
	}
	p, _ := known.(*plan) // it has nothing else
	return p
}

func newPlan(of reflect.Type) *plan {
	p := &plan{of: of}
	switch {
	case reflect.PointerTo(of).Implements(unmarshaler):
		p.kind = planCustom
		return p
	case reflect.PointerTo(of).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()), of == reflect.TypeFor[json.Number]():
		return p
	}
	switch of.Kind() {
	case reflect.String:
		p.kind = planString
	case reflect.Bool:
		p.kind = planBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.kind = planInt
	case reflect.Float32, reflect.Float64:
		p.kind = planFloat
	case reflect.Pointer:
		p.kind = planPointer
		p.inner = sync.OnceValue(func() *plan { return planOf(of.Elem()) })
	case reflect.Slice:
		if of.Elem().Kind() != reflect.Uint8 { // base64
			p.kind = planSlice
			p.inner = sync.OnceValue(func() *plan { return planOf(of.Elem()) })
		}
	case reflect.Struct:
		if members, ok := listMembers(of, nil, nil); ok {
			p.kind = planStruct
			p.members = sync.OnceValue(func() planMembers { return byLength(of, members) })
		}
	}
	return p
}

// maxMembers is how many fields of an object can be marked as seen.
const maxMembers = 64

// listMembers appends the fields of a struct, and of those that it embeds, to members. It returns false if there are too many,
// or if encoding/json has further rules for them, such as those for two fields of the same name.
func listMembers(of reflect.Type, above []int, members []*planMember) ([]*planMember, bool) {
	for field := range of.Fields() {
		name, tagged := jsonName(field)
		_, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		index := slices.Concat(above, field.Index)
		switch {
		case name == "-":
		case strings.Contains(options, "string"):
			return nil, false
		case field.Anonymous && !tagged:
			var ok bool
			if field.Type.Kind() != reflect.Struct {
				return nil, false
			}
			if members, ok = listMembers(field.Type, index, members); !ok {
				return nil, false
			}
		case field.IsExported():
			known := slices.ContainsFunc(members, func(other *planMember) bool { return other.name == name })
			if known || strings.ToLower(name) != name || len(members) == maxMembers {
				return nil, false
			}
			members = append(members, &planMember{name: name, bit: 1 << len(members), index: index})
		}
	}
	return members, true
}

// byLength completes the fields of a struct with their plans.
func byLength(of reflect.Type, members []*planMember) (sorted planMembers) {
	for _, member := range members {
		member.plan = planOf(of.FieldByIndex(member.index).Type)
		for len(sorted) <= len(member.name) {
			sorted = append(sorted, nil)
		}
		sorted[len(member.name)] = append(sorted[len(member.name)], member)
	}
	return sorted
}

// named returns the field of a name, or nil.
func (m planMembers) named(name []byte) *planMember {
	if len(name) >= len(m) {
		return nil
	}
	for _, member := range m[len(name)] {
		if member.name == string(name) {
			return member
		}
	}
	return nil
}
