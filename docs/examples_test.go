package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWhatAPageNamesHasAnExample requires an Example for each constructor and option that a document names, and for each method of a
// service: pkg.go.dev shows it at the name.
func TestWhatAPageNamesHasAnExample(t *testing.T) {
	t.Parallel()
	wanted, missing := withoutExample(readPackages(t, ".."), readDocuments(t, ".."))
	assert.Empty(t, missing, "write an Example in an example_*_test.go of the package")
	require.Greater(t, wanted, 150, "the names are found")
	t.Logf("%d of %d constructors, options and methods of services have an Example", wanted-len(missing), wanted)
}

func TestANameWithoutAnExampleIsFound(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"shop.go": `package shop
			type (
				Shop        struct{}
				Option      func(*Shop)
				CartService struct{}
			)
			func Open() *Shop                { return nil }
			func Text(s string) Shop         { return Shop{} }
			func WithColour(c string) Option { return nil }
			func WithFlag() Option           { return nil }
			func WithNothing() Option        { return nil }
			func Count() int                 { return 0 }
			func (*CartService) Add()        {}
			func (*CartService) Clear()      {}
			func (*Shop) Close()             {}`,
		"example_test.go": `package shop_test
			func ExampleOpen()              {}
			func ExampleWithColour_red()    {}
			func ExampleWithFlagship()      {}
			func ExampleCartService_Add()   {}
			func ExampleCartService_Clear() {}`,
		"README.md":         "Call `shop.Open()` with `WithColour`, `WithFlag` or shop.Text, and `shop.Count`.",
		"internal/inner.go": "package inner\n\ntype T int\n\nfunc NewT() T { return 0 }\n",
	} {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	wanted, missing := withoutExample(readPackages(t, root), readDocuments(t, root))
	assert.Equal(t, 6, wanted)
	assert.Equal(t, []string{"shop.Text", "shop.WithFlag"}, missing)
}

// withoutExample returns how many names need an Example, and those that have none.
func withoutExample(packages []publicPackage, documents []document) (wanted int, missing []string) {
	named := map[string]bool{}
	for _, page := range documents {
		for _, name := range wordsOf.FindAllStringSubmatch(strings.Join(page.lines, "\n"), -1) {
			named[name[0]], named[name[1]] = true, true
		}
	}
	for _, p := range packages {
		needed := p.methods
		for _, name := range p.constructors {
			if isNamed(named, p.name, name) {
				needed = append(needed, name)
			}
		}
		wanted += len(needed)
		for _, name := range needed {
			if !hasExample(p.examples, name) {
				missing = append(missing, p.name+"."+name)
			}
		}
	}
	return wanted, missing
}

// wordsOf matches a word with the one before it, such as webhook.NewReceiver, and the word alone.
var wordsOf = regexp.MustCompile(`(?:\w+\.)?(\w+)`)

// isNamed reports whether a page has the name of a function: with its package or, since they are no words, NewX and WithX alone.
func isNamed(named map[string]bool, packageName, name string) bool {
	alone := strings.HasPrefix(name, "New") || strings.HasPrefix(name, "With")
	return named[packageName+"."+name] || alone && named[name]
}

// hasExample reports whether one of the examples is shown at a name: Example, the name, and perhaps a suffix in lower case.
func hasExample(examples []string, name string) bool {
	return slices.ContainsFunc(examples, regexp.MustCompile(`^`+name+`(_[a-z]\w*)?$`).MatchString)
}
