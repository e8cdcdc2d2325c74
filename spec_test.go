package conversation_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// contractSHA256 is the digest of the contract as it was given. The file is never edited: what we add goes into
// internal/spec/overlay.yaml.
const contractSHA256 = "e08b08acc35e5a91e4919aee43c2d6902842f935a5d59d886c0f9f73db9fd917"

func TestTheContractIsTheOneThatWasGiven(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("openapi.yaml")
	require.NoError(t, err)
	digest := sha256.Sum256(data)
	assert.Equal(t, contractSHA256, hex.EncodeToString(digest[:]), "openapi.yaml was edited: put the change into internal/spec/overlay.yaml")
}

func TestTheEffectiveContractDocumentsHowItIsGenerated(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("conversationtest/internal/contract/effective.yaml")
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(data), "\n")
	assert.Contains(t, first, "make generate")
	assert.Contains(t, first, "DO NOT EDIT")
}

// yamlLines returns the lines of a file.
func yamlLines(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	var lines []string
	for scanner := bufio.NewScanner(strings.NewReader(string(data))); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	return lines
}

// schemaNames returns the names below components.schemas.
func schemaNames(t *testing.T, name string) []string {
	t.Helper()
	var names []string
	inside := false
	for _, line := range yamlLines(t, name) {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case line == "  schemas:":
			inside = true
		case inside && line != "" && indent <= 2:
			inside = false
		case inside && indent == 4:
			names = append(names, strings.TrimSuffix(strings.TrimSpace(line), ":"))
		}
	}
	return names
}

// enumValues returns the values of every enum in a file.
func enumValues(t *testing.T, name string) []string {
	t.Helper()
	var values []string
	inside := false
	for _, line := range yamlLines(t, name) {
		value, isItem := strings.CutPrefix(strings.TrimSpace(line), "- ")
		if inside && isItem {
			values = append(values, value)
			continue
		}
		inside = strings.TrimSpace(line) == "enum:"
	}
	return values
}

// handWritten returns the types of types_union_channels.go, whose schemas the generator leaves out.
func handWritten(t *testing.T) map[string]*ast.TypeSpec {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "types_union_channels.go", nil, 0)
	require.NoError(t, err)
	return typesOf(file)
}

func TestEverySchemaIsAGoType(t *testing.T) {
	t.Parallel()
	types := generatedTypes(t)
	for name := range handWritten(t) {
		types[name] = nil
	}
	given, effective := schemaNames(t, "openapi.yaml"), schemaNames(t, "conversationtest/internal/contract/effective.yaml")
	require.Len(t, given, 30)
	assert.Subset(t, effective, given)
	elsewhere := excludedSchemas(t)
	for _, name := range effective {
		_, made := types[name]
		assert.True(t, made || slices.Contains(elsewhere, name), name)
	}
}

// excludedSchemas returns the schemas that have no generated type: their types are written by hand.
func excludedSchemas(t *testing.T) []string {
	t.Helper()
	config := strings.Join(yamlLines(t, "internal/spec/oapi-codegen.yaml"), " ")
	_, list, found := strings.Cut(config, "exclude-schemas:")
	require.True(t, found)
	list, _, _ = strings.Cut(list, "]")
	return strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" [,", r) })
}

func TestEveryEnumValueIsAGoConstant(t *testing.T) {
	t.Parallel()
	var constants []string
	for _, decl := range generated(t).Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			value, ok := spec.(*ast.ValueSpec)
			require.True(t, ok)
			for _, expr := range value.Values {
				literal, ok := expr.(*ast.BasicLit)
				require.True(t, ok)
				text, err := strconv.Unquote(literal.Value)
				require.NoError(t, err)
				constants = append(constants, text)
			}
		}
	}
	given := enumValues(t, "openapi.yaml")
	require.GreaterOrEqual(t, len(given), 36)
	assert.Subset(t, constants, given)
}
