package contract

import (
	"bytes"
	"context"
	_ "embed" // For the contracts.
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// OpenAPIYAML is openapi.yaml with our names and operations, as DialectOpenAPI sends requests.
//
//go:embed effective.yaml
var OpenAPIYAML []byte

// PlatformYAML is the contract of the live platform, as DialectPlatform sends requests.
//
//go:embed effective-platform.yaml
var PlatformYAML []byte

// The documents are read once for all servers of a program.
var (
	openAPIDocument  = sync.OnceValue(func() *document { return readDocument(OpenAPIYAML) })
	platformDocument = sync.OnceValue(func() *document {
		platform := readDocument(PlatformYAML)
		platform.requireText()
		credentials := platform.spec.Components.Schemas["ClientCredentials"].Value
		credentials.Properties["token_request_type"].Value.Enum = nil // Another value counts as BASIC.
		return platform
	})
)

// batchDocument is the contract of the Batch API. Its requests are the same in both dialects.
var batchDocument = sync.OnceValue(func() *document {
	batches := &document{spec: Batches(PlatformYAML)}
	batches.requireText()
	batches.spec.Components.Schemas["CancelBatchRequest"].Value.Required = nil // It may name metadata instead.
	return batches
})

// Batches returns the contract of the Batch API, which one of the contracts has in x-batch-api: a second one with the same
// components. It panics if the contract is not valid.
func Batches(data []byte) *openapi3.T {
	all := readDocument(data).spec
	second, _ := all.Extensions["x-batch-api"].(map[string]any)
	batches, err := json.Marshal(map[string]any{
		"openapi": all.OpenAPI, "info": all.Info, "paths": second["paths"], "components": all.Components, "security": all.Security,
	})
	if err != nil {
		panic(fmt.Sprintf("conversationtest: cannot read the contract of batches: %v", err))
	}
	return readDocument(batches).spec
}

// document is a contract that requests are checked against.
type document struct{ spec *openapi3.T }

// readDocument reads an embedded contract. It panics if the contract is not valid.
func readDocument(data []byte) *document {
	spec, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		panic(fmt.Sprintf("conversationtest: cannot read a contract: %v", err))
	}
	// The contracts use nothing that 3.0 lacks. For 3.1 the validator compiles each schema again for each request.
	spec.OpenAPI = "3.0.3"
	return &document{spec: spec}
}

// notBlank matches text that says something.
const notBlank = `\S`

// requireText requires the strings that new things require not to be empty: to the platform, they are missing.
func (d *document) requireText() {
	for _, item := range d.spec.Paths.Map() {
		for _, operation := range []*openapi3.Operation{item.Post, item.Put} {
			if operation != nil && operation.RequestBody != nil {
				fillIn(operation.RequestBody.Value.Content["application/json"].Schema, map[*openapi3.Schema]bool{})
			}
		}
	}
}

func fillIn(ref *openapi3.SchemaRef, done map[*openapi3.Schema]bool) {
	if ref == nil || done[ref.Value] {
		return
	}
	schema := ref.Value
	done[schema] = true
	for _, name := range schema.Required {
		if field := schema.Properties[name]; field != nil && field.Ref == "" && field.Value.Type.Is("string") &&
			field.Value.Format == "" && field.Value.Enum == nil {
			field.Value.Pattern = notBlank
		}
	}
	for _, property := range schema.Properties {
		fillIn(property, done)
	}
	for _, one := range schema.OneOf {
		fillIn(one, done)
	}
	fillIn(schema.Items, done)
	fillIn(schema.AdditionalProperties.Schema, done)
}

// problems returns what is wrong with a request. Each problem begins with the path of its field.
func (d *document) problems(r Request) []string {
	route := d.route(r)
	if route == nil {
		return []string{NoOperation}
	}
	checked := r.HTTP.Clone(r.HTTP.Context())
	checked.Body = io.NopCloser(bytes.NewReader(r.Body))
	checked.URL = withoutEmptyParameters(checked.URL)
	if checked.Header.Get("Content-Type") == "" {
		checked.Header.Set("Content-Type", "application/json") // The platform does not require it.
	}
	return describe(openapi3filter.ValidateRequest(checked.Context(), &openapi3filter.RequestValidationInput{
		Request: checked, PathParams: r.Params, Route: route,
		Options: &openapi3filter.Options{
			MultiError:          true,
			SkipSettingDefaults: true,
			AuthenticationFunc:  func(context.Context, *openapi3filter.AuthenticationInput) error { return nil },
		},
	}))
}

// route returns the operation of a request, or nil if the contract does not have it.
func (d *document) route(r Request) *routers.Route {
	item := d.spec.Paths.Value(r.Path)
	if item == nil {
		return nil
	}
	operation := item.GetOperation(r.HTTP.Method)
	if operation == nil {
		return nil
	}
	return &routers.Route{Spec: d.spec, Path: r.Path, PathItem: item, Method: r.HTTP.Method, Operation: operation}
}

// withoutEmptyParameters leaves out query parameters without a value, which have no effect.
func withoutEmptyParameters(u *url.URL) *url.URL {
	query := u.Query()
	maps.DeleteFunc(query, func(_ string, values []string) bool { return strings.Join(values, "") == "" })
	kept := *u
	kept.RawQuery = query.Encode()
	return &kept
}
