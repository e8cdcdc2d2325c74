package command

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestDeleteAsksOnATerminal(t *testing.T) {
	t.Parallel()
	for answer, deleted := range map[string]bool{"y": true, "yes": true, "n": false, "": false, "sure": false} {
		t.Run("answer "+answer, func(t *testing.T) {
			t.Parallel()
			srv, ids := newContactBook(t, 2)
			screen := ctlFor(srv).terminal(t, "contacts", "delete", ids[0], ids[1])

			screen.expect(t, "This deletes 2 contacts: "+ids[0]+", "+ids[1]+". The conversations and messages of a contact are deleted with it.")
			screen.expect(t, "[y/N]")
			assert.Zero(t, calls(srv, "Contacts.Delete"), "nothing is deleted before the answer")
			screen.enter(t, answer)
			text, code := screen.end(t)

			if deleted {
				assert.Zero(t, code, text)
				assert.Equal(t, 2, calls(srv, "Contacts.Delete"))
				assert.Contains(t, text, "deleted "+ids[1])
				return
			}
			assert.Equal(t, exitFailed, code)
			assert.Zero(t, calls(srv, "Contacts.Delete"))
			assert.Contains(t, text, "nothing was changed")
		})
	}
}

func TestWithoutATerminalNothingIsChangedUnlessYesIsSet(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	before := len(s.Requests())
	for _, args := range [][]string{
		{"apps", "delete", s.AppID()},
		{"webhooks", "delete", s.webhook},
		{"contacts", "delete", s.contact},
		{"contacts", "merge", s.contact, s.other},
		{"conversations", "delete", s.conversation},
		{"conversations", "stop", s.conversation},
		{"messages", "delete", s.message},
		{"events", "delete", s.event},
		{"templates", "delete", s.template},
		{"batches", "delete", s.batch},
	} {
		got := s.run(t, "y\n", args...)
		assert.Equal(t, exitUsage, got.code, args)
		assert.Contains(t, got.stderr, "--yes", args)
		assert.Empty(t, got.stdout, args)
	}
	assert.Len(t, s.Requests(), before)
}

func TestOneUnknownIDDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	srv, ids := newContactBook(t, 3)

	got := ctlFor(srv).run(t, "contacts", "delete", "--yes", ids[0], "NONE", ids[1])

	assert.Equal(t, exitFailed, got.code)
	assert.Equal(t, "deleted "+ids[0]+"\ndeleted "+ids[1]+"\n", got.stdout)
	assert.Contains(t, got.stderr, "contact NONE: conversation: Contacts.Delete: HTTP 404")
	assert.Contains(t, got.stderr, "1 of 3 contacts failed")
	assert.Equal(t, ids[2:], contactIDs(decodeLines[conversation.Contact](t, ctlFor(srv).run(t, "contacts", "list", "--json").stdout)))
}

func TestEachIDHasALineOfJSON(t *testing.T) {
	t.Parallel()
	srv, ids := newContactBook(t, 2)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Contacts.Delete", Skip: 2, Times: 3}) // All attempts.

	got := ctlFor(srv).run(t, "contacts", "delete", "--yes", "--json", "NONE", ids[0], ids[1], "NO")

	assert.Equal(t, exitUnknown, got.code, "the worst of the ids")
	lines := decodeLines[changeResult](t, got.stdout)
	require.Len(t, lines, 4)
	assert.Equal(t, changeResult{ID: ids[0], Outcome: "accepted"}, lines[1])
	assert.Equal(t, []string{"NONE", "rejected"}, []string{lines[0].ID, lines[0].Outcome})
	assert.Contains(t, lines[0].Error, "HTTP 404")
	assert.Equal(t, []string{ids[1], "unknown"}, []string{lines[2].ID, lines[2].Outcome})
}

func TestALostAnswerToOneIDExitsWith3(t *testing.T) {
	t.Parallel()
	srv, ids := newContactBook(t, 1)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Contacts.Delete"})
	got := ctlFor(srv).run(t, "contacts", "delete", "--yes", ids[0])
	assert.Equal(t, exitUnknown, got.code)
	assert.Contains(t, got.stderr, "look before you run it again")
	assert.Empty(t, got.stdout)
}
