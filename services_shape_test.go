package conversation_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestEveryMethodHasTheOneShape walks the services of the client: context first, request options last, a pointer and an
// error out (or an error alone, or the iterator of an All), and a doc comment of the form that checkDoc requires.
func TestEveryMethodHasTheOneShape(t *testing.T) {
	t.Parallel()
	docs, operations := methodDocs(t), declaredOperations(t)
	client := reflect.TypeFor[conversation.Client]()
	services := 0
	for field := range client.Fields() {
		if !field.IsExported() {
			continue
		}
		services++
		for method := range field.Type.Methods() {
			name := field.Name + "." + method.Name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				checkSignature(t, method)
				var made []declaredOperation
				for _, operation := range operationsOf(field.Name, method.Name) {
					made = append(made, operations[operation]...)
				}
				checkDoc(t, method.Name, docs[field.Type.Elem().Name()+"."+method.Name], made)
			})
		}
	}
	assert.Equal(t, 12, services)
}

// checkSignature looks at a method with its receiver as the first parameter.
func checkSignature(t *testing.T, method reflect.Method) {
	t.Helper()
	signature := method.Type
	require.GreaterOrEqual(t, signature.NumIn(), 3)
	assert.Equal(t, reflect.TypeFor[context.Context](), signature.In(1), "the first parameter")
	assert.True(t, signature.IsVariadic())
	assert.Equal(t, reflect.TypeFor[[]conversation.RequestOption](), signature.In(signature.NumIn()-1), "the last parameter")

	isError := func(out reflect.Type) bool { return out == reflect.TypeFor[error]() }
	switch {
	case strings.HasPrefix(method.Name, "All"), method.Name == "SendAll":
		require.Equal(t, 1, signature.NumOut())
		assert.True(t, isSeqWithError(signature.Out(0)), "an iter.Seq2 of pointers and errors")
	case signature.NumOut() == 1:
		assert.True(t, isError(signature.Out(0)), "an error alone")
	default:
		require.Equal(t, 2, signature.NumOut())
		assert.Equal(t, reflect.Pointer, signature.Out(0).Kind(), "a pointer")
		assert.True(t, isError(signature.Out(1)), "and an error")
	}
}

func isSeqWithError(out reflect.Type) bool {
	messages := reflect.TypeFor[iter.Seq2[*conversation.ConversationMessage, error]]()
	if strings.SplitN(out.String(), "[", 2)[0] != strings.SplitN(messages.String(), "[", 2)[0] {
		return false
	}
	yield := out.In(0)
	return yield.In(0).Kind() == reflect.Pointer && yield.In(1) == reflect.TypeFor[error]()
}

// checkDoc requires a comment that begins with the method's name and has each route of its operation on a separate line.
// Routes come from the operations, so that the docs cannot disagree with the code.
func checkDoc(t *testing.T, method, doc string, operations []declaredOperation) {
	t.Helper()
	assert.True(t, strings.HasPrefix(doc, method+" "), "begins with the name: %q", doc)
	assert.NotRegexp(t, `408|[Ii]dempotent: it is`, doc, "what holds for every method is in the package comment")
	require.NotEmpty(t, operations)
	var routes []string
	for _, op := range operations {
		routes = append(routes, op.method+" "+op.route)
		if method != "Upsert" && method != "SendAll" { // they settle by themselves what became of an operation that is not
			assert.Equal(t, op.class == "classNotIdempotent", strings.Contains(doc, "not idempotent"), "its class is %s", op.class)
		}
	}
	assert.Equal(t, routes, routeLines(doc))
}

// routeLines returns the lines of a comment that are an HTTP method and a path.
func routeLines(doc string) []string {
	var routes []string
	for line := range strings.Lines(doc) {
		if line = strings.TrimSpace(line); routeLine.MatchString(line) {
			routes = append(routes, line)
		}
	}
	return routes
}

var routeLine = regexp.MustCompile(`^[A-Z]+ /v\d/\S+$`)

// parsedFiles returns the parsed Go files of the package, without its tests.
func parsedFiles(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, file)
	}
	return files
}

// methodDocs returns the doc comments of all methods, by "Type.Method".
func methodDocs(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	for _, file := range parsedFiles(t) {
		for _, decl := range file.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil {
				continue
			}
			if pointer, ok := method.Recv.List[0].Type.(*ast.StarExpr); ok {
				if receiver, ok := pointer.X.(*ast.Ident); ok {
					docs[receiver.Name+"."+method.Name.Name] = method.Doc.Text()
				}
			}
		}
	}
	return docs
}

// declaredOperation is an operation as its literal in the code declares it.
type declaredOperation struct{ method, route, class string }

// declaredOperations returns the operations by name. A name has two where the dialects have different routes.
func declaredOperations(t *testing.T) map[string][]declaredOperation {
	t.Helper()
	operations := map[string][]declaredOperation{}
	for _, file := range parsedFiles(t) {
		ast.Inspect(file, func(node ast.Node) bool {
			literal, ok := node.(*ast.CompositeLit)
			if !ok || len(literal.Elts) != 4 {
				return true
			}
			if kind, ok := literal.Type.(*ast.Ident); !ok || kind.Name != "operation" {
				return true
			}
			name, isText := literal.Elts[0].(*ast.BasicLit)
			method, isConstant := literal.Elts[1].(*ast.SelectorExpr)
			route, isRoute := literal.Elts[2].(*ast.BasicLit)
			class, isClass := literal.Elts[3].(*ast.Ident)
			if !isText || !isConstant || !isRoute || !isClass {
				return true // the operation of Client.Do
			}
			key := strings.Trim(name.Value, `"`)
			operations[key] = append(operations[key], declaredOperation{
				method: strings.ToUpper(strings.TrimPrefix(method.Sel.Name, "Method")),
				route:  strings.Trim(route.Value, `"`),
				class:  class.Name,
			})
			return true
		})
	}
	return operations
}

// operationsOf returns the operations that a method calls: All calls List, AllX calls X, and SendMany calls Send.
func operationsOf(service, method string) []string {
	switch method {
	case "All":
		return []string{service + ".List"}
	case "SendMany":
		return []string{service + ".Send"}
	case "SendAll":
		return []string{service + ".Send", service + ".FindByMetadata"}
	case "Upsert":
		return []string{service + ".List", service + ".Create", service + ".Update"}
	default:
		return []string{service + "." + strings.TrimPrefix(method, "All")}
	}
}

// TestRoutesOfTheDocsAreThoseOfTheWire compares the routes of doc comments with the requests that the client makes.
func TestRoutesOfTheDocsAreThoseOfTheWire(t *testing.T) {
	t.Parallel()
	docs := methodDocs(t)
	calls := everyCall()
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, method, _ := strings.Cut(name, ".")
			routes := routeLines(docs[service+"Service."+method])
			for i, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
				client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
				require.NoError(t, call(t.Context(), client))
				require.Len(t, wire.requests(), 1)
				seen := wire.requests()[0]
				verb, route, _ := strings.Cut(routes[min(i, len(routes)-1)], " ")
				assert.Equal(t, verb, seen.method)
				pattern := "^https://[^/]+" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(route), `[^/:]+`) + `(\?.*)?$`
				assert.Regexp(t, pattern, seen.url)
			}
		})
	}
	assert.Len(t, calls, 58)
}
