// Package command has the commands of conversationctl.
package command

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// Main runs the command of the process's arguments, and returns the exit code.
func Main() int {
	signal.Ignore(syscall.SIGPIPE) // A reader that ends early must not end a request: the write fails instead.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	terminal := console.Standard()
	err := New(terminal).ExecuteContext(ctx)
	if err != nil && err.Error() != "" && !isReaderGone(err) {
		fmt.Fprintln(terminal.Err, terminal.PaintErr(console.Red, "conversationctl:"), err)
	}
	if deniesAccess(err) {
		terminal.Note("See conversationctl doctor, which checks the access key, the project, the region and the app.")
	}
	return exitCode(err)
}

// isReaderGone reports whether the reader of stdout, such as head, has read enough. Lists end without a message then.
func isReaderGone(err error) bool {
	return errors.Is(err, syscall.EPIPE) && exitCode(err) == exitFailed
}

// deniesAccess reports whether the cause of an error may be the setup, which doctor checks.
func deniesAccess(err error) bool {
	if _, ok := errors.AsType[*conversation.AuthError](err); ok {
		return true
	}
	answer, ok := errors.AsType[*conversation.Error](err)
	return ok && slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}, answer.StatusCode)
}
