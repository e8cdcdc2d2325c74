package command

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestErrorsOfFlagsDoNotShowTheirValues(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	contacts := writeContacts(t, "contacts.csv", csvLines(1))
	send := []string{"send", "--to=SMS:" + testNumber, "--text=x"}
	for _, wrong := range []string{testNumber, testText, "Pa55word-of-the-key"} {
		for _, args := range [][]string{
			{wrong},
			{"contacts", wrong},
			append(send, wrong), append(send, "--"+wrong), append(send, "-"+wrong[1:]),
			append(send, "--ttl="+wrong), append(send, "--queue="+wrong), append(send, "--wait", "--until="+wrong),
			append(send, "--wait", "--timeout="+wrong), append(send, "--wait", "--listen=127.0.0.1:0", "--secret-env="+wrong),
			append(send, "--dry-run="+wrong), append(send, "--channel-priority="+wrong),
			{"send", "--to=SMS:" + testNumber, "--template=t", "--param", wrong + "=1", "--param", wrong + "=2"},
			{"contacts", "list", "--limit=x" + wrong},
			{"contacts", "export", "--format=" + wrong},
			{"contacts", "import", contacts, "--external-id-from=" + wrong},
			{"contacts", "import", contacts, "--rate=x" + wrong},
			{"listen", "--trigger=" + wrong},
			{"listen", "--secret-env=" + wrong},
			{"listen", "--forward-to=" + wrong},
			{"replay", contacts, "--to=http://127.0.0.1:1", "--rate=x" + wrong},
			{"doctor", "--trigger=" + wrong},
			{"doctor", "--channel=" + wrong},
			{"messages", "list", "--since=x" + wrong},
		} {
			got := ctlFor(srv).run(t, args...)
			assert.Equal(t, exitUsage, got.code, args)
			assert.NotContains(t, got.stderr, wrong[1:], args)
			assertDiscreet(t, got.stderr)
		}
	}
	assert.Empty(t, srv.Requests())
}

func TestAnEmptyFlagIsNotThatOfTheEnvironment(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	for _, flag := range []string{"app", "project-id", "key-id", "region", "correlation-id", "metadata", "channel-priority", "queue"} {
		got := ctlFor(srv).run(t, "send", "--to=SMS:"+testNumber, "--text=x", "--"+flag+"=")
		assert.Equal(t, exitUsage, got.code, flag)
		assert.Contains(t, got.stderr, "--"+flag+" is empty")
	}
	assert.Empty(t, srv.Requests())
}

func TestStdinIsReadForOneFlag(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	for _, args := range [][]string{
		{"send", "--to=SMS:" + testNumber, "--file=-"}, {"call", "POST", "/v1/x", "--data=-"}, {"contacts", "create", "--file", "-"},
	} {
		got := ctlFor(srv).in(testSecret).run(t, append(args, "--key-secret-file=-")...)
		assert.Equal(t, exitUsage, got.code)
		assert.Contains(t, got.stderr, "both read stdin")
	}
	assert.Empty(t, srv.Requests())
}
