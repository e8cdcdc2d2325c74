// Conversation-fake serves the fake Conversation API of package conversationtest over HTTP, for tests in any language, and
// a page for a browser that shows the phones of the contacts and the traffic of the app.
//
//	conversation-fake -addr 127.0.0.1:8787 -ui 127.0.0.1:8788
//
// When it is ready, it prints one line of JSON to stdout, with base_url, batch_url, token_url, project_id, key_id,
// key_secret, app_id, control_url and ui_url, and to stderr a link to the page and a command that sends a message. It then
// serves until it receives SIGTERM or SIGINT, and logs each request to stderr. The exit code is 0 after a signal, 1 if it
// cannot serve and 2 if a flag is invalid.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/sinchgo/conversation/conversationtest/fakeprogram"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := fakeprogram.Main(ctx, "conversation-fake", os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
