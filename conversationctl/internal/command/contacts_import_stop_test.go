package command

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestAWrongSettingStopsTheImportWhichGoesOnLater(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault  conversationtest.Fault
		env    string
		reason string
	}{
		"401":             {fault: conversationtest.Fault{Kind: conversationtest.FaultExpiredToken, Skip: 100}, reason: "HTTP 401"},
		"403":             {fault: conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 403, Skip: 100}, reason: "HTTP 403"},
		"404":             {fault: conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 404, Skip: 100}, reason: "HTTP 404"},
		"503":             {fault: conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 503, Skip: 100}, reason: "HTTP 503"},
		"no network":      {fault: conversationtest.Fault{Kind: conversationtest.FaultReset, Skip: 100}, reason: "no response"},
		"a wrong secret":  {env: "SINCH_KEY_SECRET=wrong", reason: "invalid_client"},
		"a wrong project": {env: "SINCH_PROJECT_ID=11111111-2222-3333-4444-555555555555", reason: "HTTP 40"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, run := newContactsFake(t, nil)
			path := writeContacts(t, "contacts.csv", csvLines(200))
			broken := run
			if test.env != "" {
				broken = run.with(test.env)
			} else {
				srv.Fault(test.fault)
			}
			args := []string{"contacts", "import", path, "--rate", "100000", "--json"}
			got := broken.run(t, args...)
			assert.Equal(t, exitFailed, got.code)
			assert.Empty(t, got.stdout)
			assert.Contains(t, got.stderr, "stopped after line ")
			assert.Contains(t, got.stderr, test.reason)
			assert.Contains(t, got.stderr, "run the same command again to go on")
			assertNoContact(t, srv, got.stderr)
			assert.FileExists(t, path+".journal")
			assert.NoFileExists(t, path+".failed.jsonl")

			srv.ClearFaults()
			if strings.HasPrefix(test.env, "SINCH_PROJECT_ID") {
				assert.Equal(t, exitUsage, run.run(t, args...).code, "the journal is of another project")
				require.NoError(t, os.Remove(path+".journal"))
			}
			got = run.run(t, args...)
			assert.Zero(t, got.code, got.stderr)
			assert.Len(t, storedContacts(t, srv), 200)
			assert.NoFileExists(t, path+".journal")
		})
	}
}

func TestAnInterruptedImportGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	fake := newInterruptingFake(t)
	lines := strings.Replace(csvLines(300), "u5@", "u5,surplus@", 1)
	path := writeContacts(t, "contacts.csv", lines)
	args := []string{"contacts", "import", path, "--rate", "100000", "--json"}
	got := fake.run(t, 200, args...)
	assert.Equal(t, exitFailed, got.code)
	assert.Empty(t, got.stdout)
	assert.Contains(t, got.stderr, "interrupted (run the same command again to go on)")
	assertNoContact(t, fake.srv, got.stderr)
	assert.Len(t, failedLines(t, path+".failed.jsonl"), 1)

	appendTo(t, path+".failed.jsonl", `{"line":299,"reason":"was not noted in the journal"}`+"\n")
	before := fake.requests.Load()
	got = fake.ctl.run(t, args...)
	assert.Equal(t, exitFailed, got.code)
	assert.JSONEq(t, `{"created":299,"updated":0,"unchanged":0,"failed":1}`, got.stdout, "nothing was done twice: it waited for its calls")
	assert.Len(t, failedLines(t, path+".failed.jsonl"), 1)
	assert.LessOrEqual(t, fake.requests.Load()-before, int64(2*299-200+1))
	assert.Len(t, storedContacts(t, fake.srv), 299)
}

func TestAFileThatChangedIsNotResumed(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	path := writeContacts(t, "contacts.csv", csvLines(100))
	args := []string{"contacts", "import", path, "--rate", "100000"}
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 403, Skip: 50})
	assert.Equal(t, exitFailed, run.run(t, args...).code)
	srv.ClearFaults()

	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(csvLines(100), "u99@example.com,Ada", "u99@example.com,Eve", 1)), 0o600))
	requests := len(srv.Requests())
	got := run.run(t, args...)
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "is not as it was when "+path+".journal was written")
	assert.Len(t, srv.Requests(), requests, "nothing was sent")

	require.NoError(t, os.WriteFile(path+".journal", []byte("{"), 0o600))
	got = run.run(t, args...)
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "is not a journal of this command")

	require.NoError(t, os.Remove(path+".journal"))
	assert.Zero(t, run.run(t, args...).code)
	assert.Len(t, storedContacts(t, srv), 100)
}

func TestFailedLinesOfAnEarlierImportAreNotOverwritten(t *testing.T) {
	t.Parallel()
	_, run := newContactsFake(t, nil)
	path := writeContacts(t, "contacts.csv", csvHead+"u,Ada\n")
	assert.Equal(t, exitFailed, run.run(t, "contacts", "import", path).code)
	got := run.run(t, "contacts", "import", path)
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "contacts.csv.failed.jsonl exists from an earlier import")
	other := path + ".again"
	assert.Equal(t, exitFailed, run.run(t, "contacts", "import", path, "--failed", other, "--journal", path+".position").code)
	assert.Len(t, failedLines(t, other), 1)
	assert.NoFileExists(t, path+".journal")
}

func TestAPositionThatIsNotTheStartOfALineIsNotResumed(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	path := writeContacts(t, "contacts.csv", csvLines(100))
	args := []string{"contacts", "import", path, "--rate", "100000"}
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 403, Skip: 50})
	assert.Equal(t, exitFailed, run.run(t, args...).code)
	srv.ClearFaults()
	journal, err := os.ReadFile(path + ".journal")
	require.NoError(t, err)
	requests := len(srv.Requests())

	for _, edited := range []string{`"offset":-1`, `"offset":7`, `"offset":99999999`, `"line":-1`, `"failed_size":-1`} {
		name, _, _ := strings.Cut(edited, ":")
		changed := regexp.MustCompile(name+`:\d+`).ReplaceAll(journal, []byte(edited))
		require.NoError(t, os.WriteFile(path+".journal", changed, 0o600))
		got := run.run(t, args...)
		assert.Equal(t, exitUsage, got.code, edited)
		assert.Contains(t, got.stderr, "the position is unknown", edited)
	}
	assert.Len(t, srv.Requests(), requests, "nothing was sent")

	require.NoError(t, os.WriteFile(path+".journal", journal, 0o600))
	assert.Zero(t, run.run(t, args...).code)
	assert.Len(t, storedContacts(t, srv), 100)
}
