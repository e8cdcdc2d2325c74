package conversationtest_test

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/spec"
)

// operationCount is the number of operations of openapi.yaml.
const operationCount = 29

// spoken is a dialect with what its requests are checked against.
type spoken struct {
	dialect conversation.Dialect
	// contract is the document that each request must be valid by, and that replies are made from.
	contract contract
	// names is the document that knows every field that may be sent.
	names contract
}

// bothDialects reads the contracts. The one of DialectOpenAPI is openapi.yaml itself, as it was given.
func bothDialects(t *testing.T) []spoken {
	t.Helper()
	given, err := os.ReadFile("../openapi.yaml")
	require.NoError(t, err)
	platform := loadContract(t, spec.Platform)
	return []spoken{
		{conversation.DialectOpenAPI, loadContract(t, given), loadContract(t, spec.OpenAPI)},
		{conversation.DialectPlatform, platform, platform},
	}
}

// TestContract holds what the SDK sends and reads against the contract: every operation of openapi.yaml, in both
// dialects.
func TestContract(t *testing.T) {
	t.Parallel()
	for _, s := range bothDialects(t) {
		operations := s.contract.operations()
		assert.Len(t, operations, operationCount)
		for id := range contractTable {
			assert.Contains(t, operations, id, "a row for an operation that the contract of %s does not have", s.dialect)
		}
		t.Run(s.dialect.String(), func(t *testing.T) {
			t.Parallel()
			for _, id := range slices.Sorted(maps.Keys(operations)) {
				t.Run(id, func(t *testing.T) {
					t.Parallel()
					row, ok := contractTable[id]
					require.True(t, ok, "the operation has no row in contractTable")
					checkRequests(t, s, id, row)
					checkReplies(t, s, id, row)
				})
			}
		})
	}
}
