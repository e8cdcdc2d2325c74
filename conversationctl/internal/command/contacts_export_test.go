package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestExportPrintsContactsAsTheAPIDescribesThem(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	seedContacts(t, srv, 45)
	got := run.run(t, "contacts", "export", "--format", "jsonl")
	assert.Zero(t, got.code)
	assert.Empty(t, got.stderr)
	var contacts []conversation.Contact
	for line := range strings.Lines(got.stdout) {
		var contact conversation.Contact
		require.NoError(t, json.Unmarshal([]byte(line), &contact))
		assert.NotEmpty(t, contact.ID)
		contacts = append(contacts, contact)
	}
	assert.Equal(t, storedContacts(t, srv), withoutIDs(contacts))
}

func TestExportPrintsCSVWithAHeader(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	got := run.run(t, "contacts", "export", "--format", "csv")
	header := "id,external_id,display_name,email,language,metadata,channel_identities,channel_priority\n"
	assert.Equal(t, result{stdout: header}, got, "of a project without contacts")

	created, err := srv.NewClient(t).Contacts.Create(t.Context(), &conversation.CreateContactRequest{
		ExternalID: "=7", DisplayName: `Ada "A", L`, Language: conversation.LanguageENGB, Metadata: "two\nlines",
		ChannelIdentities: []conversation.ChannelIdentity{{Channel: "SMS", Identity: "15550000000"}, {Channel: "MESSENGER", Identity: "a@b;c", AppID: "01APP"}},
		ChannelPriority:   []conversation.Channel{"MESSENGER", "SMS"},
	})
	require.NoError(t, err)
	got = run.run(t, "contacts", "export", "--format", "csv")
	assert.Equal(t, result{stdout: header + created.ID +
		",'=7,\"Ada \"\"A\"\", L\",,EN_GB,\"two\nlines\",SMS:15550000000;MESSENGER:a%40b%3Bc@01APP,MESSENGER;SMS\n"}, got)
}

func TestExportFilters(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	seedContacts(t, srv, 45)
	for _, filter := range [][]string{{"--channel", "SMS", "--identity", "15550000007"}, {"--external-id", awkwardContact(7).ExternalID}} {
		got := run.run(t, append([]string{"contacts", "export", "--format", "jsonl"}, filter...)...)
		assert.Equal(t, 1, strings.Count(got.stdout, "\n"))
		assert.Contains(t, got.stdout, "15550000007")
	}
}

func TestExportWritesAFileForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	seedContacts(t, srv, 45)
	path := filepath.Join(t.TempDir(), "contacts.jsonl")
	got := run.run(t, "contacts", "export", "--out", path, "--json")
	assert.Zero(t, got.code, got.stderr)
	assert.JSONEq(t, fmt.Sprintf(`{"contacts":45,"file":%q}`, path), got.stdout)
	assert.Empty(t, got.stderr)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	assert.Equal(t, storedContacts(t, srv), contactsOfFile(t, path, formatJSONL))
	assert.NoFileExists(t, statePath(path))

	for _, further := range [][]string{nil, {"--resume"}} {
		got = run.run(t, append([]string{"contacts", "export", "--out", path}, further...)...)
		assert.Equal(t, exitUsage, got.code)
	}
	assert.Equal(t, storedContacts(t, srv), contactsOfFile(t, path, formatJSONL), "it is as it was")
}

// stoppedExport returns a file of an export that stopped after 2 pages, and how to resume it.
func stoppedExport(t *testing.T, name string) (*conversationtest.Server, ctl, []string) {
	t.Helper()
	srv, run := newContactsFake(t, nil)
	seedContacts(t, srv, 100)
	path := filepath.Join(t.TempDir(), name)
	fault := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 403, Operation: "Contacts.List", Skip: 2})
	args := []string{"contacts", "export", "--out", path}
	got := run.run(t, args...)
	require.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "HTTP 403")
	assert.Contains(t, got.stderr, "run the command again with --resume")
	assertNoContact(t, srv, got.stderr)
	fault.Remove()

	got = run.run(t, args...)
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "has a part of an export: add --resume")
	return srv, run, append(args, "--resume")
}

func TestAnExportResumesAfterEveryMomentOfACrash(t *testing.T) {
	t.Parallel()
	for name, crash := range map[string]func(t *testing.T, path string){
		"between two pages": func(*testing.T, string) {},
		"between a page and the state": func(t *testing.T, path string) {
			t.Helper()
			appendTo(t, path, strings.Repeat("id,with \"a page", 10_000))
		},
		"within a new state": func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.WriteFile(statePath(path)+".new", []byte(`{"format":`), 0o600))
		},
	} {
		for _, format := range []contactFormat{formatCSV, formatJSONL} {
			t.Run(name+" in "+string(format), func(t *testing.T) {
				t.Parallel()
				srv, run, args := stoppedExport(t, "contacts."+string(format))
				crash(t, args[3])
				got := run.run(t, args...)
				assert.Zero(t, got.code, got.stderr)
				assert.Equal(t, storedContacts(t, srv), contactsOfFile(t, args[3], format))
				entries, err := os.ReadDir(filepath.Dir(args[3]))
				require.NoError(t, err)
				for _, entry := range entries {
					assert.NotContains(t, entry.Name(), ".state", "nothing is left behind")
				}
			})
		}
	}
}

func TestAResumedExportMustBeTheSameExport(t *testing.T) {
	t.Parallel()
	_, run, args := stoppedExport(t, "contacts.csv")
	for _, further := range [][]string{{"--format", "jsonl"}, {"--external-id", "7"}, {"--project-id", "other"}} {
		got := run.run(t, append(args, further...)...)
		assert.Equal(t, exitUsage, got.code)
		assert.Contains(t, got.stderr, "from another project, in another format or with other filters")
	}
	require.NoError(t, os.Truncate(args[3], 10))
	got := run.run(t, args...)
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "remove both to begin anew")
}

func TestAnExportThatCannotBeginLeavesNoFile(t *testing.T) {
	t.Parallel()
	_, run := newContactsFake(t, nil)
	path := filepath.Join(t.TempDir(), "contacts.csv")
	got := run.with("SINCH_KEY_SECRET=wrong").run(t, "contacts", "export", "--out", path)
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "invalid_client")
	assert.NoFileExists(t, path)
	assert.NoFileExists(t, statePath(path))
}

func TestAnInterruptedExportCanBeResumed(t *testing.T) {
	t.Parallel()
	fake := newInterruptingFake(t)
	seedContacts(t, fake.srv, 500)
	path := filepath.Join(t.TempDir(), "contacts.csv")
	got := fake.run(t, 5, "contacts", "export", "--out", path)
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "interrupted")
	assert.Contains(t, got.stderr, "with --resume")
	assert.Zero(t, fake.ctl.run(t, "contacts", "export", "--out", path, "--resume").code)
	assert.Equal(t, storedContacts(t, fake.srv), contactsOfFile(t, path, formatCSV))
}
