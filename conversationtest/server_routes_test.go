package conversationtest

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest/internal/contract"
)

var (
	specPath   = regexp.MustCompile(`^  /v1/projects/\{project_id\}/(\S+):$`)
	specMethod = regexp.MustCompile(`^    (get|post|put|patch|delete):$`)
)

func TestEveryOperationOfTheContractHasARoute(t *testing.T) {
	t.Parallel()
	given, err := os.ReadFile("../openapi.yaml")
	require.NoError(t, err)
	known := map[string]bool{}
	for _, route := range routes {
		name := route.method + " " + route.pattern
		if route.version == batchV1 {
			name = route.method + " batch/" + route.pattern
		}
		known[name] = true
		assert.True(t, isOperation(name), name)
	}
	require.Len(t, known, len(routes), "no route is there twice")

	path, operations := "", 0
	for line := range strings.Lines(string(given)) {
		line = strings.TrimRight(line, "\n")
		if found := specPath.FindStringSubmatch(line); found != nil {
			path = found[1]
		}
		if found := specMethod.FindStringSubmatch(line); found != nil {
			operations++
			assert.Contains(t, known, strings.ToUpper(found[1])+" "+path)
		}
	}
	assert.Equal(t, 29, operations)
	assert.Contains(t, known, "POST contacts/{destination_id}:merge", "on the platform")
	assert.Contains(t, known, "POST webhooks", "on the platform")
}

func TestEveryOperationOfThePlatformHasARoute(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(contract.PlatformYAML)
	require.NoError(t, err)
	operations := 0
	for path, item := range doc.Paths.Map() {
		version, _, rest, ok := splitPath(path)
		require.True(t, ok, path)
		for method := range item.Operations() {
			operations++
			found, _ := findRoute(version, method, rest)
			if assert.NotNil(t, found, method+" "+path) {
				assert.Equal(t, rest, found.pattern)
			}
		}
	}
	assert.Equal(t, 51, operations)
}

func TestEveryOperationOfTheBatchAPIHasARoute(t *testing.T) {
	t.Parallel()
	operations := 0
	for path, item := range contract.Batches(contract.PlatformYAML).Paths.Map() {
		version, _, rest, ok := splitPath("/batch" + path)
		require.True(t, ok, path)
		for method := range item.Operations() {
			operations++
			found, _ := findRoute(version, method, rest)
			if assert.NotNil(t, found, method+" "+path) {
				assert.Equal(t, rest, found.pattern)
			}
		}
	}
	assert.Equal(t, 7, operations)
}

func TestARouteBelongsToItsVersion(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/v1/projects/p/templates", "/v2/projects/p/messages", "/v3/projects/p/messages", "/v2/projects", "/batch/v1/projects/p/apps",
		"/batch/v2/projects/p/messages", "/batchv1/projects/p/messages", "/batch/batch/v1/projects/p/messages",
	} {
		version, _, rest, _ := splitPath(path)
		found, _ := findRoute(version, http.MethodGet, rest)
		assert.Nil(t, found, path)
	}
}

func TestPathsMatchPatternsSegmentBySegment(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		pattern, path string
		params        map[string]string // Nil: no match.
	}{
		"a literal":                       {"messages", "messages", map[string]string{}},
		"a literal with a verb":           {"messages:send", "messages:send", map[string]string{}},
		"an escaped colon in a literal":   {"messages:send", "messages%3Asend", map[string]string{}},
		"another literal":                 {"messages", "contacts", nil},
		"an id":                           {"messages/{id}", "messages/01A", map[string]string{"id": "01A"}},
		"an escaped id":                   {"messages/{id}", "messages/a%2Fb%20c", map[string]string{"id": "a/b c"}},
		"an empty id":                     {"messages/{id}", "messages/", nil},
		"too many segments":               {"messages/{id}", "messages/a/b", nil},
		"too few segments":                {"messages/{id}", "messages", nil},
		"an id with a verb":               {"conversations/{id}:stop", "conversations/01A:stop", map[string]string{"id": "01A"}},
		"an escaped colon in an id":       {"conversations/{id}:stop", "conversations/a%3Astop", nil},
		"an id that ends as the verb":     {"conversations/{id}:stop", "conversations/a%3Astop:stop", map[string]string{"id": "a:stop"}},
		"a verb without an id":            {"conversations/{id}:stop", "conversations/:stop", nil},
		"another verb":                    {"conversations/{id}:stop", "conversations/01A:start", nil},
		"an id with a bad escape":         {"messages/{id}", "messages/%zz", nil},
		"two ids":                         {"apps/{app}/webhooks/{id}", "apps/A/webhooks/B", map[string]string{"app": "A", "id": "B"}},
		"a literal between ids is wrong":  {"apps/{app}/webhooks/{id}", "apps/A/hooks/B", nil},
		"a literal with a trailing slash": {"messages", "messages/", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			params, ok := match(tc.pattern, tc.path)

			assert.Equal(t, tc.params != nil, ok)
			assert.Equal(t, tc.params, params)
		})
	}
}
