package conversation_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert/yaml"
	"github.com/stretchr/testify/require"
)

// contract is what the tests read of an OpenAPI document.
type contract struct {
	Paths      map[string]map[string]contractOperation
	Components struct {
		Schemas map[string]*contractSchema
	}
}

type contractOperation struct {
	Parameters []struct{ Name, In string }
	Responses  map[string]struct {
		Content map[string]struct{ Schema *contractSchema }
	}
}

type contractSchema struct {
	Ref                  string `yaml:"$ref"`
	Type, Format         string
	Enum                 []string
	Items                *contractSchema
	Properties           map[string]*contractSchema
	AdditionalProperties any               `yaml:"additionalProperties"`
	Trigger              string            `yaml:"x-trigger"`
	OneOf                []*contractSchema `yaml:"oneOf"`
}

func readContract(tb testing.TB, name string) *contract {
	tb.Helper()
	text, err := os.ReadFile(name)
	require.NoError(tb, err)
	doc := new(contract)
	require.NoError(tb, yaml.Unmarshal(text, doc))
	require.NotEmpty(tb, doc.Paths)
	return doc
}

// operation finds the operation that a request is for; one without anything if there is none.
func (c *contract) operation(method, path string) contractOperation {
	for template, item := range c.Paths {
		pattern := "^" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), `[^/:]+`) + "$"
		if regexp.MustCompile(pattern).MatchString(path) {
			return item[strings.ToLower(method)]
		}
	}
	return contractOperation{}
}

// resolve follows a reference.
func (c *contract) resolve(schema *contractSchema) *contractSchema {
	for schema.Ref != "" {
		name := strings.TrimPrefix(schema.Ref, "#/components/schemas/")
		target := c.Components.Schemas[name]
		if target == nil {
			panic(fmt.Sprintf("no schema %q", name))
		}
		schema = target
		if len(schema.OneOf) > 0 && schema.OneOf[0].Ref != "" {
			schema = schema.OneOf[0] // of a union, the first variant
		}
	}
	return schema
}

// valuesOf returns the schema of the values of a map, or nil where they may be anything.
func valuesOf(tb testing.TB, schema *contractSchema) *contractSchema {
	tb.Helper()
	if _, typed := schema.AdditionalProperties.(map[string]any); !typed {
		return nil
	}
	text, err := json.Marshal(schema.AdditionalProperties) // is YAML too
	require.NoError(tb, err)
	values := new(contractSchema)
	require.NoError(tb, yaml.Unmarshal(text, values))
	return values
}
