package command

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// envMain makes the test binary the program itself, with the race detector if the tests have it.
const envMain = "CONVERSATIONCTL_TEST_MAIN"

// programDir is the folder of the built program.
var programDir string

func TestMain(m *testing.M) {
	if os.Getenv(envMain) != "" {
		os.Exit(Main())
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if programDir, err = os.MkdirTemp("", "conversationctl"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(programDir) //nolint:errcheck // The system removes what is left.
	return m.Run()
}

// builtProgram returns the path of the program. It is built without the race detector, since hundreds of processes with it
// would take minutes.
var builtProgram = sync.OnceValues(func() (string, error) {
	path := filepath.Join(programDir, "conversationctl")
	if output, err := exec.Command("go", "build", "-o", path, "../..").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	return path, nil
})
