package conversationtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheIndexOfTheControlAPIListsEveryPath(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	for _, path := range r.list("", "paths") {
		assert.NotEmpty(t, path["summary"])
	}
	assert.Subset(t, r.routes(), []string{"GET /_fake/", "GET /_fake/state", "POST /_fake/receive", "DELETE /_fake/faults/{id}"})
}

func TestAnUnknownPathOfTheControlAPIIsAnsweredWithThePaths(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	for _, path := range []string{"nothing", "state/", "state/1", "faults/1/2"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			r.fails(http.StatusNotFound, method, path, "", "/_fake/"+path, "/_fake/state", "/_fake/receive")
		}
	}
}

func TestAnotherMethodIsAnsweredWithThoseOfThePath(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	for path, allow := range map[string]string{
		"/_fake": "GET", "/_fake/state": "GET", "/_fake/receive": "POST", "/_fake/faults": "GET, POST, DELETE", "/_fake/faults/1": "DELETE",
	} {
		answer := httptest.NewRecorder()
		srv.Control().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodPut, path, nil))
		assert.Equal(t, http.StatusMethodNotAllowed, answer.Code, path)
		assert.Equal(t, allow, answer.Header().Get("Allow"), path)
		assert.Contains(t, answer.Body.String(), `"error":"PUT is not allowed`, path)
	}
}

func TestAWrongBodyOfTheControlAPIIsExplained(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	for body, mentions := range map[string][]string{
		`{"message_id": "1", "mesage": 1}`:   {`deliver: field "mesage" is unknown`, "use message_id"},
		`{"message_id": 1}`:                  {"deliver: message_id", "number"},
		`{"message_id": "1"`:                 {"deliver: the body is not a single JSON object"},
		`[]`:                                 {"deliver: the body is not a single JSON object"},
		`{} {}`:                              {"deliver: the body is not a single JSON object"},
		`message_id=1`:                       {"deliver: the body is not a single JSON object", "message_id"},
		"{\"message_id\": \"\xff\"}":         {"deliver: the body is not UTF-8"},
		``:                                   {"deliver: message_id: it is required"},
		`{}`:                                 {"deliver: message_id: it is required"},
		`{"message_id": null}`:               {"deliver: message_id: it is required"},
		"\ufeff" + `{"message_id": "a"}`:     {"deliver: the body is not a single JSON object"},
		`{"message_id": {"message_id": ""}}`: {"deliver: message_id", "object"},
	} {
		r.fails(http.StatusBadRequest, http.MethodPost, "deliver", body, mentions...)
	}
	r.fails(http.StatusRequestEntityTooLarge, http.MethodPost, "deliver", `{"message_id": "`+strings.Repeat("x", 1<<20)+`"}`, "1 MiB")
}

func TestAWrongQueryOfTheControlAPIIsExplained(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	for path, mentions := range map[string][]string{
		"state?app=1":                          {`state: query parameter "app" is unknown`, "app_id"},
		"faults?id=1":                          {`faults: query parameter "id" is unknown`, "there are none"},
		"state?app_id=1&app_id=2":              {`state: query parameter "app_id" is duplicated`},
		"requests?after=x":                     {`requests: after: "x"`},
		"requests?after=-1":                    {`requests: after: "-1"`},
		"requests?operation=Messages.Sent":     {`requests: operation: "Messages.Sent" is unknown`},
		"callbacks?wait=5":                     {`callbacks: wait: "5" is not a duration`, "5s"},
		"callbacks?wait=-5s":                   {`callbacks: wait: "-5s"`},
		"callbacks?after=9999999999999999999a": {"callbacks: after"},
	} {
		r.fails(http.StatusBadRequest, http.MethodGet, path, "", mentions...)
	}
	r.fails(http.StatusNotFound, http.MethodGet, "state?app_id=none", "", `state: app_id: there is no app "none"`)
	r.fails(http.StatusNotFound, http.MethodGet, "sent?app_id=none", "", `sent: app_id: there is no app "none"`)
}
