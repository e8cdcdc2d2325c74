// Conversation-relay looks at the relay of a program, and settles by hand what needs a decision.
//
//	conversation-relay -dir /var/lib/shop/relay status
//	conversation-relay -server nats://10.0.0.7:4222 dead list
//
// With -dir it uses the engine of the process that has the folder open with embedded.WithListen; if none has, it runs the
// engine itself for the time of the command. -h lists the commands. The exit code is 0 for success and for -h, 1 when
// something failed and 2 for a wrong call.
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
