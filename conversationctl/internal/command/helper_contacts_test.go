package command

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// newContactsFake returns a fake that keeps few requests, and the program's environment for it.
func newContactsFake(t *testing.T, onRequest func()) (*conversationtest.Server, ctl) {
	t.Helper()
	srv := conversationtest.NewServer(conversationtest.Config{LogLimit: 100, OnRequest: func(conversationtest.Request, time.Duration) {
		if onRequest != nil {
			onRequest()
		}
	}})
	t.Cleanup(srv.Close)
	return srv, ctlFor(srv)
}

// seedContacts creates n contacts with awkward values.
func seedContacts(t *testing.T, srv *conversationtest.Server, n int) {
	t.Helper()
	const most = 1000
	client := srv.NewClient(t)
	for first := 0; first < n; first += most {
		request := &conversation.CreateContactsRequest{}
		for i := first; i < min(first+most, n); i++ {
			request.Contacts = append(request.Contacts, awkwardContact(i))
		}
		require.NoError(t, client.Batches.CreateContacts(t.Context(), request))
	}
}

// awkwardValues are strings that formats of files tend to change.
var awkwardValues = []string{
	"Ada Lovelace", `Grace "Amazing" Hopper`, "Hopper, Grace", "two\nlines", "two\r\nlines", "=1+1", "+49", "-1", "@home", "'quoted",
	"''twice", "'", "  spaces  ", "007", "\ttab", "<b>&amp;", "Zoë 🚀", "a;b:c@d%20e", "\u2028", `\`, `""`, "#", "null", "＝1",
}

func contactNumber(i int) string { return fmt.Sprintf("1555%07d", i) }

func awkwardContact(i int) conversation.CreateContactRequest {
	value := func(offset int) string { return awkwardValues[(i+offset)%len(awkwardValues)] }
	return conversation.CreateContactRequest{
		ExternalID:  fmt.Sprintf("%s-%d", value(0), i),
		DisplayName: value(1),
		Email:       fmt.Sprintf("ada%d@example.com", i),
		Language:    conversation.LanguageENGB,
		Metadata:    value(2),
		ChannelIdentities: []conversation.ChannelIdentity{
			{Channel: conversation.ChannelSMS, Identity: contactNumber(i)},
			{Channel: conversation.ChannelMessenger, Identity: fmt.Sprintf("%s/%d", value(3), i), AppID: fmt.Sprintf("01APP;%d@x", i%3)},
		},
		ChannelPriority: []conversation.Channel{conversation.ChannelMessenger, conversation.ChannelSMS},
	}
}

// storedContacts returns what a fake stores, without ids, by external id.
func storedContacts(t *testing.T, srv *conversationtest.Server) []conversation.Contact {
	t.Helper()
	var stored []conversation.Contact
	for contact, err := range srv.NewClient(t).Contacts.All(t.Context(), &conversation.ListContactsParams{PageSize: contactsPage}) {
		require.NoError(t, err)
		stored = append(stored, *contact)
	}
	return withoutIDs(stored)
}

// contactsOfFile returns the contacts of an export, without ids, by external id.
func contactsOfFile(t *testing.T, path string, format contactFormat) []conversation.Contact {
	t.Helper()
	lines, err := openContactLines(path, format)
	require.NoError(t, err)
	defer func() { assert.NoError(t, lines.Close()) }()
	var contacts []conversation.Contact
	for {
		line, err := lines.next()
		require.NoError(t, err)
		if line == nil {
			return withoutIDs(contacts)
		}
		require.Empty(t, line.problem, "line %d", line.number)
		contacts = append(contacts, *line.contact)
	}
}

func withoutIDs(contacts []conversation.Contact) []conversation.Contact {
	for i := range contacts {
		contacts[i].ID = ""
	}
	slices.SortFunc(contacts, func(a, b conversation.Contact) int { return cmp.Compare(a.ExternalID, b.ExternalID) })
	return contacts
}

// writeContacts writes a file into a directory of the test.
func writeContacts(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// appendTo appends to a file, as a process that was killed before it saved its position.
func appendTo(t *testing.T, path, content string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = file.WriteString(content)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// assertDiscreet asserts that stderr shows nothing of the contacts, and no secret.
func assertNoContact(t *testing.T, srv *conversationtest.Server, stderr string) {
	t.Helper()
	for _, private := range []string{srv.KeySecret(), "1555000", "Lovelace", "Hopper", "example.com"} {
		assert.NotContains(t, stderr, private)
	}
}

// interruptingFake is a fake that interrupts the program that calls it, as Ctrl-C does.
type interruptingFake struct {
	srv      *conversationtest.Server
	ctl      ctl
	requests atomic.Int64
	at       atomic.Int64 // the request after which it interrupts
	process  atomic.Pointer[os.Process]
}

func newInterruptingFake(t *testing.T) *interruptingFake {
	t.Helper()
	fake := &interruptingFake{}
	fake.srv, fake.ctl = newContactsFake(t, func() {
		if process := fake.process.Load(); fake.requests.Add(1) == fake.at.Load() && process != nil {
			_ = process.Signal(os.Interrupt) // It may have ended.
		}
	})
	fake.ctl.raced = true
	return fake
}

// run runs the program, and interrupts it after a number of requests.
func (f *interruptingFake) run(t *testing.T, requests int64, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := f.ctl.command(t, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	f.at.Store(f.requests.Load() + requests)
	require.NoError(t, cmd.Start())
	f.process.Store(cmd.Process)
	_ = cmd.Wait() // The exit code is the result.
	f.process.Store(nil)
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}
