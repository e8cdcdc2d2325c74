package wire_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/wire"
	"github.com/sinchgo/conversation/webhook"
)

// kinds has a field of each kind that a decoder treats in its own way.
type kinds struct {
	embedded

	Text     string               `json:"text"`
	Named    named                `json:"named,omitempty"`
	Yes      bool                 `json:"yes"`
	Small    int8                 `json:"small"`
	Big      int64                `json:"big"`
	Narrow   float32              `json:"narrow"`
	Float    float64              `json:"float"`
	Unsigned uint16               `json:"unsigned"`
	Pointer  *kinds               `json:"pointer"`
	Twice    **string             `json:"twice"`
	List     []kinds              `json:"list"`
	Lists    [][]*int             `json:"lists"`
	Bytes    []byte               `json:"bytes"`
	Array    [2]int               `json:"array"`
	Map      map[string]*kinds    `json:"map"`
	Any      any                  `json:"any"`
	Raw      json.RawMessage      `json:"raw"`
	Number   json.Number          `json:"number"`
	Quoted   quoted               `json:"quoted"`
	Clash    clash                `json:"clash"`
	Time     conversation.Time    `json:"time"`
	Union    *conversation.Choice `json:"union"`
	Hidden   string               `json:"-"`
	private  string               //nolint:unused // It must be left alone.
}

type embedded struct {
	ID string `json:"id"`
}

type named string

// quoted and clash have fields with further rules.
type quoted struct {
	Number int `json:"number,string"`
}

type clash struct {
	embedded

	ID    int `json:"id"`
	Upper string
}

// documents are of all kinds of JSON, and of what is almost JSON. The second column is whether one pass decodes it.
var documents = []struct {
	text    string
	onePass bool
}{
	{`{}`, true},
	{" {\n\t\"text\" : \"a\" , \"yes\":\r true} \n", true},
	{`{"text":"a","named":"b","yes":true,"small":-128,"big":-0,"narrow":1.5,"float":-1e-3,"unsigned":7,"id":"e"}`, true},
	{`{"pointer":{"pointer":{"text":"a"},"list":[{},{"text":"b"}]},"twice":"c","lists":[[1,null],[],null]}`, true},
	{`{"text":null,"yes":null,"small":null,"float":null,"pointer":null,"twice":null,"list":null,"lists":null,"raw":null,"time":null,"union":null,"quoted":null}`, true},
	{`{"list":[],"bytes":"YQ==","array":[1,2],"map":{"a":{"text":"b"},"a":null},"any":{"a":[1,"2",3.0]},"raw": {"a" :1},"number":12}`, true},
	{`{"quoted":{"number":"12"},"clash":{"ID":1,"upper":"a"},"time":"2026-03-01T12:00:00Z","union":{"text_message":{"text":"a"}}}`, true},
	{`{"text":"caf\u00e9 \ud83d\udce6 \ud83d \"\\\/\b\f\n\r\t","named":"Päckchen 📦 שלום"}`, true},
	{"{\"text\":\"\xff\xed\xa0\x80 and more of it\",\"unknown\":\"\xff\"}", true},
	{"{\"text\":\"\x7f\u2028 <&>\"}", true},
	{`{"unknown":{"text":[1,-2.5e+7,true,false,null,"\u00e9",{"a":{"b":[]}}]},"hidden":"a","private":"b","-":"c"}`, true},
	{`{"unknown":1,"unknown":2,"text":"a"}`, true},
	{`{"text":"a","text":"b"}`, false},
	{`{"pointer":{"text":"a"},"pointer":{"id":"b"}}`, false},
	{`{"Text":"a"}`, false},
	{`{"te\u0078t":"a"}`, false},
	{"{\"li\u017ft\":[{}],\"\u212aind\":1}", false},
	{"{\"te\xffxt\":\"a\"}", false},
	{`{"text":1}`, false},
	{`{"yes":"true"}`, false},
	{`{"small":128}`, false},
	{`{"small":1.0}`, false},
	{`{"narrow":1e39}`, false},
	{`{"float":1e999}`, false},
	{`{"list":{}}`, false},
	{`{"pointer":[]}`, false},
	{`{"array":"a"}`, false},
	{`{"bytes":"?"}`, false},
	{`{"quoted":{"number":12}}`, false},
	{`{"union":[]}`, false},
	{`{"unknown":"` + strings.Repeat("a", 100) + `\`, false},
	{`[]`, false},
	{`"a"`, false},
	{`null`, true},
	{``, false},
	{` `, false},
	{`nul`, false},
	{`nulll`, false},
	{`{`, false},
	{`{"`, false},
	{`{"text`, false},
	{`{"text"`, false},
	{`{"text":`, false},
	{`{"text":"a`, false},
	{`{"text":"a"`, false},
	{`{"text":"a",`, false},
	{`{"text":"a",}`, false},
	{`{,"text":"a"}`, false},
	{`{"text" "a"}`, false},
	{`{"text":"a" "id":"b"}`, false},
	{`{"text":"a"]`, false},
	{`{text:"a"}`, false},
	{`{1:"a"}`, false},
	{`{"text":"a"} x`, false},
	{`{"text":"a"}{}`, false},
	{"{\"text\":\"a\"}\x00", false},
	{"{\"text\":\"a\nb\"}", false},
	{"{\"text\":\"a long line and\x1f more\"}", false},
	{`{"unknown":"\x"}`, false},
	{`{"unknown":"\u12g4"}`, false},
	{`{"unknown":"\u12"}`, false},
	{`{"unknown":01}`, false},
	{`{"unknown":-}`, false},
	{`{"unknown":1.}`, false},
	{`{"unknown":.5}`, false},
	{`{"unknown":1e}`, false},
	{`{"unknown":1e+}`, false},
	{`{"unknown":+1}`, false},
	{`{"unknown":[1,]}`, false},
	{`{"unknown":[1 2]}`, false},
	{`{"unknown":[1}`, false},
	{`{"unknown":tru}`, false},
	{`{"unknown":}`, false},
	{`{"list":[{},]}`, false},
	{`{"unknown":` + strings.Repeat("[", 400) + strings.Repeat("]", 400) + `}`, true},
	{`{"unknown":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`, false},
	{`{"unknown":` + strings.Repeat("[1],", 600) + `}`, false},
}

func TestOnePassDecodesWhatEncodingJSONDecodes(t *testing.T) {
	t.Parallel()
	for _, document := range documents {
		assert.Equal(t, document.onePass, decodedInOnePass(t, []byte(document.text), reflect.TypeFor[kinds]()), document.text)
	}
}

func TestOnePassIsEnoughForEverySampleOfACallback(t *testing.T) {
	t.Parallel()
	for name, body := range callbacks(t) {
		event, err := webhook.Parse(body)
		require.NoError(t, err)
		assert.True(t, decodedInOnePass(t, body, reflect.TypeOf(event).Elem()), name)
	}
}

func FuzzOnePassDecodesWhatEncodingJSONDecodes(f *testing.F) {
	types := []reflect.Type{
		reflect.TypeFor[kinds](), reflect.TypeFor[[]kinds](), reflect.TypeFor[string](), reflect.TypeFor[**float64](),
		reflect.TypeFor[webhook.MessageInbound](), reflect.TypeFor[webhook.MessageDelivery](), reflect.TypeFor[webhook.EventInbound](),
		reflect.TypeFor[webhook.SmartConversations](), reflect.TypeFor[conversation.AppMessage](),
	}
	for _, document := range documents {
		f.Add([]byte(document.text), byte(0))
		f.Add([]byte("["+document.text+"]"), byte(1))
	}
	for _, body := range callbacks(f) {
		if len(body) < 5000 {
			event, err := webhook.Parse(body)
			require.NoError(f, err)
			for i, known := range types {
				if reflect.TypeOf(event).Elem() == known {
					f.Add(body, byte(i))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, of byte) {
		decodedInOnePass(t, data, types[int(of)%len(types)])
	})
}

// decodedInOnePass reports whether one pass decodes data into a type. If so, it requires the result of encoding/json.
func decodedInOnePass(t *testing.T, data []byte, of reflect.Type) bool {
	t.Helper()
	got, want := reflect.New(of), reflect.New(of)
	if !wire.ReadInto(data, got.Interface()) {
		return false
	}
	require.NoError(t, wire.UnmarshalStandard(data, want.Interface()), "%s", data)
	if !reflect.DeepEqual(want.Interface(), got.Interface()) {
		require.Equal(t, want.Interface(), got.Interface(), "%s", data)
	}
	return true
}

// callbacks returns the samples of callbacks, by name.
func callbacks(tb testing.TB) map[string][]byte {
	tb.Helper()
	files, err := filepath.Glob("../../webhook/testdata/callbacks/*.json")
	require.NoError(tb, err)
	require.NotEmpty(tb, files)
	bodies := make(map[string][]byte, len(files))
	for _, file := range files {
		bodies[filepath.Base(file)], err = os.ReadFile(file)
		require.NoError(tb, err)
	}
	return bodies
}
