// Conversation-fake serves the fake of package conversationtest to programs in any language.
//
//	conversation-fake -addr 127.0.0.1:8787
//
// When it is ready it prints one JSON line on stdout: base_url, token_url, project_id, key_id, key_secret and app_id.
// Then it serves until SIGTERM or SIGINT, and logs each request on stderr. The exit code is 0 after a signal, 1 if it
// cannot serve and 2 if the flags are wrong.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
