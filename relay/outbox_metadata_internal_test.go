package relay

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheIDIsAddedToMetadataThatHasRoom(t *testing.T) {
	t.Parallel()
	full := `{"a":"` + strings.Repeat("é", 1010) + `"}`
	for _, tt := range []struct{ name, metadata, id, want string }{
		{"nothing", "", "order-7", `{"relay_id":"order-7"}`},
		{"an empty object", " { } ", "7", ` { "relay_id":"7"}`},
		{"an object", `{"n":9007199254740993, "a": "<&>"}`, "7", `{"n":9007199254740993, "a": "<&>","relay_id":"7"}`},
		{"an id with quotes", "", `a"b<c>\`, `{"relay_id":"a\"b\u003cc\u003e\\"}`},
		{"text", "order 7", "7", "order 7"},
		{"a list", `[1]`, "7", `[1]`},
		{"null", "null", "7", "null"},
		{"the key is taken", `{"relay_id":"mine"}`, "7", `{"relay_id":"mine"}`},
		{"two objects", `{}{}`, "7", `{}{}`},
		{"no room", full, "7", full},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, withID(tt.metadata, tt.id))
		})
	}
}
