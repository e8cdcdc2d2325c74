package docs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

var languages = []string{"go", "sh", "text", "json", "sql", "yaml", "js", "dockerfile", "mermaid"}

func TestEveryFenceHasALanguage(t *testing.T) {
	t.Parallel()
	for _, d := range readDocuments(t, "..") {
		assert.Empty(t, fenceProblems(d))
	}
}

func TestAFenceWithoutALanguageIsFound(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{
		`bad_fences.md:4: the language of the fence is "", not one of go, sh, text, json, sql, yaml, js, dockerfile, mermaid`,
		`bad_fences.md:13: an unknown directive: <!-- inn: clone -->`,
		`bad_fences.md:20: a go block has no output`,
	}, fenceProblems(readDocument(t, "testdata", "testdata/bad_fences.md")))
}

// fenceProblems returns what is wrong with the fences of a document and their directives.
func fenceProblems(d document) []string {
	var problems []string
	for _, b := range d.blocks() {
		if !slices.Contains(languages, b.language) {
			problems = append(problems, fmt.Sprintf("%s: the language of the fence is %q, not one of %s",
				b.place(), b.language, strings.Join(languages, ", ")))
		}
		above := ""
		if b.line > 1 {
			above = d.lines[b.line-2]
		}
		if strings.Contains(above, "<!--") && !directive.MatchString(above) {
			problems = append(problems, b.place()+": an unknown directive: "+above)
		}
		if b.output && b.language != "text" && b.language != "json" {
			problems = append(problems, fmt.Sprintf("%s: a %s block has no output", b.place(), b.language))
		}
	}
	return problems
}
