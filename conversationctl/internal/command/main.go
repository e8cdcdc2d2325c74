// Package command has the commands of conversationctl.
package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// Main runs the command of the process's arguments, and returns the exit code.
func Main() int {
	signal.Ignore(syscall.SIGPIPE) // A reader that ends early must not end a request: the write fails instead.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &program{Console: console.Standard()}
	err := New(p.Console).ExecuteContext(ctx)
	if err != nil && err.Error() != "" && !isReaderGone(err) {
		fmt.Fprintln(p.Err, p.PaintErr(console.Red, "conversationctl:"), err)
	}
	return exitCode(err)
}

// isReaderGone reports whether the reader of stdout, such as head, has read enough. Lists end without a message then.
func isReaderGone(err error) bool {
	return errors.Is(err, syscall.EPIPE) && exitCode(err) == exitFailed
}
