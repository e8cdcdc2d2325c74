package conversationtest_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain checks that no test leaks a goroutine, neither of a server nor of a client.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
