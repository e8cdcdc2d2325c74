package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	for _, d := range readDocuments(t, "..") {
		assert.Empty(t, linkProblems(t, d))
	}
}

func TestALinkToNowhereIsFound(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{
		"bad_links.md:7: [a file](missing.md): no such file",
		"bad_links.md:8: [an anchor](#missing): no such heading",
		"bad_links.md:9: [an anchor of a file](good.md#missing): no such heading",
		"bad_links.md:10: [a picture](missing.png): no such file",
	}, linkProblems(t, readDocument(t, "testdata", "testdata/bad_links.md")))
}

var (
	inlineCode = regexp.MustCompile("`[^`]*`")
	// A link or picture of Markdown, or an attribute of HTML.
	link    = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]*)"`)
	heading = regexp.MustCompile(`^#+ +(.*?) *#*$`)
)

// linkProblems returns the relative links of a document whose file or heading does not exist.
func linkProblems(t *testing.T, d document) []string {
	t.Helper()
	var problems []string
	for i, line := range d.prose() {
		for _, found := range link.FindAllStringSubmatch(inlineCode.ReplaceAllString(line, "code"), -1) {
			target := found[2] + found[3]
			if regexp.MustCompile(`^[a-z]+:`).MatchString(target) {
				continue // another site
			}
			if problem := targetProblem(t, d, target); problem != "" {
				problems = append(problems, fmt.Sprintf("%s:%d: [%s](%s): %s", d.path, i+1, found[1], target, problem))
			}
		}
	}
	return problems
}

func targetProblem(t *testing.T, d document, target string) string {
	t.Helper()
	name, anchor, _ := strings.Cut(target, "#")
	file := filepath.Join(d.root, filepath.FromSlash(d.path))
	if name != "" {
		file = filepath.Join(filepath.Dir(file), filepath.FromSlash(name))
	}
	if _, err := os.Stat(file); err != nil {
		return "no such file"
	}
	if anchor != "" && !readDocument(t, d.root, file).anchors()[anchor] {
		return "no such heading"
	}
	return ""
}

// anchors returns the fragments of the headings, as GitHub derives them.
func (d document) anchors() map[string]bool {
	anchors := map[string]bool{}
	for _, line := range d.prose() {
		found := heading.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		text := link.ReplaceAllString(found[1], "$1")
		anchor := regexp.MustCompile(`[^\w\- ]`).ReplaceAllString(strings.ToLower(text), "")
		anchor = strings.ReplaceAll(anchor, " ", "-")
		unique := anchor
		for n := 1; anchors[unique]; n++ {
			unique = fmt.Sprintf("%s-%d", anchor, n)
		}
		anchors[unique] = true
	}
	return anchors
}
