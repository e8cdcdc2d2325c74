package conversationtest_test

import (
	"testing"

	"go.uber.org/goleak"
)

// No test leaves a goroutine behind, neither of a server nor of a client.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
