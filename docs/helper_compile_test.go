package docs_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// goPackage is what is compiled together: files by name.
type goPackage map[string]string

// goPackages returns a package for each Go block, but for blocks with a file: those of a page in one directory are one package. When
// a page replaces a file, the package is compiled as it was before, and again with the new file.
func goPackages(blocks []block) []goPackage {
	var packages []goPackage
	current := map[string]goPackage{} // by directory
	for _, b := range blocks {
		if b.language != "go" {
			continue
		}
		if b.file == "" {
			packages = append(packages, goPackage{"main.go": compilable(b)})
			continue
		}
		dir, name := path.Dir(b.file), strings.Replace(path.Base(b.file), "_test.go", "_tests.go", 1) // a test is compiled with the rest
		before := current[dir]
		if _, again := before[name]; before == nil || again {
			next := goPackage{}
			maps.Copy(next, before)
			packages = append(packages, next)
			current[dir] = next
		}
		current[dir][name] = compilable(b)
	}
	return packages
}

// knownImports are added to blocks that use them without importing them.
var knownImports = []string{
	"context", "database/sql", "encoding/json", "errors", "fmt", "io", "iter", "log", "log/slog", "maps", "net/http", "os", "os/signal",
	"slices", "strings", "sync", "sync/atomic", "syscall", "testing", "testing/synctest", "time",
	"github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgxpool", "github.com/nats-io/nats.go",
	"github.com/riverqueue/river", "github.com/riverqueue/river/riverdriver/riverpgxv5", "github.com/riverqueue/river/rivermigrate",
	"github.com/sinchgo/conversation", "github.com/sinchgo/conversation/conversationctl/doctor",
	"github.com/sinchgo/conversation/conversationtest", "github.com/sinchgo/conversation/otelconversation",
	"github.com/sinchgo/conversation/outbox", "github.com/sinchgo/conversation/pgconversation",
	"github.com/sinchgo/conversation/pgconversation/pgtest", "github.com/sinchgo/conversation/relay",
	"github.com/sinchgo/conversation/relay/embedded", "github.com/sinchgo/conversation/webhook",
}

// predeclared are the variables that a block may use without declaring them.
var predeclared = map[string]string{
	"appID":       "string",
	"client":      "*conversation.Client",
	"ctx":         "context.Context",
	"db":          "*sql.DB",
	"err":         "error",
	"id":          "string",
	"inbox":       "*relay.Inbox",
	"messages":    "iter.Seq2[*conversation.SendMessageRequest, relay.Entry]",
	"nc":          "*nats.Conn",
	"observer":    "*otelconversation.Observer",
	"outbox":      "*relay.Outbox",
	"pool":        "*pgxpool.Pool",
	"queue":       "*relay.Relay",
	"r":           "*http.Request",
	"receiver":    "*webhook.Receiver",
	"request":     "*conversation.SendMessageRequest",
	"riverClient": "*river.Client[pgx.Tx]",
	"secret":      "string",
	"tx":          "pgx.Tx",
	"w":           "http.ResponseWriter",
}

// packageOutbox distinguishes the package outbox from a variable of this name.
var packageOutbox = regexp.MustCompile(`\boutbox\.(Observer|Overview|Report|ReportOf|Entry\w*|Attempt\w*)\b`)

var comment = regexp.MustCompile(`(?m)(^|\s)//.*$`)

var packageClause = regexp.MustCompile(`(?m)^package \w+$`)

var declared = regexp.MustCompile(`(?m)^(?:var (\w+)|(\w+(?:, \w+)*) :=)`)

// compilable turns a block into a Go file: a whole file as it is, declarations with imports, and statements in a function. Errors
// of the compiler name the lines of the document.
func compilable(b block) string {
	source := b.text()
	line := fmt.Sprintf("//line %s\n", b.place())
	if packageClause.MatchString(source) {
		return line + strings.Replace(source, "package main\n", "package readme\n", 1) // which is not linked
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "", "package readme\n"+source, parser.SkipObjectResolution); err == nil {
		return header(source) + line + source
	}
	var used strings.Builder
	for _, match := range declared.FindAllStringSubmatch(source, -1) {
		for name := range strings.SplitSeq(match[1]+match[2], ",") {
			if name = strings.TrimSpace(name); name != "_" {
				fmt.Fprintf(&used, "_ = %s\n", name)
			}
		}
	}
	return header(source) + "func _() error {\n" + line + source + used.String() + "return nil\n}\n"
}

// header returns the package clause, the imports and the variables that a block leaves out.
func header(block string) string {
	source := comment.ReplaceAllString(block, "")
	var variables strings.Builder
	for _, name := range slices.Sorted(maps.Keys(predeclared)) {
		if name == "outbox" && packageOutbox.MatchString(source) {
			continue
		}
		if uses(source, name) {
			fmt.Fprintf(&variables, "var %s %s\n", name, predeclared[name])
		}
	}
	var imports strings.Builder
	for _, known := range knownImports {
		name := strings.TrimSuffix(path.Base(strings.TrimSuffix(known, "/v5")), ".go")
		if name == "outbox" && !packageOutbox.MatchString(source) || slices.Contains(strings.Fields(source), strconv.Quote(known)) {
			continue
		}
		if uses(source+variables.String(), name+`\.`) {
			fmt.Fprintf(&imports, "import %q\n", known)
		}
	}
	return "package readme\n" + imports.String() + variables.String()
}

// uses reports whether an identifier is in the source, other than as a field or the end of a path.
func uses(source, identifier string) bool {
	return regexp.MustCompile(`(^|[^\w."/])` + identifier + `\b`).MatchString(source)
}
