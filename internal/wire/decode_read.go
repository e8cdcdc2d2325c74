package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
)

// readInto decodes data into a value that is zero, in one pass, where encoding/json makes two. It reports whether it
// could. If so, the result is that of encoding/json. If not, the value is incomplete: data is not JSON, a value does not fit,
// or there is something rare that is left to encoding/json, such as a field that is duplicated or in another case.
func readInto(data []byte, v reflect.Value) bool {
	p := planOf(v.Type())
	if p.kind == planForeign || p.kind == planCustom {
		return false
	}
	r := reader{scanner: scanner{data: data}}
	return r.value(p, v) && r.peek() == 0 && r.at == len(data)
}

// maxReadDepth bounds the nesting of what a reader decodes.
const maxReadDepth = 500

// reader decodes a JSON document. Its methods return false if they cannot decode what is there.
type reader struct {
	scanner
	depth int // how many objects and arrays are open
}

// value decodes the next value into v. If p is nil, it only checks the syntax.
func (r *reader) value(p *plan, v reflect.Value) bool {
	first := r.peek()
	switch {
	case p == nil:
	case p.kind == planForeign || p.kind == planCustom:
		return r.other(p, v)
	case first == 'n':
		return r.word("null") // v stays zero
	case p.kind == planPointer:
		v.Set(reflect.New(p.of.Elem()))
		return r.value(p.inner(), v.Elem())
	}
	switch first {
	case '{':
		return p.accepts(planStruct) && r.object(p, v)
	case '[':
		return p.accepts(planSlice) && r.array(p, v)
	case '"':
		return p.accepts(planString) && r.text(p, v)
	case 't':
		return p.accepts(planBool) && r.boolean("true", p, v)
	case 'f':
		return p.accepts(planBool) && r.boolean("false", p, v)
	case 'n':
		return r.word("null")
	default:
		return r.number(p, v)
	}
}

// other passes the next value to the method UnmarshalJSON of v, or to encoding/json.
func (r *reader) other(p *plan, v reflect.Value) bool {
	start := r.at
	if !r.value(nil, reflect.Value{}) {
		return false
	}
	data, target := r.data[start:r.at], v.Addr().Interface()
	if custom, ok := target.(json.Unmarshaler); ok && p.kind == planCustom {
		return custom.UnmarshalJSON(data) == nil
	}
	return unmarshalStandard(data, target) == nil
}

func (r *reader) object(p *plan, v reflect.Value) bool {
	var seen uint64
	return r.each('}', func() bool {
		name, form := r.quoted()
		if form == broken || r.peek() != ':' {
			return false
		}
		r.at++
		if p == nil {
			return r.value(nil, v)
		}
		member := p.members().named(name)
		switch {
		case form != ascii:
			return false
		case member == nil:
			return p.members().named(bytes.ToLower(name)) == nil && r.value(nil, v)
		case seen&member.bit != 0:
			return false
		}
		seen |= member.bit
		return r.value(member.plan, v.FieldByIndex(member.index))
	})
}

func (r *reader) array(p *plan, v reflect.Value) bool {
	if p == nil {
		return r.each(']', func() bool { return r.value(nil, v) })
	}
	v.Set(reflect.MakeSlice(p.of, 0, 0))
	return r.each(']', func() bool {
		i := v.Len()
		v.Grow(1)
		v.SetLen(i + 1)
		return r.value(p.inner(), v.Index(i))
	})
}

// each calls read for each member of the object or array here, up to the bracket that closes it.
func (r *reader) each(closes byte, read func() bool) bool {
	r.at++
	if r.peek() == closes {
		r.at++
		return true
	}
	if r.depth++; r.depth > maxReadDepth {
		return false
	}
	for read() {
		next := r.peek()
		r.at++
		if next == closes {
			r.depth--
			return true
		}
		if next != ',' {
			return false
		}
	}
	return false
}

func (r *reader) text(p *plan, v reflect.Value) bool {
	start := r.at
	content, form := r.quoted()
	switch {
	case form == broken:
		return false
	case p == nil:
		return true
	case form.isItself(content):
		v.SetString(string(content))
		return true
	}
	text, ok := unescaped(content)
	if !ok {
		ok = json.Unmarshal(r.data[start:r.at], &text) == nil
	}
	v.SetString(text)
	return ok
}

func (r *reader) boolean(word string, p *plan, v reflect.Value) bool {
	if p != nil {
		v.SetBool(word == "true")
	}
	return r.word(word)
}

func (r *reader) number(p *plan, v reflect.Value) bool {
	digits := r.numeral()
	switch {
	case len(digits) == 0:
		return false
	case p == nil:
		return true
	case p.kind == planInt:
		number, err := strconv.ParseInt(string(digits), 10, p.of.Bits())
		v.SetInt(number)
		return err == nil
	case p.kind == planFloat:
		number, err := strconv.ParseFloat(string(digits), p.of.Bits())
		v.SetFloat(number)
		return err == nil
	default:
		return false
	}
}
