package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// ErrNotConfirmed is returned if a person answered no.
var ErrNotConfirmed = errors.New("not confirmed: nothing was changed")

// ErrCannotAsk is matched by the errors for questions that nobody can answer.
var ErrCannotAsk = errors.New("there is no terminal to ask on")

var errInterrupted = errors.New("interrupted: nothing was changed")

// Confirm asks whether to go on, unless Yes is set. The question is a sentence, such as "This deletes the app 01ABC.", to which
// it adds its own.
func (c *Console) Confirm(ctx context.Context, question string) error {
	if c.Yes {
		return nil
	}
	if !c.Asks {
		return fmt.Errorf("%s Nothing was changed: %w, so add --yes", question, ErrCannotAsk)
	}
	fmt.Fprint(c.Err, question+" Continue? [y/N] ")
	line, err := Await(ctx, func() (string, error) { return bufio.NewReader(c.In).ReadString('\n') })
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	}
	return ErrNotConfirmed
}

// Secret asks for a secret without showing what is typed.
func (c *Console) Secret(ctx context.Context, prompt string) (string, error) {
	file, ok := c.In.(*os.File)
	if !ok || !c.Asks {
		return "", ErrCannotAsk
	}
	before, err := term.MakeRaw(int(file.Fd())) // Before the prompt, so that nothing is shown that is typed early.
	if err != nil {
		return "", err
	}
	defer func() { _ = term.Restore(int(file.Fd()), before) }()
	screen := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{file, c.Err}, "")
	secret, err := Await(ctx, func() (string, error) { return screen.ReadPassword(prompt + ": ") })
	if err != nil {
		fmt.Fprint(c.Err, "\r\n")
	}
	if errors.Is(err, io.EOF) { // Ctrl-C, which is no signal here.
		err = errInterrupted
	}
	return strings.TrimSpace(secret), err
}

// Await calls read, which may block for as long as a person or another program waits. It returns early if ctx is done.
func Await[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		value, err := read()
		answers <- answer{value, err}
	}()
	select {
	case <-ctx.Done():
		var none T
		return none, errInterrupted
	case given := <-answers:
		return given.value, given.err
	}
}
