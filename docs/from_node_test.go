package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryGoNameOfTheNodeTablesExists(t *testing.T) {
	t.Parallel()
	known := newGoNames(t)
	page, err := os.ReadFile("from-node.md")
	require.NoError(t, err)
	_, tables, found := strings.Cut(string(page), "\n## Methods\n")
	require.True(t, found)
	checked := 0
	for line := range strings.Lines(tables) {
		for _, name := range goNamesOfRow(line) {
			checked++
			assert.True(t, known.has(name), "%s, of the row %s", name, line)
		}
	}
	assert.Greater(t, checked, 400)
}

func TestAGoNameThatDoesNotExistIsFound(t *testing.T) {
	t.Parallel()
	known := newGoNames(t)
	for name, want := range map[string]bool{
		"Text":                      true,
		"CardMessage.Title":         true,
		"Client.With":               true,
		"Messages.Send":             true,
		"Client.Messages":           true,
		"webhook.Envelope.Raw":      true,
		"webhook.MessageInbound":    true,
		"conversationtest.ErrorFor": true,
		"TriggerMessageInbound":     true,
		"Texts":                     false,
		"CardMessage.Titles":        false,
		"Messages.SendText":         false,
		"webhook.Text":              false,
	} {
		assert.Equal(t, want, known.has(name), name)
	}
}

var (
	inCode = regexp.MustCompile("`([^`]*)`")
	goName = regexp.MustCompile(`^(?:(?:webhook|conversationtest)\.)?[A-Z]\w*(?:\.[A-Z]\w*)*$`)
)

// goNamesOfRow returns the Go names in the columns after those of Node.
func goNamesOfRow(line string) []string {
	cells := strings.Split(line, " | ")
	if !strings.HasPrefix(line, "| `") || len(cells) < 3 {
		return nil
	}
	var names []string
	for _, code := range inCode.FindAllStringSubmatch(strings.Join(cells[len(cells)-2:], " "), -1) {
		if goName.MatchString(code[1]) {
			names = append(names, code[1])
		}
	}
	return names
}

// goNames are the exported names of packages: Text, CardMessage.Title, webhook.On.
type goNames map[string]bool

func newGoNames(t *testing.T) goNames {
	t.Helper()
	names := goNames{}
	for dir, prefix := range map[string]string{"..": "", "../webhook": "webhook.", "../conversationtest": "conversationtest."} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			names.add(file, prefix)
		}
	}
	return names
}

// has reports whether a name exists. Messages.Send is a method of the type of the client's field Messages.
func (n goNames) has(name string) bool {
	service, method, _ := strings.Cut(name, ".")
	return n[name] || n["Client."+service] && n[service+"Service."+method]
}

func (n goNames) add(file *ast.File, prefix string) {
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			n[prefix+receiverOf(d)+d.Name.Name] = true
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				n.addSpec(spec, prefix)
			}
		}
	}
}

func (n goNames) addSpec(spec ast.Spec, prefix string) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			n[prefix+name.Name] = true
		}
	case *ast.TypeSpec:
		n[prefix+s.Name.Name] = true
		if structure, ok := s.Type.(*ast.StructType); ok {
			for _, field := range structure.Fields.List {
				for _, name := range field.Names {
					n[prefix+s.Name.Name+"."+name.Name] = true
				}
			}
		}
	}
}

// receiverOf returns the type of a method's receiver and a dot, or nothing for a function.
func receiverOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	kind := f.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if generic, ok := kind.(*ast.IndexExpr); ok {
		kind = generic.X
	}
	name, ok := kind.(*ast.Ident)
	if !ok {
		return "?."
	}
	return name.Name + "."
}
