package conversation_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestEveryMethodHasTheOneShape walks the services of the client: context first, request options last, a pointer and an
// error out (or an error alone, or the iterator of an All), and a doc comment that says what a caller must know.
func TestEveryMethodHasTheOneShape(t *testing.T) {
	t.Parallel()
	docs := methodDocs(t)
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
				checkDoc(t, docs[field.Type.Elem().Name()+"."+method.Name])
			})
		}
	}
	assert.Equal(t, 11, services)
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
	case strings.HasPrefix(method.Name, "All"):
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

var methodAndPath = regexp.MustCompile(`(GET|POST|PUT|PATCH|DELETE)\s+/v[12]/projects/\{project_id\}/\S+`)

func checkDoc(t *testing.T, doc string) {
	t.Helper()
	require.NotEmpty(t, doc)
	assert.Regexp(t, methodAndPath, doc, "the HTTP method and path")
	assert.Regexp(t, `\bidempotent\b`, doc, "the class for retries")
	assert.Regexp(t, `Errors:\s|with its repeats and\s+errors`, doc, "the errors")
	assert.Greater(t, strings.Count(doc, "."), 2, "what it does, in sentences")
}

// methodDocs gives the doc comments of all methods, by "Type.Method".
func methodDocs(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.ParseComments)
		require.NoError(t, err)
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

// TestRoutesOfTheDocsAreThoseOfTheCode compares what a doc comment says with what leaves the client.
func TestRoutesOfTheDocsAreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	docs := methodDocs(t)
	calls := everyCall()
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, wire := scripted(t, []step{{status: 200, body: "{}"}})
			require.NoError(t, call(t.Context(), client))
			require.Len(t, wire.requests(), 1)
			seen := wire.requests()[0]
			service, method, _ := strings.Cut(name, ".")
			said := strings.Fields(methodAndPath.FindString(docs[service+"Service."+method]))
			require.Len(t, said, 2)
			assert.Equal(t, said[0], seen.method)
			pattern := "^https://[^/]+" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(strings.TrimRight(said[1], ".,;:")), `[^/:]+`) + `(\?.*)?$`
			assert.Regexp(t, pattern, seen.url)
		})
	}
	assert.Len(t, calls, 51)
}
