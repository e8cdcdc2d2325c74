package command

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestIncorrectUsageOfContactFilesSendsNothing(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	good := writeContacts(t, "contacts.csv", csvLines(1))
	missing := filepath.Join(t.TempDir(), "missing.csv")
	for _, test := range []struct {
		args string
		want string
	}{
		{"export", "--format is missing: use csv or jsonl"},
		{"export --format xml", "--format must be csv or jsonl"},
		{"export --out contacts.txt", "--format is missing"},
		{"export --format csv --resume", "--resume requires --out"},
		{"export --format csv --channel SMS", "--channel and --identity require each other"},
		{"export --format csv --identity 7", "--channel and --identity require each other"},
		{"export --format csv --external-id 7 --identity 7 --channel SMS", "keep one filter"},
		{"export --out " + good, "exists: name another file"},
		{"export --resume --out " + good, "is complete, or was not written by this command"},
		{"export --out /nowhere/contacts.csv", "--out: open /nowhere/contacts.csv.state"},
		{"export extra", "accepts no argument"},
		{"import", "requires FILE"},
		{"import " + missing, "FILE: open " + missing},
		{"import -", "write the contacts to a file"},
		{"import /dev/null --format csv", "is not a regular file"},
		{"import " + t.TempDir() + " --format csv", "is not a regular file"},
		{"import " + good + " --format xml", "--format must be csv or jsonl"},
		{"import " + good + " --rate 0", "--rate: 0 is not a rate"},
		{"import " + good + " --rate NaN", "--rate: NaN is not a rate"},
		{"import " + good + " --concurrency 0", "--concurrency: 0 is not from 1 to 100"},
		{"import " + good + " --external-id-from email", "the only column to use"},
		{"import " + good + " --journal /nowhere/journal", "--journal: open /nowhere/journal"},
		{"import " + writeContacts(t, "empty.csv", ""), "does not begin with a line of the columns"},
		{"import " + writeContacts(t, "noheader.csv", "1,Lovelace,SMS:15550000000\n"), "column 1 of the first line is not one of id, external_id"},
		{"import " + writeContacts(t, "semicolons.csv", "external_id;channel_identities\n"), "separated by commas"},
		{"import " + writeContacts(t, "twice.csv", "external_id,email,email\n"), "column 3 of the first line is email again"},
		{"import " + writeContacts(t, "utf16.csv", "\xff\xfee\x00x\x00"), "column 1 of the first line"},
	} {
		got := run.run(t, append([]string{"contacts"}, strings.Fields(test.args)...)...)
		assert.Equal(t, exitUsage, got.code, test.args)
		assert.Contains(t, got.stderr, test.want, test.args)
		assert.Empty(t, got.stdout, test.args)
		assertNoContact(t, srv, got.stderr)
	}
	assert.Empty(t, srv.Requests())
	assert.NoFileExists(t, good+".journal")
}

func TestADryRunReportsBadLinesAndSendsNothing(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	path := writeContacts(t, "contacts.csv", csvLines(2)+"u,Ada,EN_GB,\n"+"u,Ada\n")
	got := run.run(t, "contacts", "import", path, "--dry-run", "--json")
	assert.Equal(t, exitFailed, got.code)
	assert.Equal(t, 2, strings.Count(got.stdout, "\n"))
	assert.Contains(t, got.stdout, `{"line":4,"reason":"Contacts.Create: channel_identities is empty`)
	assert.Contains(t, got.stdout, `{"line":5,"reason":"has 2 cells`)
	assert.Contains(t, got.stderr, "2 of 4 lines would fail")

	got = run.run(t, "contacts", "import", path, "--dry-run")
	assert.Contains(t, got.stdout, "LINE  REASON\n4     Contacts.Create")

	got = run.run(t, "contacts", "import", writeContacts(t, "good.csv", csvLines(2)), "--dry-run")
	assert.Equal(t, result{stderr: "All 2 lines can be sent.\n"}, got)
	assert.Empty(t, srv.Requests())
	for _, left := range []string{".journal", ".failed.jsonl"} {
		assert.NoFileExists(t, path+left)
	}
}

func TestTheIDIsTheExternalIDIfAsked(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	path := writeContacts(t, "contacts.csv", "id,external_id,language,channel_identities\n01A,,EN_GB,SMS:15550000001\n01B,u,EN_GB,SMS:15550000002\n")
	got := run.run(t, "contacts", "import", path, "--external-id-from", "id", "--json")
	assert.JSONEq(t, `{"created":2,"updated":0,"unchanged":0,"failed":0}`, got.stdout)
	stored := storedContacts(t, srv)
	assert.Equal(t, []string{"01A", "u"}, []string{stored[0].ExternalID, stored[1].ExternalID})
	got = run.run(t, "contacts", "import", path, "--external-id-from", "id", "--json")
	assert.JSONEq(t, `{"created":0,"updated":0,"unchanged":2,"failed":0}`, got.stdout)
}

func TestATerminalShowsBars(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	seedContacts(t, srv, 60)
	path := filepath.Join(t.TempDir(), "contacts.csv")
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Delay: 150_000_000})
	shown := run.terminal(t, "contacts", "export", "--out", path)
	shown.expect(t, "Exporting")
	screen, code := shown.end(t)
	assert.Zero(t, code, screen)
	assert.Contains(t, screen, "Exported 60 contacts to "+path)

	shown = run.terminal(t, "contacts", "import", path, "--concurrency", "20")
	shown.expect(t, "Importing")
	screen, code = shown.end(t)
	assert.Zero(t, code, screen)
	assert.Contains(t, screen, "UNCHANGED")
	assertNoContact(t, srv, screen)

	shown = run.terminal(t, "contacts", "export", "--format", "jsonl")
	screen, _ = shown.end(t)
	assert.NotContains(t, screen, "Exporting", "the contacts are on the same screen")
	assert.Contains(t, screen, fmt.Sprintf("%q", awkwardContact(0).Email))
}

func TestEachCommandForContactFilesHasHelp(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"export", "import"} {
		got := ctl{}.run(t, "contacts", name, "--help")
		assert.Zero(t, got.code)
		for _, part := range []string{"Examples:", "Exits with 1", "--json"} {
			assert.Contains(t, got.stdout, part)
		}
	}
	require.Contains(t, ctl{}.run(t, "contacts", "import", "--help").stdout, "--dry-run")
}
