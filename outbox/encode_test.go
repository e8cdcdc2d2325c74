package outbox_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// filler fills values with random content. What it writes need not be a message that Sinch accepts.
type filler struct {
	*rand.Rand
}

func (f filler) fill(value reflect.Value, depth int) {
	switch target := value.Addr().Interface().(type) {
	case *conversation.JSONObject:
		*target = f.object()
		return
	case *json.RawMessage:
		*target = f.raw()
		return
	case *conversation.Time:
		target.Time = time.Unix(f.Int64N(4e9), f.Int64N(1e9)).In(time.FixedZone("", 3600*f.IntN(5)))
		if f.IntN(4) == 0 {
			target.Time = time.Date([]int{-1, 0, 1, 9999, 10_000, 300_000}[f.IntN(6)], 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return
	}
	switch value.Kind() {
	case reflect.Struct:
		f.fillStruct(value, depth)
	case reflect.Pointer:
		if depth < 12 {
			value.Set(reflect.New(value.Type().Elem()))
			f.fill(value.Elem(), depth+1)
		}
	case reflect.Slice:
		n := f.IntN(3)
		value.Set(reflect.MakeSlice(value.Type(), n, n))
		for i := range n {
			f.fill(value.Index(i), depth+1)
		}
	case reflect.Map:
		value.Set(reflect.MakeMap(value.Type()))
		for range f.IntN(3) {
			key, held := reflect.New(value.Type().Key()).Elem(), reflect.New(value.Type().Elem()).Elem()
			f.fill(key, depth+1)
			f.fill(held, depth+1)
			value.SetMapIndex(key, held)
		}
	case reflect.String:
		value.SetString(f.text())
	case reflect.Bool:
		value.SetBool(f.IntN(2) == 0)
	case reflect.Int, reflect.Int32, reflect.Int64:
		value.SetInt([]int64{0, 1, -1, 1<<31 - 1, f.Int64N(1 << 31)}[f.IntN(5)])
		if value.Kind() == reflect.Int64 && f.IntN(2) == 0 {
			value.SetInt([]int64{math.MaxInt64, math.MinInt64, 1<<53 + 1}[f.IntN(3)])
		}
	case reflect.Float64:
		value.SetFloat([]float64{0, 0.1, -12.5, 1e21, 1e-9, math.MaxFloat64, f.Float64()}[f.IntN(7)])
	}
}

// fillStruct sets one of the kinds of a union, and about half of the fields of another struct.
func (f filler) fillStruct(value reflect.Value, depth int) {
	if raw := value.FieldByName("Unknown"); raw.IsValid() {
		if field := value.Field(f.IntN(value.NumField())); depth < 8 {
			raw = field
		}
		f.fill(raw, depth+1)
		return
	}
	for i := range value.NumField() {
		if value.Type().Field(i).IsExported() && f.IntN(2) == 0 {
			f.fill(value.Field(i), depth+1)
		}
	}
}

func (f filler) text() string {
	return []string{"", "x", "å<b>&amp;\u2028", "\"quoted\"\\", "12345678901234567890", "null", `{"a":1}`, "\x00\x1f\u007f", strings.Repeat("y", 300)}[f.IntN(9)]
}

func (f filler) raw() json.RawMessage {
	return json.RawMessage([]string{
		`{"message_type":"FLOWS","b":1,"a":2}`, `{"type":"text","z":1.0,"a":1e400}`, `{"message_type":"NEW","n":12345678901234567890}`,
		`{"b":"\u003c<\u00e9","a":[1.10,-0,1E+2]}`, `{}`, `{"type":1}`, `{"x":null,"X":{}}`,
	}[f.IntN(7)])
}

func (f filler) object() conversation.JSONObject {
	return conversation.JSONObject{
		"int": int64(math.MaxInt64), "uint": uint64(math.MaxUint64), "float": 1e21, "small": 1e-7, "number": json.Number("1e400"),
		"digits": json.Number("123456789012345678901234567890.10"), "raw": f.raw(), "nil": nil, "text": f.text(),
		"list":   []any{1, json.Number("9007199254740993"), f.raw(), map[string]any{"<": f.text()}},
		"struct": struct{ B, A any }{json.Number("-0"), []int64{1<<53 + 1}},
		"":       conversation.JSONObject{"n": json.Number("0.10")},
	}
}

// TestADecodedMessageIsEncodedAsBefore compares the encoded request with that of the decoded one, for random requests.
func TestADecodedMessageIsEncodedAsBefore(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := filler{rand.New(rand.NewPCG(seed, 0))}
	for range 3000 {
		req := &conversation.SendMessageRequest{}
		random.fill(reflect.ValueOf(req).Elem(), 0)
		body, err := outbox.Encode(req)
		require.NoError(t, err)
		again, err := outbox.Decode(body)
		require.NoError(t, err, "%s", body)
		sent, err := outbox.Encode(again)
		require.NoError(t, err)
		require.Equal(t, string(body), string(sent))
	}
}

// flow returns a message with free-form data.
func flow(data conversation.JSONObject) *conversation.SendMessageRequest {
	message := conversation.Text("Open the form.")
	message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelWhatsApp: {Flows: &conversation.WhatsAppFlowMessage{Message: conversation.WhatsAppFlow{
			FlowID: "1", FlowToken: "t", FlowCTA: "Open", FlowActionPayload: &conversation.FlowActionPayload{Screen: "A", Data: data},
		}}},
	}
	return &conversation.SendMessageRequest{AppID: "A", Recipient: conversation.ToContact("C"), Message: message}
}

func TestAMessageThatJSONCannotExpressIsRejected(t *testing.T) {
	t.Parallel()
	deep := json.RawMessage(strings.Repeat("[", 9_998) + strings.Repeat("]", 9_998))
	for name, c := range map[string]struct {
		req  *conversation.SendMessageRequest
		want string
	}{
		"nil":             {nil, "req is nil: pass a message"},
		"not a number":    {flow(conversation.JSONObject{"a": math.NaN()}), "req cannot be encoded as JSON: "},
		"not JSON":        {flow(conversation.JSONObject{"a": json.RawMessage("{")}), "req cannot be encoded as JSON: "},
		"nested too deep": {flow(conversation.JSONObject{"a": deep}), "req cannot be encoded as JSON: "},
	} {
		_, err := outbox.Encode(c.req)
		require.ErrorContains(t, err, "outbox.Encode: "+c.want, name)
		require.ErrorAs(t, err, new(*conversation.ArgumentError), name)
	}
}

func TestAMessageIsEncodedAsTheClientSendsIt(t *testing.T) {
	t.Parallel()
	body, err := outbox.Encode(flow(conversation.JSONObject{"a": json.Number("1e400"), "b": "<&>"}))
	require.NoError(t, err)
	assert.Contains(t, string(body), `"data":{"a":1e400,"b":"<&>"}`)
}

// The nesting that encoding/json accepts is reached in the message as a whole, or in a part of it that is encoded by itself.
func TestWhatIsEncodedIsDecodedHoweverDeepItIs(t *testing.T) {
	t.Parallel()
	accepted := 0
	for depth := 9_970; depth <= 10_000; depth++ {
		deep := json.RawMessage(strings.Repeat("[", depth) + strings.Repeat("]", depth))
		body, err := outbox.Encode(flow(conversation.JSONObject{"a": deep}))
		if err != nil {
			continue
		}
		accepted++
		_, err = outbox.Decode(body)
		require.NoError(t, err, depth)
	}
	assert.NotZero(t, accepted)
}

func TestWhatIsNotAMessageIsNotDecoded(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{", `{"app_id":"A"} more`} {
		_, err := outbox.Decode([]byte(body))
		require.Error(t, err, body)
	}
}
