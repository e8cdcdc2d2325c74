// Package command has the commands of conversationctl.
package command

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// Main runs the command of the process's arguments, and returns the exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &program{Console: console.Standard()}
	err := New(p.Console).ExecuteContext(ctx)
	if err != nil && err.Error() != "" {
		fmt.Fprintln(p.Err, p.PaintErr(console.Red, "conversationctl:"), err)
	}
	return exitCode(err)
}
