package relayprogram

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// console is where the program reads and prints.
type console struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	asks           bool // stdin is a terminal
	redraws        bool // stdout is a terminal
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && !os.SameFile(info, null)
}

// confirm asks whether to do what changes several entries, unless -yes is set.
func (c *call) confirm(ctx context.Context, what string) error {
	if c.yes {
		return nil
	}
	if !c.asks {
		return usageError(what + " Nothing was changed: there is no terminal to ask on, so add -yes")
	}
	fmt.Fprint(c.stderr, what+" Continue? [y/N] ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(c.stdin).ReadString('\n') // Without an answer nothing is done.
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case <-ctx.Done():
		return errors.New("interrupted: nothing was changed")
	case line := <-answer:
		if line != "y" && line != "yes" {
			return errors.New("not confirmed: nothing was changed")
		}
		return nil
	}
}

// confirmMany is confirm for a number of entries. One entry needs no question.
func (c *call) confirmMany(ctx context.Context, count int, what string) error {
	if count <= 1 {
		return nil
	}
	return c.confirm(ctx, what)
}
