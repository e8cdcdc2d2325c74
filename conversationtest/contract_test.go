package conversationtest_test

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	spec "github.com/sinchgo/conversation/conversationtest/internal/contract"
)

// The number of operations of openapi.yaml, and of those with the platform's.
const (
	openAPIOperations = 29
	allOperations     = 51
)

// spoken is a dialect with what its requests are checked against.
type spoken struct {
	dialect conversation.Dialect
	// contract is the document that each request must be valid by, and that replies are made from.
	contract contract
	// names is the document that knows every field that may be sent.
	names contract
	// platform is the document that the replies are made from of operations that openapi.yaml does not have.
	platform contract
}

// bothDialects reads the contracts. The one of DialectOpenAPI is openapi.yaml itself, as it was given.
func bothDialects(t *testing.T) []spoken {
	t.Helper()
	given, err := os.ReadFile("../openapi.yaml")
	require.NoError(t, err)
	platform := loadContract(t, spec.PlatformYAML)
	return []spoken{
		{conversation.DialectOpenAPI, loadContract(t, given), loadContract(t, spec.OpenAPIYAML), platform},
		{conversation.DialectPlatform, platform, platform, platform},
	}
}

// lacks says that the operation is one of the platform alone, and the contract openapi.yaml.
func (s spoken) lacks(operation string) bool { return s.contract.operations()[operation] == nil }

// by gives the dialect with a contract that has the operation, for its requests.
func (s spoken) by(operation string) spoken {
	if s.lacks(operation) {
		s.contract = s.names
	}
	return s
}

func (s spoken) replySchema(operation string) *openapi3.Schema {
	if s.lacks(operation) {
		return s.platform.replySchema(operation)
	}
	return s.contract.replySchema(operation)
}

// TestContract holds what the SDK sends and reads against the contract: every operation of openapi.yaml and of the
// platform, in both dialects.
func TestContract(t *testing.T) {
	t.Parallel()
	dialects := bothDialects(t)
	assert.Len(t, dialects[0].contract.operations(), openAPIOperations)
	for _, s := range dialects {
		operations := s.names.operations()
		for id := range contractTable {
			assert.Contains(t, operations, id, "a row for an operation that the contract of %s does not have", s.dialect)
		}
		assert.Len(t, operations, allOperations)
		t.Run(s.dialect.String(), func(t *testing.T) {
			t.Parallel()
			for _, id := range slices.Sorted(maps.Keys(operations)) {
				t.Run(id, func(t *testing.T) {
					t.Parallel()
					row, ok := contractTable[id]
					require.True(t, ok, "the operation has no row in contractTable")
					checkRequests(t, s.by(id), id, row)
					checkReplies(t, s, id, row)
				})
			}
		})
	}
}
