package wire_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/wire"
)

func TestAnIDIsEscapedToOneSegment(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"01H7QZ8X3J": "01H7QZ8X3J",
		"a/b":        "a%2Fb",
		"a?b#c":      "a%3Fb%23c",
		"me:stop":    "me%3Astop",
		"100%":       "100%25",
		"a b":        "a%20b",
	} {
		assert.Equal(t, want, wire.EscapeSegment(id), id)
	}
}

func TestEmptyAndDotSegmentsAreProblems(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", " ", "\t", ".", "..", " .. "} {
		assert.NotEmpty(t, wire.SegmentProblem(id), "%q", id)
	}
	for _, id := range []string{"a", "...", "a.b", "../a"} {
		assert.Empty(t, wire.SegmentProblem(id), "%q", id)
	}
	assert.True(t, wire.HasDotSegment("/a/../b"))
	assert.True(t, wire.HasDotSegment("/a/."))
	assert.False(t, wire.HasDotSegment("/a/.../b.c"))
}

func TestTokensAreThoseOfRFC9110(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"GET", "X-Request-Id", "a1!#$%&'*+-.^_`|~"} {
		assert.True(t, wire.ValidToken(token), token)
	}
	for _, text := range []string{"", "a b", "a:b", "a\n", "(a)", "é", "a/b", "@", "[", "`\x7f"} {
		assert.False(t, wire.ValidToken(text), "%q", text)
	}
}

func TestAHeaderValueHoldsNoControlCharacter(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "a b", "a\tb", "é", "\x80"} {
		assert.True(t, wire.ValidHeaderValue(value), "%q", value)
	}
	for _, value := range []string{"a\n", "a\r", "\x00", "\x1f", "\x7f", "a\v"} {
		assert.False(t, wire.ValidHeaderValue(value), "%q", value)
	}
}
