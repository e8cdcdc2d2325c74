package console

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress shows how far a long command is: a bar on a terminal, nothing elsewhere. It is safe for concurrent use.
type Progress struct {
	bar *progressbar.ProgressBar
}

// NewProgress starts a bar. A total of -1 is unknown. The unit is what is counted, such as "contacts".
func (c *Console) NewProgress(total int64, what, unit string) *Progress {
	if !c.Moves {
		return &Progress{}
	}
	return &Progress{bar: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(c.Err),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetItsString(unit),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionEnableColorCodes(false),
		progressbar.OptionFullWidth(),
	)}
}

// Add counts n more.
func (p *Progress) Add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n) // It fails only if more is counted than there is.
	}
}

// Close removes the bar, so that what is printed next begins on an empty line.
func (p *Progress) Close() {
	if p.bar != nil {
		_ = p.bar.Clear() // As in Add.
	}
}

// Note prints a line on Err for people.
func (c *Console) Note(format string, args ...any) { fmt.Fprintf(c.Err, format+"\n", args...) }
