package wire_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/wire"
)

func TestANumberInQuotesIsTheNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want any // its type is that of the field
		odd  bool
	}{
		{`2`, 2, false},
		{`"2"`, 2, true},
		{`" -7 "`, -7, true},
		{`2.0`, 2, true},
		{`"2e3"`, 2000, true},
		{`2.5`, 0, true},
		{`""`, 0, true},
		{`"0x10"`, 0, true},
		{`"+2"`, 0, true},
		{`"NaN"`, 0, true},
		{`true`, 0, true},
		{`"9007199254740993"`, int64(9007199254740993), true},
		{`3000000000`, int32(0), true},
		{`1e300`, int64(0), true},
		{`1e30`, int64(0), true},
		{`"3"`, uint8(3), true},
		{`-3`, uint8(0), true},
		{`300`, uint8(0), true},
		{`"55.6"`, 55.6, true},
		{`"Infinity"`, 0.0, true},
		{`"1e999"`, 0.0, true},
		{`"true"`, true, true},
		{`"FALSE"`, false, true},
		{`"yes"`, false, true},
		{`1`, false, true},
		{`5`, "5", true},
		{`12345678901234567890.10`, "12345678901234567890.10", true},
		{`true`, "", true},
		{`{}`, "", true},
		{`null`, "", false},
	} {
		t.Run(fmt.Sprintf("%s as %T", tt.text, tt.want), func(t *testing.T) {
			t.Parallel()
			read := reflect.New(reflect.StructOf([]reflect.StructField{
				{Name: "Value", Type: reflect.TypeOf(tt.want), Tag: `json:"value"`},
				{Name: "Pointer", Type: reflect.PointerTo(reflect.TypeOf(tt.want)), Tag: `json:"pointer"`},
				{Name: "After", Type: reflect.TypeFor[string](), Tag: `json:"after"`},
			}))
			mistyped, err := wire.Decode(fmt.Appendf(nil, `{"value":%[1]s,"pointer":%[1]s,"after":"a"}`, tt.text), read.Interface())
			require.NoError(t, err)
			assert.Equal(t, tt.want, read.Elem().Field(0).Interface())
			if pointer := read.Elem().Field(1); !pointer.IsNil() {
				assert.Equal(t, tt.want, pointer.Elem().Interface())
			}
			assert.Equal(t, "a", read.Elem().Field(2).Interface())
			want := []string{"value", "pointer"}
			if !tt.odd {
				want = nil
			}
			assert.Equal(t, want, mistyped)
		})
	}
}

// base and outer have what Go types of the API have: embedded structs, pointers, lists and maps.
type base struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type outer struct {
	base
	Name    json.RawMessage   `json:"name"`
	Inner   *base             `json:"inner"`
	List    []base            `json:"list"`
	Map     map[string]base   `json:"map"`
	Words   map[string]string `json:"words"`
	ByInt   map[int]string    `json:"by_int"`
	Ignored string            `json:"-"`
	hidden  string
	Picky   picky
}

// picky is a type of a caller that decodes itself.
type picky struct{}

func (*picky) UnmarshalJSON([]byte) error { return errors.New("too picky") }

func TestWhatDoesNotFitIsLeftOut(t *testing.T) {
	t.Parallel()
	for text, tt := range map[string]struct {
		want     outer
		mistyped string
	}{
		`{"id":[],"inner":"x","name":{"a":1}}`:                {outer{Name: json.RawMessage(`{"a":1}`)}, "id inner"},
		`{"inner":{"id":{},"name":"N"},"id":"I"}`:             {outer{base: base{ID: "I"}, Inner: &base{Name: "N"}}, "inner.id"},
		`{"list":{"0":{}},"id":"I"}`:                          {outer{base: base{ID: "I"}}, "list"},
		`{"list":[5,{"id":6},{"ID":"x","name":[]}],"id":"I"}`: {outer{base: base{ID: "I"}, List: []base{{}, {ID: "6"}, {ID: "x"}}}, "list[0] list[1].id list[2].name"},
		`{"map":{"hush":7,"kept":{"id":8}}}`:                  {outer{Map: map[string]base{"kept": {ID: "8"}}}, "map.* map.*.id"},
		`{"words":{"a":1,"b":{},"c":"x"}}`:                    {outer{Words: map[string]string{"a": "1", "c": "x"}}, "words.* words.*"},
		`{"words":[],"by_int":{"1":"x","y":"z"},"id":"I"}`:    {outer{base: base{ID: "I"}, ByInt: map[int]string{1: "x"}}, "words by_int"},
		`{"id":{},"id":"later","Ignored":{},"hidden":{}}`:     {outer{base: base{ID: "later"}}, "id"},
		`{"id":{},"list":[],"inner":null,"words":null}`:       {outer{List: []base{}}, "id"},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var read outer
			mistyped, err := wire.Decode([]byte(" "+text+"\n"), &read)
			require.NoError(t, err)
			assert.Equal(t, tt.want, read)
			assert.Equal(t, tt.mistyped, strings.Join(mistyped, " "))
			assert.Empty(t, read.hidden)
		})
	}
}

func TestAWholeValueOfAnotherTypeIsAnError(t *testing.T) {
	t.Parallel()
	var read outer
	for _, text := range []string{`"x"`, `[]`, `5`} {
		_, err := wire.Decode([]byte(text), &read)
		_, mistyped := errors.AsType[*json.UnmarshalTypeError](err)
		assert.True(t, mistyped, text)
	}
	for _, text := range []string{``, `{`, `{"id":5} x`} {
		_, err := wire.Decode([]byte(text), &read)
		_, broken := errors.AsType[*json.SyntaxError](err)
		assert.True(t, broken, text)
		var anything any
		_, err = wire.Decode([]byte(text), &anything)
		assert.Error(t, err, text)
	}
	_, err := wire.Decode([]byte(`{}`), nil)
	require.Error(t, err)
	_, err = wire.Decode([]byte(`{"Picky":5,"id":6}`), &read)
	assert.ErrorContains(t, err, "too picky", "the error of a type of the caller")
}

func TestAtMostTenPathsAreReturned(t *testing.T) {
	t.Parallel()
	var read []int
	mistyped, err := wire.Decode([]byte(`["1"`+strings.Repeat(`,"1"`, 99)+`]`), &read)
	require.NoError(t, err)
	assert.Len(t, read, 100)
	assert.Len(t, mistyped, 10)
}

func TestNumbersKeepTheirDigitsInWhateverHoldsAnything(t *testing.T) {
	t.Parallel()
	const number = "12345678901234567.10"
	var inside struct {
		ID       string
		FreeForm struct{ Values []any }
	}
	var anything any
	var object map[string]any
	for text, into := range map[string]any{
		`{"ID":5,"FreeForm":{"Values":[` + number + `]}}`: &inside, number: &anything, `{"a":` + number + `}`: &object,
	} {
		_, err := wire.Decode([]byte(text), into)
		require.NoError(t, err)
	}
	assert.Equal(t, []any{json.Number(number)}, inside.FreeForm.Values)
	assert.Equal(t, json.Number(number), anything)
	assert.Equal(t, map[string]any{"a": json.Number(number)}, object)
}
