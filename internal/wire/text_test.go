package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/wire"
)

// either is a union: a type that encodes the fields of the kind that is set as its own.
type either struct {
	Left, Right *struct {
		Name string `json:"name"`
	}
}

func (either) MarshalJSON() ([]byte, error) { return []byte(`{}`), nil }

func TestEachStringHasItsPath(t *testing.T) {
	t.Parallel()
	type inner struct {
		Text string `json:"text,omitempty"`
	}
	value := struct {
		inner

		Untagged string
		Skipped  string `json:"-"`
		hidden   string
		List     []*inner          `json:"list"`
		Map      map[string]any    `json:"map"`
		Numbers  map[int]string    `json:"numbers"`
		Raw      json.RawMessage   `json:"raw"`
		Union    either            `json:"union"`
		None     *inner            `json:"none"`
		Bytes    []byte            `json:"bytes"`
		Strings  map[string]string `json:"strings"`
	}{
		inner: inner{"t"}, Untagged: "u", Skipped: "s", hidden: "h", List: []*inner{nil, {"l"}},
		Map: map[string]any{"b": []any{1, "x"}, "a": nil}, Raw: json.RawMessage(`{}`), Numbers: map[int]string{1: "n"},
	}
	value.Union.Right = &struct {
		Name string `json:"name"`
	}{"r"}
	var seen []string
	wire.EachString(&value, func(path, text string) bool {
		seen = append(seen, path+"="+text)
		return true
	})
	assert.Equal(t, []string{
		"text=t", "Untagged=u", "list[1].text=l", "map.a=a", "map.b=b", "map.b[1]=x", "raw={}", "union.name=r",
	}, seen)

	seen = nil
	wire.EachString(value, func(path, _ string) bool {
		seen = append(seen, path)
		return len(seen) < 5
	})
	assert.Len(t, seen, 5, "visit ends the walk")
}

func TestTheFirstByteThatIsNotUTF8IsFound(t *testing.T) {
	t.Parallel()
	assert.Empty(t, wire.TextProblem("a\ufffdü🍕"))
	assert.Contains(t, wire.TextProblem("ü\xe9"), "at byte 2 (0xE9)")

	path, problem := wire.NotUTF8(map[string]string{"k": `\ufffd`}, []byte(`{"k":"\\ufffd"}`))
	assert.Empty(t, path+problem, "a backslash of the caller")
	path, problem = wire.NotUTF8(verbatim{}, []byte("\"\xff\""))
	assert.Equal(t, "request", path)
	assert.Contains(t, problem, "at byte 1 (0xFF)")
}

type verbatim struct{}
