package command

import (
	"errors"
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// The exit codes. doctor uses the first three by the worst finding: ok, warning, failure.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2
	exitUnknown = 3 // a request that changes something may have been processed
)

// exitError is an error with an exit code. An empty text is not printed.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// exitCode returns the exit code for the error of a command.
func exitCode(err error) int {
	var exit *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &exit):
		return exit.code
	case errors.Is(err, console.ErrCannotAsk), isArgumentError(err):
		return exitUsage
	}
	return exitFailed
}

// isArgumentError reports whether the SDK rejected an argument: nothing was sent.
func isArgumentError(err error) bool {
	_, ok := errors.AsType[*conversation.ArgumentError](err)
	return ok
}

// usageError reports incorrect usage: nothing was done.
func usageError(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// changed returns the error of a call that changes something. Its exit code reports whether the change may have been made.
func changed(err error) error {
	if _, final := errors.AsType[*exitError](err); final {
		return err
	}
	switch outcome := conversation.OutcomeOf(err); {
	case outcome == conversation.OutcomeUnknown:
		return &exitError{exitUnknown, fmt.Errorf("%w (the API may have processed it: look before you run it again)", err)}
	case outcome == conversation.OutcomeAccepted && err != nil:
		return &exitError{exitUnknown, fmt.Errorf("%w (the API has processed it: look before you run it again)", err)}
	}
	return err
}
