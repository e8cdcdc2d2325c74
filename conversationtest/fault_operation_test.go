package conversationtest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryRouteHasTheNameOfItsOperation(t *testing.T) {
	t.Parallel()
	for _, route := range routes {
		assert.NotEmpty(t, route.operation, route.pattern)
	}
}

func TestTheOperationOfARequestIsThatOfItsRoute(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/oauth2/token":                                     "token",
		"/v1/projects/p/messages/a%2Fb?x=y":                 "GET messages/{message_id}",
		"/v1/projects/p%2Fq/apps/A/webhooks":                "GET apps/{app_id}/webhooks",
		"/v1/projects/p/nothing":                            "",
		"/v1":                                               "",
		"/v2/projects/p/conversations/01A:stop":             "",
		"/v2/projects/p/templates/T/translations":           "GET templates/{template_id}/translations",
		"/v1/projects/p/templates":                          "",
		"/v1/projects/p/contacts?channel_identity=messages": "GET contacts",
	} {
		found := routeOf(httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
		assert.Equal(t, want != "", found != nil && found.isNamed(want), target)
	}
}
