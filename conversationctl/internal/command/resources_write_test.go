package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestALostAnswerToACreateExitsWith3AndIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for _, tt := range verbs {
		words := strings.Fields(tt.args)
		if words[1] != "create" && words[1] != "update" && words[1] != "merge" {
			continue
		}
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			s := newStored(t, conversation.ProcessingModeConversation)
			s.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: tt.operation})
			s.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 404, Operation: "Batches.FindByMetadata"})
			before := calls(s.Server, tt.operation)
			args := strings.Fields(s.ids(tt.args, conversation.MessageSourceConversation))
			if words[0] == "batches" {
				args = append(args, "--lookup-timeout", "1ms")
			}

			got := s.run(t, s.ids(tt.stdin, ""), args...)

			assert.Equal(t, exitUnknown, got.code, got.stderr)
			assert.Empty(t, got.stdout)
			assert.Contains(t, got.stderr, "look before you run it again")
			if words[1] == "create" {
				assert.Contains(t, got.stderr, "conversationctl "+words[0]+" list")
			}
			if tt.operation != "Batches.InsertConsents" && words[1] != "update" {
				assert.Equal(t, 1, calls(s.Server, tt.operation)-before, "a create is not retried")
			}
		})
	}
}

func TestAnAnswerThatCannotBeReadExitsWith3(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	s.Fault(conversationtest.Fault{Kind: conversationtest.FaultTruncatedBody, Operation: "Contacts.Create"})
	got := s.run(t, contactFile, "contacts", "create", "--file", "-")
	assert.Equal(t, exitUnknown, got.code, got.stderr)
	assert.Contains(t, got.stderr, "conversationctl contacts list")
}

func TestUpdateChangesWhatTheFileHasOrTheMask(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	file := filepath.Join(t.TempDir(), "changes.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"display_name":"Ada","email":"ada@example.com"}`), 0o600))
	for args, mask := range map[string]string{"": "display_name,email", "--mask email": "email", "--mask email,metadata": "email,metadata"} {
		got := s.run(t, "", append([]string{"contacts", "update", s.contact, "--file", file}, strings.Fields(args)...)...)
		assert.Zero(t, got.code, got.stderr)
		requests := s.Requests()
		assert.ElementsMatch(t, strings.Split(mask, ","), strings.Split(requests[len(requests)-1].Query.Get("update_mask"), ","))
	}
}

func TestATemplateIsReplacedWithWhatGetPrinted(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	printed := s.run(t, "", "templates", "get", s.template)
	got := s.run(t, strings.Replace(printed.stdout, `"Hi"`, `"Hello"`, 1), "templates", "update", s.template, "--file", "-")
	assert.Zero(t, got.code, got.stderr)
	assert.Equal(t, "Hello", decodeStrictly[conversation.V2TemplateResponse](t, got.stdout).Translations[0].TextMessage.Text)
}

func TestJSONIsIndentedForOneObject(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	plain := s.run(t, "", "contacts", "get", s.contact)
	assert.Equal(t, plain, s.run(t, "", "contacts", "get", s.contact, "--json"))
	assert.Equal(t, s.contact, decodeStrictly[conversation.Contact](t, plain.stdout).ID)
	assert.True(t, strings.HasPrefix(plain.stdout, "{\n  \""))
}

func TestTheAppIsThatOfTheFlagTheFileOrTheEnvironment(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	for _, tt := range []struct{ flag, file, want string }{
		{"", "", s.AppID()},
		{"", "FILE", "FILE"},
		{"FLAG", "", "FLAG"},
		{"SAME", "SAME", "SAME"},
	} {
		request := map[string]any{"contact_id": s.other}
		if tt.file != "" {
			request["app_id"] = tt.file
		}
		encoded, err := json.Marshal(request)
		require.NoError(t, err)
		args := []string{"conversations", "create", "--file", "-"}
		if tt.flag != "" {
			args = append(args, "--app", tt.flag)
		}
		s.run(t, string(encoded), args...)
		requests := s.Requests()
		assert.Contains(t, string(requests[len(requests)-1].Body), `"app_id":"`+tt.want+`"`)
	}
}

func TestTheExamplesOfCreateAndUpdateAreValid(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	require.NoError(t, s.client.Webhooks.Delete(t.Context(), s.webhook))
	root := New(&console.Console{})
	for _, resource := range root.Commands() {
		for _, verb := range resource.Commands() {
			if resource.GroupID != groupResources || !strings.Contains(verb.Example, "echo ") {
				continue
			}
			_, request, _ := strings.Cut(verb.Example, "'")
			request, line, _ := strings.Cut(request, "' | conversationctl ")

			got := s.run(t, strings.ReplaceAll(request, exampleID, s.other), strings.Fields(line)...)

			if verb.Name() == "create" {
				assert.Zero(t, got.code, "%s: %s", line, got.stderr)
				continue
			}
			assert.Contains(t, got.stderr, "HTTP 404", line)
		}
	}
}

func TestAnAnswerThatCannotBePrintedExitsWith3(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	unwritable, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer func() { _ = unwritable.Close() }()
	cmd := ctlFor(s.Server).in(contactFile).command(t, "contacts", "create", "--file", "-")
	cmd.Stdout = unwritable
	require.Error(t, cmd.Run())
	assert.Equal(t, exitUnknown, cmd.ProcessState.ExitCode())
	assert.Equal(t, 3, calls(s.Server, "Contacts.Create"), "the two that are stored, and this one")
}
