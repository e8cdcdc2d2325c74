package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// publicPackage is a package that users import.
type publicPackage struct {
	name         string
	constructors []string // exported functions that return a type of the repository, options among them
	methods      []string // exported methods of services, such as MessagesService_Send
	examples     []string // what is after Example in the names of its examples
}

// notPublic are directories whose packages are not for users.
var notPublic = []string{"internal", "testdata", "examples", "bench", "docs", "node_modules"}

// readPackages returns the public packages below root.
func readPackages(t *testing.T, root string) []publicPackage {
	t.Helper()
	var packages []publicPackage
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return err
		case path != root && (slices.Contains(notPublic, entry.Name()) || strings.HasPrefix(entry.Name(), ".")):
			return filepath.SkipDir
		}
		if p := readPackage(t, path); p.name != "" && p.name != "main" {
			packages = append(packages, p)
		}
		return nil
	}))
	return packages
}

// readPackage returns the package in a directory. Its name is empty if there is none but tests.
func readPackage(t *testing.T, directory string) publicPackage {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(directory, "*.go"))
	require.NoError(t, err)
	var p publicPackage
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		isTest := strings.HasSuffix(name, "_test.go")
		if !isTest {
			p.name = file.Name.Name
		}
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok {
				p.add(function, isTest)
			}
		}
	}
	return p
}

func (p *publicPackage) add(function *ast.FuncDecl, isTest bool) {
	name := function.Name.Name
	example, isExample := strings.CutPrefix(name, "Example")
	receiver := ""
	if function.Recv != nil {
		receiver = nameOf(function.Recv.List[0].Type)
	}
	switch {
	case isTest && isExample && receiver == "":
		p.examples = append(p.examples, example)
	case isTest || !ast.IsExported(name):
	case strings.HasSuffix(receiver, "Service"):
		p.methods = append(p.methods, receiver+"_"+name)
	case receiver == "" && function.Type.Results != nil && ast.IsExported(nameOf(function.Type.Results.List[0].Type)):
		p.constructors = append(p.constructors, name)
	}
}

// nameOf returns the name of a type, of this or another package, or of the type that it points to; "" for other types.
func nameOf(expression ast.Expr) string {
	switch of := expression.(type) {
	case *ast.StarExpr:
		return nameOf(of.X)
	case *ast.SelectorExpr:
		return of.Sel.Name
	case *ast.Ident:
		return of.Name
	}
	return ""
}
