package docs_test

import (
	"fmt"
	"regexp"
	"strings"
)

// block is a fence of a document.
type block struct { //nolint:recvcheck // Only direct changes it.
	document *document
	line     int // of the opening fence, from 1
	language string
	lines    []string

	// The directives above the fence, such as <!-- file: main.go -->.
	file   string // the file to write it to
	clone  bool   // run in a clone of the repository
	needs  string // what the machine must have, and the reason
	output bool   // the output of the shell block before it
}

var (
	opening   = regexp.MustCompile("^( *)(```+)\\s*([^`]*)$")
	directive = regexp.MustCompile(`^ *<!-- (file|in|needs|output)(?:: (.*))? -->$`)
)

// blocks returns the fences of the document, in order. The indent of a fence is removed from its lines.
func (d document) blocks() []block {
	var blocks []block
	for i := 0; i < len(d.lines); i++ {
		fence := opening.FindStringSubmatch(d.lines[i])
		if fence == nil {
			continue
		}
		b := block{document: &d, line: i + 1, language: strings.TrimSpace(fence[3])}
		above := i
		for above > 0 && b.direct(d.lines[above-1]) {
			above--
		}
		for i++; i < len(d.lines) && strings.TrimSpace(d.lines[i]) != fence[2]; i++ {
			b.lines = append(b.lines, strings.TrimPrefix(d.lines[i], fence[1]))
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// direct applies a directive. It reports whether the line is one.
func (b *block) direct(line string) bool {
	found := directive.FindStringSubmatch(line)
	if found == nil {
		return false
	}
	switch found[1] {
	case "file":
		b.file = found[2]
	case "in":
		b.clone = found[2] == "clone"
	case "needs":
		b.needs = found[2]
	case "output":
		b.output = true
	}
	return true
}

// need is the word of <!-- needs: -->, without the reason.
func (b block) need() string {
	word, _, _ := strings.Cut(b.needs, " ")
	return strings.TrimRight(word, ",:;")
}

func (b block) text() string { return strings.Join(b.lines, "\n") + "\n" }

// place is where the first line of the block is, as in the errors of a compiler.
func (b block) place() string { return fmt.Sprintf("%s:%d", b.document.path, b.line+1) }
