package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/wire"
)

func TestJSONIsEncodedWithoutHTMLEscapes(t *testing.T) {
	t.Parallel()
	encoded, err := wire.EncodeJSON("<&>")
	require.NoError(t, err)
	assert.Equal(t, `"<&>"`, string(encoded))
}

func TestEncodedJSONSharesNoMemory(t *testing.T) {
	t.Parallel()
	first, err := wire.EncodeJSON("first")
	require.NoError(t, err)
	_, err = wire.EncodeJSON(strings.Repeat("x", 100<<10)) // larger than a pooled buffer
	require.NoError(t, err)
	_, err = wire.EncodeJSON(make(chan int))
	require.Error(t, err)
	second, err := wire.EncodeJSON("other")
	require.NoError(t, err)
	assert.Equal(t, `"first"`, string(first))
	assert.Equal(t, `"other"`, string(second))
}

func TestAValueThatIsNotAStringIsKeptAsItsJSON(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{`"a\nb"`: "a\nb", `null`: "", `{"a": 1}`: `{"a": 1}`, `12`: "12", ``: ""} {
		assert.Equal(t, want, wire.StringOrJSON(json.RawMessage(raw)), raw)
	}
}
