package command

import (
	"bufio"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// newContactBook returns a fake with contacts, and their ids in the order of a list.
func newContactBook(t *testing.T, count int) (*conversationtest.Server, []string) {
	t.Helper()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	client := srv.NewClient(t)
	for start := 0; start < count; start += 1000 {
		req := &conversation.CreateContactsRequest{}
		for i := start; i < min(start+1000, count); i++ {
			req.Contacts = append(req.Contacts, conversation.CreateContactRequest{
				Language: conversation.LanguageEN, DisplayName: "A person whose name has some length, to fill the pipe",
				ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: fmt.Sprintf("+1202%07d", i)}},
			})
		}
		require.NoError(t, client.Batches.CreateContacts(t.Context(), req))
	}
	var ids []string
	for contact, err := range client.Contacts.All(t.Context(), &conversation.ListContactsParams{PageSize: 20}) {
		require.NoError(t, err)
		ids = append(ids, contact.ID)
	}
	require.Len(t, ids, count)
	return srv, ids
}

func contactIDs(contacts []conversation.Contact) []string {
	var ids []string
	for _, contact := range contacts {
		ids = append(ids, contact.ID)
	}
	return ids
}

func TestAListIsPrintedWhileItIsRead(t *testing.T) {
	t.Parallel()
	srv, ids := newContactBook(t, 5000)
	before := calls(srv, "Contacts.List")
	cmd := ctlFor(srv).command(t, "contacts", "list", "--json")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())

	line, err := bufio.NewReaderSize(stdout, 1024).ReadString('\n')

	require.NoError(t, err)
	assert.Equal(t, ids[0], decodeStrictly[conversation.Contact](t, line).ID)
	require.NoError(t, stdout.Close())
	require.Error(t, cmd.Wait())
	assert.Equal(t, exitFailed, cmd.ProcessState.ExitCode())
	assert.Empty(t, stderr.String(), "it ends with its reader, as other programs in a pipe do")
	assert.Less(t, calls(srv, "Contacts.List")-before, 100, "of 250 pages")
}

func TestAWholeListIsPrinted(t *testing.T) {
	t.Parallel()
	srv, ids := newContactBook(t, 250)

	lines := ctlFor(srv).run(t, "contacts", "list", "--json")
	table := ctlFor(srv).run(t, "contacts", "list")

	assert.Equal(t, ids, contactIDs(decodeLines[conversation.Contact](t, lines.stdout)))
	rows := strings.Split(strings.TrimSuffix(table.stdout, "\n"), "\n")
	require.Len(t, rows, 1+len(ids))
	assert.Equal(t, []string{"ID", "NAME", "IDENTITIES", "LANGUAGE", "EXTERNAL", "ID"}, strings.Fields(rows[0]))
	for i, id := range ids {
		assert.Equal(t, id, strings.Fields(rows[i+1])[0])
	}
	assert.Empty(t, lines.stderr+table.stderr)
}

func TestALimitEndsAListWithoutFurtherPages(t *testing.T) {
	t.Parallel()
	srv, ids := newContactBook(t, 60)
	for limit, pages := range map[string]int{"1": 1, "20": 1, "21": 2, "60": 3, "100": 3} {
		before := calls(srv, "Contacts.List")
		got := ctlFor(srv).run(t, "contacts", "list", "--json", "--limit", limit)
		var count int
		_, err := fmt.Sscan(limit, &count)
		require.NoError(t, err)
		assert.Equal(t, ids[:min(count, 60)], contactIDs(decodeLines[conversation.Contact](t, got.stdout)))
		assert.Equal(t, pages, calls(srv, "Contacts.List")-before, "pages for "+limit)
	}
	requests := srv.Requests()
	assert.Contains(t, []string{"1", "20"}, requests[len(requests)-1].Query.Get("page_size"))
}

func TestAListGoesOnAtThePageThatFailed(t *testing.T) {
	t.Parallel()
	srv, ids := newContactBook(t, 60)
	for _, args := range [][]string{{"--json"}, {}} {
		fault := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 400, Operation: "Contacts.List", Skip: 2})
		failed := ctlFor(srv).run(t, append([]string{"contacts", "list"}, args...)...)
		fault.Remove()

		assert.Equal(t, exitFailed, failed.code)
		_, token, found := strings.Cut(failed.stderr, `--page-token "`)
		require.True(t, found, failed.stderr)
		token, _, _ = strings.Cut(token, `"`)
		rest := ctlFor(srv).run(t, append([]string{"contacts", "list", "--page-token", token}, args...)...)
		assert.Zero(t, rest.code, rest.stderr)
		for i, id := range ids {
			assert.Equal(t, i < 40, strings.Contains(failed.stdout, id), i)
			assert.Equal(t, i >= 40, strings.Contains(rest.stdout, id), i)
		}
	}
}

func TestAListThatFailsAtOnceIsNotCalledEmpty(t *testing.T) {
	t.Parallel()
	srv, _ := newContactBook(t, 1)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 403, Operation: "Contacts.List"})
	got := ctlFor(srv).run(t, "contacts", "list")
	assert.Equal(t, exitFailed, got.code)
	assert.Empty(t, got.stdout)
	assert.NotContains(t, got.stderr, "There are none")
	assert.NotContains(t, got.stderr, "--page-token")
}

func TestAnEmptyListPrintsNothing(t *testing.T) {
	t.Parallel()
	srv, _ := newContactBook(t, 0)
	assert.Equal(t, result{stderr: "There are none.\n"}, ctlFor(srv).run(t, "contacts", "list"))
	assert.Equal(t, result{}, ctlFor(srv).run(t, "contacts", "list", "--json"))
}

func TestFiltersAreSent(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	ago := time.Now().Add(-24 * time.Hour)
	for _, tt := range []struct {
		args string
		want map[string]string
	}{
		{"contacts list --external-id E --identity +12025550123 --channel SMS", map[string]string{
			"external_id": "E", "identity": "+12025550123", "channel": "SMS", "page_size": "20", "app_id": "",
		}},
		{"conversations list --contact C --active --channel RCS", map[string]string{
			"contact_id": "C", "only_active": "true", "active_channel": "RCS", "app_id": s.AppID(), "page_size": "20",
		}},
		{"conversations list --app OTHER", map[string]string{"app_id": "OTHER", "only_active": ""}},
		{
			"messages list --app A --conversation C --contact D --identity 1 --channel SMS --until 2026-01-31T12:00:00+01:00 " +
				"--direction to_app --view without_metadata",
			map[string]string{
				"app_id": "A", "conversation_id": "C", "contact_id": "D", "channel_identity": "1", "channel": "SMS",
				"end_time": "2026-01-31T11:00:00Z", "direction": "TO_APP", "view": "WITHOUT_METADATA",
				"messages_source": "CONVERSATION_SOURCE", "page_size": "1000",
			},
		},
		{"messages list --limit 7 --source dispatch_source", map[string]string{"messages_source": "DISPATCH_SOURCE", "page_size": "7", "start_time": ""}},
		{"events list --conversation C --contact D", map[string]string{"conversation_id": "C", "contact_id": "D", "page_size": "20"}},
		{"consents list --page-token T", map[string]string{"page_size": "50", "page_token": "T"}},
		{"batches list --metadata a=b=c", map[string]string{"metadataKey": "a", "metadataValue": "b=c"}},
	} {
		s.run(t, "", strings.Fields(tt.args)...)
		requests := s.Requests()
		for name, value := range tt.want {
			assert.Equal(t, value, requests[len(requests)-1].Query.Get(name), "%s: %s", tt.args, name)
		}
	}
	s.run(t, "", "messages", "list", "--since", "24h")
	requests := s.Requests()
	since, err := time.Parse(time.RFC3339, requests[len(requests)-1].Query.Get("start_time"))
	require.NoError(t, err)
	assert.WithinDuration(t, ago, since, time.Minute)
}

func TestLinesHaveTheNamesOfTheContract(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	s.OptOut(conversationtest.From(conversation.ChannelSMS, storedNumber))
	list := func(args string) string {
		got := s.run(t, "", strings.Fields(s.ids(args, ""))...)
		assert.Zero(t, got.code, got.stderr)
		return got.stdout
	}
	assert.Equal(t, s.AppID(), decodeLines[conversation.App](t, list("apps list --json"))[0].ID)
	assert.Equal(t, s.webhook, decodeLines[conversation.Webhook](t, list("webhooks list --json"))[0].ID)
	assert.Len(t, decodeLines[conversation.Contact](t, list("contacts list --json")), 2)
	assert.Equal(t, s.conversation, decodeLines[conversation.Conversation](t, list("conversations list --json"))[0].ID)
	assert.Equal(t, storedText, decodeLines[conversation.ConversationMessage](t, list("messages list --json"))[0].AppMessage.TextMessage.Text)
	assert.Equal(t, s.event, decodeLines[conversation.ConversationEvent](t, list("events list --contact CONTACT --json"))[0].ID)
	assert.Equal(t, s.template, decodeLines[conversation.V2TemplateResponse](t, list("templates list --json"))[0].ID)
	assert.Len(t, decodeLines[conversation.ConsentIdentity](t, list("consents list --json")), 1)
	assert.Equal(t, s.batch, decodeLines[conversation.Batch](t, list("batches list --metadata campaign=spring --json"))[0].BatchID)
}
