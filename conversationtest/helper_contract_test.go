package conversationtest_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"
)

// contract is an OpenAPI document that requests are checked against.
type contract struct {
	doc    *openapi3.T
	router routers.Router
}

func loadContract(t *testing.T, document []byte) contract {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	require.NoError(t, err)
	return newContract(t, doc)
}

func newContract(t *testing.T, doc *openapi3.T) contract {
	t.Helper()
	require.NoError(t, doc.Validate(t.Context()))
	doc.Servers = nil // Paths are matched at any host.
	// The contracts use nothing that 3.0 lacks. For 3.1 the validator compiles each schema again for each request.
	doc.OpenAPI = "3.0.3"
	router, err := gorillamux.NewRouter(doc)
	require.NoError(t, err)
	return contract{doc: doc, router: router}
}

// operations returns the operations by id.
func (c contract) operations() map[string]*openapi3.Operation {
	found := make(map[string]*openapi3.Operation)
	for _, path := range c.doc.Paths.Map() {
		for _, operation := range path.Operations() {
			found[operation.OperationID] = operation
		}
	}
	return found
}

// requestSchema returns the schema of an operation's body, or nil.
func (c contract) requestSchema(id string) *openapi3.Schema {
	body := c.operations()[id].RequestBody
	if body == nil {
		return nil
	}
	return body.Value.Content.Get("application/json").Schema.Value
}

// replySchema returns the schema of an operation's reply, or nil.
func (c contract) replySchema(id string) *openapi3.Schema {
	media := c.operations()[id].Responses.Status(http.StatusOK).Value.Content.Get("application/json")
	if media == nil {
		return nil
	}
	return media.Schema.Value
}

// queryNames returns the names of the query parameters of an operation.
func (c contract) queryNames(id string) []string {
	var names []string
	for _, parameter := range c.operations()[id].Parameters {
		if parameter.Value.In == openapi3.ParameterInQuery {
			names = append(names, parameter.Value.Name)
		}
	}
	return names
}

// requiredQueryNames returns the names of the required query parameters of an operation.
func (c contract) requiredQueryNames(id string) []string {
	var names []string
	for _, parameter := range c.operations()[id].Parameters {
		if parameter.Value.In == openapi3.ParameterInQuery && parameter.Value.Required {
			names = append(names, parameter.Value.Name)
		}
	}
	return names
}

// matched is the operation of a request, with its path parameters.
type matched struct {
	id         string
	pathParams map[string]string
}

// check returns the operation of a request, and an error if the request breaks the contract.
func (c contract) check(ctx context.Context, sent sentRequest) (matched, error) {
	request, err := http.NewRequestWithContext(ctx, sent.method, sent.url.String(), strings.NewReader(sent.body))
	if err != nil {
		return matched{}, err
	}
	request.Header = sent.header
	route, params, err := c.router.FindRoute(request)
	if err != nil {
		return matched{}, err
	}
	for name, escaped := range params {
		if params[name], err = url.PathUnescape(escaped); err != nil {
			return matched{}, err
		}
	}
	found := matched{id: route.Operation.OperationID, pathParams: params}
	return found, openapi3filter.ValidateRequest(ctx, &openapi3filter.RequestValidationInput{
		Request:    request,
		PathParams: params,
		Route:      route,
		Options: &openapi3filter.Options{
			MultiError:                        true,
			SkipSettingDefaults:               true,
			RejectWhenRequestBodyNotSpecified: true,
			AuthenticationFunc:                requireCredentials,
		},
	})
}

// requireCredentials checks that the request has an access token, as all clients of these tests send, or basic authentication.
func requireCredentials(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	request := input.RequestValidationInput.Request
	if _, _, ok := request.BasicAuth(); ok && input.SecurityScheme.Scheme == "basic" {
		return nil
	}
	if request.Header.Get("Authorization") != "Bearer TOKEN" || input.SecurityScheme.Type != "oauth2" {
		return errors.New("no credentials")
	}
	return nil
}
