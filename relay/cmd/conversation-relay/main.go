// Conversation-relay inspects the relay of a program, and controls its entries by hand.
//
//	conversation-relay -dir /var/lib/shop/relay status
//	conversation-relay -dir /var/lib/shop/relay pause -group summer-sale
//	conversation-relay -server nats://10.0.0.7:4222 watch
//
// With -dir it uses the engine of the process that has the folder open with embedded.WithListen. If there is no such
// process, it runs the engine itself during the command, and syncs before each answer. A damaged folder is an error, unless
// -damaged is set. -h lists the commands.
//
// What changes more than one entry asks first, unless -yes is set. The exit code is 0 for success and for -h, 1 for a failure,
// such as a damaged folder, 2 for incorrect usage, and 3 if an entry that was watched ended otherwise.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/sinchgo/conversation/relay/relayprogram"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := relayprogram.Main(ctx, "conversation-relay", os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
