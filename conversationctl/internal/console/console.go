// Package console reads from and prints to the terminal of a command.
package console

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Console is where a command reads and prints. Results go to Out, everything else to Err.
type Console struct {
	In       io.Reader
	Out, Err io.Writer

	// Asks reports whether a person can answer questions: In and Err are terminals.
	Asks bool
	// Color and ErrColor report whether Out and Err show colors.
	Color, ErrColor bool
	// Moves reports whether Err is a terminal, so that a line on it can be redrawn.
	Moves bool
	// JSON prints results for machines.
	JSON bool
	// Yes answers each question with yes.
	Yes bool
}

// Standard returns the console of the process. Colors are off where NO_COLOR is set or TERM is dumb.
func Standard() *Console {
	plain := os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb"
	errTerminal := isTerminal(os.Stderr)
	return &Console{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Asks:     isTerminal(os.Stdin) && errTerminal,
		Color:    isTerminal(os.Stdout) && !plain,
		ErrColor: errTerminal && !plain,
		Moves:    errTerminal && os.Getenv("TERM") != "dumb",
	}
}

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }
