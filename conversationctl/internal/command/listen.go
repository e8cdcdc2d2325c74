package command

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation/webhook"
)

const listenLong = `Receive callbacks, verify their signatures and print each event. Without --secret-env, signatures are not verified.
The command runs until Ctrl-C or SIGTERM, and answers the callbacks that are running before it ends.

--record appends each callback to a file before anything else happens, for conversationctl replay. The file has the body, the
signature and the content type, no other header, and only its owner can read it.

--forward-to posts each callback on, with the bytes and headers as they came. If the target answers with 2xx, so does listen,
with 200; a 4xx is passed on. If it answers anything else, or not at all, or the callback cannot be recorded, the callback is
answered with 503, so that Sinch delivers it again. Redirects are not followed. Without --forward-to, the answer is 200.

A callback that is delivered again is printed as redelivered. It is recorded and forwarded again too: whether it was handled
is for the target to know. Refused callbacks are reported on stderr with the reason, and never recorded or forwarded.

JSON: one object a line, {"received","trigger","app_id","contact_id","conversation_id","channel","identity","message_id",
"event_id","kind","text","status","reason","redelivered","forwarded":{"status","error"},"callback"}. Fields that an event does
not have are left out. callback is the body: as JSON, or as a string if it is not JSON.

Exit codes: 0 after Ctrl-C; 1 if it could not listen or finish the record; 2 incorrect usage.`

const listenExample = `  conversationctl listen --addr :8080 --secret-env SINCH_WEBHOOK_SECRET
  conversationctl listen --addr :8080 --path /sinch --forward-to http://localhost:3000/sinch --record callbacks.jsonl
  conversationctl listen --trigger MESSAGE_INBOUND --json | jq .text`

type listenFlags struct {
	addr, path      string
	secretVariables []string
	forwardTo       string
	record          string
	triggers        []string
}

func newListen(p *program) *cobra.Command {
	f := &listenFlags{}
	cmd := &cobra.Command{
		Use:     "listen",
		GroupID: groupTasks,
		Short:   "Receive callbacks",
		Long:    listenLong,
		Example: listenExample,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.listen(cmd, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", ":8080", "`address` to listen on")
	flags.StringVar(&f.path, "path", "/", "`path` of the target of the webhook")
	flags.StringArrayVar(&f.secretVariables, "secret-env", nil, "`variable` with the secret of the webhook; once for each secret")
	flags.StringVar(&f.forwardTo, "forward-to", "", "`URL` to post each callback to")
	flags.StringVar(&f.record, "record", "", "`file` to append each callback to")
	flags.StringSliceVar(&f.triggers, "trigger", nil, "`triggers` of the events to print, such as MESSAGE_INBOUND (default: all); all are recorded and forwarded")
	return cmd
}

func (p *program) listen(cmd *cobra.Command, f *listenFlags) (err error) {
	if !strings.HasPrefix(f.path, "/") {
		return usageError("--path must begin with /, such as /sinch")
	}
	l := &listener{program: p, path: f.path, seen: webhook.NewMemoryDeduper(seenCallbacks)}
	if l.triggers, err = parseTriggers(f.triggers); err != nil {
		return err
	}
	if l.target, err = newCallbackTarget("--forward-to", f.forwardTo); err != nil {
		return err
	}
	receiver, err := p.newReceiver(f.secretVariables)
	if err != nil {
		return err
	}
	if f.record != "" {
		if l.recorder, err = newRecorder(f.record); err != nil {
			return usageError("--record: %w", err)
		}
		defer func() { err = errors.Join(err, l.recorder.close()) }()
	}
	server, err := listenOn(cmd.Context(), f.addr, l.handler(receiver))
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	p.Note("Listening on %s", server.url(f.path))
	p.Note("To get callbacks, make this address reachable from the internet over https, such as with a tunnel, and create a webhook whose "+
		"target is the public address: see %s webhooks create --help. Ctrl-C ends.", cmd.Root().Name())
	select {
	case <-cmd.Context().Done():
		return server.close()
	case err := <-server.failed:
		return err
	}
}

// handler returns the handler for the path of the webhook's target.
func (l *listener) handler(receiver *webhook.Receiver) http.Handler {
	callbacks := receiver.Forward(l.receive)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != l.path {
			l.refused(http.StatusNotFound, "another path", "the target of the webhook must end in "+l.path+", or pass --path")
			http.NotFound(w, r)
			return
		}
		answerInPlace(callbacks, w, r)
	})
}
