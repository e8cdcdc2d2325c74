package docs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sessionTimeout bounds all blocks of a page. They take seconds once the cache of builds is warm.
const sessionTimeout = 10 * time.Minute

// session runs the shell blocks of a page, as a reader would: in order, in one shell, in a directory that is empty at first.
type session struct {
	page  string   // the directory
	state string   // the scripts and outputs of the blocks
	clone string   // a copy of the repository, if the page has blocks for one
	env   []string // of the shell
	ports ports

	script  strings.Builder
	blocks  []block // those that run, by the number of their script
	skipped []block // those whose needs the machine has not
}

func newSession(t *testing.T, d document, env []string) *session {
	t.Helper()
	s := &session{page: t.TempDir(), state: t.TempDir(), ports: ports{}}
	home := t.TempDir()
	s.env = append(fakeEnvironment(t, env), "HOME="+home, "PATH="+filepath.Join(home, "go", "bin")+":"+os.Getenv("PATH"))
	s.script.WriteString("set -eu\nclone=\ncd \"$PAGE\"\n")
	has := abilities{}
	for _, b := range d.blocks() {
		if b.clone && s.clone == "" {
			s.clone = copyRepository(t)
		}
		if !has.all(t, s, b) {
			s.skipped = append(s.skipped, b)
			continue
		}
		s.add(t, b)
	}
	s.env = append(s.env, "PAGE="+s.page, "STATE="+s.state, "CLONE="+s.clone)
	return s
}

// add appends a block to the script: the copy of a file, or the run of a shell block.
func (s *session) add(t *testing.T, b block) {
	t.Helper()
	if b.file != "" {
		staged := filepath.Join(s.state, fmt.Sprintf("file%d", b.line))
		require.NoError(t, os.WriteFile(staged, []byte(s.ports.replace(t, b.text())), 0o600))
		fmt.Fprintf(&s.script, "mkdir -p \"$PAGE/%s\" && cp %q \"$PAGE/%s\"\n", path.Dir(b.file), staged, b.file)
	}
	if b.language != "sh" {
		return
	}
	number := len(s.blocks)
	s.blocks = append(s.blocks, b)
	name := filepath.Join(s.state, fmt.Sprintf("block%d", number))
	require.NoError(t, os.WriteFile(name+".sh", []byte(s.ports.replace(t, runnable(b))), 0o600))
	fmt.Fprintf(&s.script, "echo %d >\"$STATE/begun\"\n", number)
	if b.clone {
		s.script.WriteString("clone=$PWD; cd \"$CLONE\"; export GOWORK=\n")
	}
	fmt.Fprintf(&s.script, ". %q >%q 2>&1 </dev/null\n", name+".sh", name+".out")
	if b.clone {
		s.script.WriteString("cd \"$clone\"; export GOWORK=off\n")
	}
}

// run runs the blocks, and returns what is wrong with them. Then it kills what they have started.
func (s *session) run(ctx context.Context, d document) []string {
	if len(s.blocks) == 0 {
		return nil
	}
	s.script.WriteString("echo end >\"$STATE/begun\"\n")
	ctx, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", s.script.String())
	cmd.Env = s.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	err := cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // nothing may be left to kill
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("it takes longer than %s", sessionTimeout)
	}
	begun, _ := os.ReadFile(filepath.Join(s.state, "begun")) // missing if the shell did not start
	if err == nil && strings.TrimSpace(string(begun)) != "end" {
		err = errors.New("it ends the shell")
	}
	if err != nil {
		number := 0
		_, _ = fmt.Sscan(string(begun), &number)
		return []string{fmt.Sprintf("%s: %v\n%s", s.blocks[number].place(), err, strings.Join(s.output(number), "\n"))}
	}
	return s.compare(d)
}

// compare returns which outputs differ from what the page shows.
func (s *session) compare(d document) []string {
	var problems []string
	before := -1
	for _, b := range d.blocks() {
		if number := slices.IndexFunc(s.blocks, func(run block) bool { return run.line == b.line }); number >= 0 {
			before = number
		} else if b.language == "sh" {
			before = -1
		}
		if !b.output || before < 0 {
			continue
		}
		if got := s.output(before); !matches(b.lines, got) {
			problems = append(problems, fmt.Sprintf("%s: the output of %s is\n%s", b.place(), s.blocks[before].place(), strings.Join(got, "\n")))
		}
	}
	return problems
}

// output returns the lines that a block has printed, with the ports of the page.
func (s *session) output(number int) []string {
	text, _ := os.ReadFile(filepath.Join(s.state, fmt.Sprintf("block%d.out", number))) // missing if it did not start
	var lines []string
	for line := range strings.SplitSeq(strings.TrimRight(s.ports.restore(string(text)), "\n"), "\n") {
		if !strings.HasPrefix(line, "go: downloading ") {
			lines = append(lines, strings.TrimRight(line, " "))
		}
	}
	return lines
}

var placeholder = regexp.MustCompile(`(?m)^(\s*export SINCH_\w+)="YOUR_\w+"`)

// runnable returns the text of a block without its placeholders, whose variables have the values of a fake, and with the commands that
// stand for those that are too long.
func runnable(b block) string {
	text := placeholder.ReplaceAllString(b.text(), "$1")
	if !b.clone {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		for _, s := range substitutes {
			if s.command.MatchString(line) {
				lines[i] = s.command.ReplaceAllString(line, s.instead)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// substitutes are run in a clone instead of commands that a reader runs there.
var substitutes = []struct {
	command *regexp.Regexp
	instead string
}{
	// Minutes to hours, and make test runs this test.
	{regexp.MustCompile(`^make (apidiff|bench|crash|fuzz|generate|interop|lint|mutate|screenshots|soak|test|test-386|test-browser|vuln)\b.*`), "make -n $1 >/dev/null"},
	{regexp.MustCompile(`^\.ci/run\b.*`), "bash -n .ci/run"},
}
