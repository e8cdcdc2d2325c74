package conversationtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/sinchgo/conversation/internal/spec"
)

// Contract says which contract requests must keep. One that breaks it is answered with 400, naming the field.
type Contract int

const (
	// EitherContract takes what openapi.yaml or the live platform takes.
	EitherContract Contract = iota
	// OpenAPIContract takes what openapi.yaml takes: the bytes of conversation.DialectOpenAPI.
	OpenAPIContract
	// PlatformContract takes what the live platform takes: the bytes of conversation.DialectPlatform. Code that passes
	// with it passes on Sinch.
	PlatformContract
)

// document is a contract that requests are checked against.
type document struct{ router routers.Router }

// The documents are read once for all servers of a program.
var (
	openAPIDocument  = sync.OnceValue(func() document { return readDocument(spec.OpenAPI) })
	platformDocument = sync.OnceValue(func() document { return readDocument(spec.Platform) })
)

// readDocument reads a contract that is part of the program, so that any error is a mistake of ours.
func readDocument(data []byte) document {
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		panic(fmt.Sprintf("conversationtest: cannot read a contract: %v", err))
	}
	doc.Servers = nil // Paths are matched at any host.
	// The contracts use nothing that 3.0 lacks. For 3.1 the validator compiles each schema again for each request.
	doc.OpenAPI = "3.0.3"
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		panic(fmt.Sprintf("conversationtest: cannot route a contract: %v", err))
	}
	return document{router: router}
}

// check refuses a request that breaks the contract.
func (c Contract) check(r *http.Request, body []byte) error {
	var problems []string
	switch c {
	case OpenAPIContract:
		problems = openAPIDocument().problems(r, body)
	case PlatformContract:
		problems = platformProblems(r, body)
	default:
		problems = eitherProblems(r, body)
	}
	switch {
	case len(problems) == 0:
		return nil
	case slices.Contains(problems, noRoute): // A route of the other contract.
		return &apiError{status: http.StatusNotImplemented, message: noRoute}
	default:
		return invalidArgument("%s", strings.Join(problems, "; "))
	}
}

// eitherProblems gives nothing for a request that keeps one of the contracts, else what is wrong by the one that fits it
// better, or by both.
func eitherProblems(r *http.Request, body []byte) []string {
	openAPI := openAPIDocument().problems(r, body)
	if len(openAPI) == 0 {
		return nil
	}
	platform := platformProblems(r, body)
	switch {
	case len(platform) < len(openAPI), slices.Contains(openAPI, noRoute):
		return platform
	case len(platform) > len(openAPI), slices.Equal(platform, openAPI):
		return openAPI
	default:
		return append(openAPI, "or by the live platform: "+strings.Join(platform, "; "))
	}
}

// platformProblems says what is wrong with a request by the platform, which takes null for nothing.
func platformProblems(r *http.Request, body []byte) []string {
	return platformDocument().problems(r, withoutNulls(body))
}

// withoutNulls takes the fields that are null out of a JSON text. What is no JSON stays as it is.
func withoutNulls(body []byte) []byte {
	var value any
	if !bytes.Contains(body, []byte("null")) || json.Unmarshal(body, &value) != nil {
		return body
	}
	stripped, err := json.Marshal(stripNulls(value))
	if err != nil {
		return body
	}
	return stripped
}

func stripNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			if value[name] = stripNulls(field); field == nil {
				delete(value, name)
			}
		}
	case []any:
		for i, item := range value {
			value[i] = stripNulls(item)
		}
	}
	return value
}

// noRoute is the one problem of a request whose path or method a contract does not have.
const noRoute = "the contract has no such operation"

// problems says what is wrong with a request, each problem led by the path of its field.
func (d document) problems(r *http.Request, body []byte) []string {
	checked := r.Clone(r.Context())
	checked.Body = io.NopCloser(bytes.NewReader(body))
	checked.URL = withoutEmptyParameters(checked.URL)
	if checked.Header.Get("Content-Type") == "" {
		checked.Header.Set("Content-Type", "application/json") // The platform does not insist.
	}
	route, params, err := d.router.FindRoute(checked)
	if err != nil {
		return []string{noRoute}
	}
	for name, escaped := range params {
		if params[name], err = url.PathUnescape(escaped); err != nil {
			return []string{name + ": " + err.Error()}
		}
	}
	return describe(openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: checked, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			MultiError:          true,
			SkipSettingDefaults: true,
			AuthenticationFunc:  func(context.Context, *openapi3filter.AuthenticationInput) error { return nil },
		},
	}))
}

// withoutEmptyParameters leaves out query parameters with no value, which mean nothing.
func withoutEmptyParameters(u *url.URL) *url.URL {
	query := u.Query()
	maps.DeleteFunc(query, func(_ string, values []string) bool { return strings.Join(values, "") == "" })
	kept := *u
	kept.RawQuery = query.Encode()
	return &kept
}

// describe takes an error of the validator apart. The path leads to what the error is about.
func describe(err error, path ...string) []string {
	if err == nil {
		return nil
	}
	//nolint:errorlint // It is the parameter of this very error, and several errors may be inside.
	if failed, ok := err.(*openapi3filter.RequestError); ok && failed.Parameter != nil {
		path = []string{failed.Parameter.Name}
	}
	if several, ok := errors.AsType[openapi3.MultiError](err); ok {
		var problems []string
		for _, one := range several {
			problems = append(problems, describe(one, path...)...)
		}
		return problems
	}
	broken, ok := errors.AsType[*openapi3.SchemaError](err)
	if !ok {
		return []string{led(path, strings.TrimPrefix(err.Error(), "request body has an error: "))}
	}
	reason := broken.Reason
	path = slices.Concat(path, broken.JSONPointer())
	if broken.SchemaField == "required" {
		reason = "it is required"
	}
	return []string{led(path, reason)}
}

// led puts the path of a field before what is wrong with it.
func led(path []string, reason string) string {
	var field strings.Builder
	for i, name := range path {
		switch _, err := strconv.Atoi(name); {
		case err == nil:
			fmt.Fprintf(&field, "[%s]", name)
		case i > 0:
			field.WriteString("." + name)
		default:
			field.WriteString(name)
		}
	}
	if field.Len() == 0 {
		return "the request: " + reason
	}
	return field.String() + ": " + reason
}
