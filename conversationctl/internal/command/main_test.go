package command

import (
	"os"
	"testing"
)

// envMain makes the test binary the program itself, so that tests run it as a process without building it.
const envMain = "CONVERSATIONCTL_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(envMain) != "" {
		os.Exit(Main())
	}
	os.Exit(m.Run())
}
