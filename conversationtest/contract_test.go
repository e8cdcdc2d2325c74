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

// The numbers of operations of openapi.yaml and of the platform.
const (
	openAPIOperations = 29
	allOperations     = 51
	batchOperations   = 7
)

// spoken is a dialect with the contracts for its requests and replies.
type spoken struct {
	dialect conversation.Dialect
	// table has a row for each operation of the contracts.
	table map[string]contractRow
	// contract is the document that requests are checked against and that sample replies are built from.
	contract contract
	// names is the document that has every field that may be sent.
	names contract
	// platform is the document that sample replies are built from for operations that openapi.yaml lacks.
	platform contract
}

// bothDialects loads the contracts. That of DialectOpenAPI is openapi.yaml itself.
func bothDialects(t *testing.T) []spoken {
	t.Helper()
	given, err := os.ReadFile("../openapi.yaml")
	require.NoError(t, err)
	platform := loadContract(t, spec.PlatformYAML)
	return []spoken{
		{conversation.DialectOpenAPI, contractTable, loadContract(t, given), loadContract(t, spec.OpenAPIYAML), platform},
		{conversation.DialectPlatform, contractTable, platform, platform, platform},
	}
}

// bothOfBatches is bothDialects for the Batch API, whose contract is that of the live platform in both dialects.
func bothOfBatches(t *testing.T) []spoken {
	t.Helper()
	batches := newContract(t, spec.Batches(spec.PlatformYAML))
	return []spoken{
		{conversation.DialectOpenAPI, batchTable, batches, batches, batches},
		{conversation.DialectPlatform, batchTable, batches, batches, batches},
	}
}

// lacks reports whether the contract is openapi.yaml and only the platform has the operation.
func (s spoken) lacks(operation string) bool { return s.contract.operations()[operation] == nil }

// by returns the dialect with a contract that has the operation, for checking requests.
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

// TestContract checks the requests and replies of the SDK against the contract: every operation of openapi.yaml and of
// the platform, in both dialects.
func TestContract(t *testing.T) {
	t.Parallel()
	dialects := bothDialects(t)
	assert.Len(t, dialects[0].contract.operations(), openAPIOperations)
	checkContract(t, dialects, allOperations)
}

// TestContractOfBatches is TestContract for the Batch API.
func TestContractOfBatches(t *testing.T) {
	t.Parallel()
	checkContract(t, bothOfBatches(t), batchOperations)
}

func checkContract(t *testing.T, dialects []spoken, count int) {
	t.Helper()
	for _, s := range dialects {
		operations := s.names.operations()
		for id := range s.table {
			assert.Contains(t, operations, id, "a row for an operation that the contract of %s does not have", s.dialect)
		}
		assert.Len(t, operations, count)
		t.Run(s.dialect.String(), func(t *testing.T) {
			t.Parallel()
			for _, id := range slices.Sorted(maps.Keys(operations)) {
				t.Run(id, func(t *testing.T) {
					t.Parallel()
					row, ok := s.table[id]
					require.True(t, ok, "the operation has no row in the table")
					checkRequests(t, s.by(id), id, row)
					checkReplies(t, s, id, row)
				})
			}
		})
	}
}
