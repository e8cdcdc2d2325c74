package conversationtest_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAFaultIsAddedListedAndRemovedOverHTTP(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	const fault = `{"kind": "rate_limit", "operation": "Messages.Send", "skip": 1, "times": 2, "probability": 0.5, "seed": 7, "delay": "1.5s",
		"graceful": true, "status": 503, "body": "busy", "retry_after": "3", "retry_after_date": true, "location": "https://example.com"}`
	status, added := r.ask(http.MethodPost, "faults", fault)
	require.Equal(t, http.StatusCreated, status, added)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultHTML})

	listed := r.list("faults", "faults")
	require.Len(t, listed, 2)
	assert.Equal(t, added, listed[0])
	id, _ := added["id"].(string)
	assert.NotEmpty(t, id)
	for field, value := range map[string]any{"id": id, "hits": 0.0, "spent": false} {
		assert.Equal(t, value, added[field], field)
		delete(added, field)
	}
	assert.JSONEq(t, fault, asJSON(t, added))
	assert.Equal(t, "html", listed[1]["kind"])

	status, removed := r.ask(http.MethodDelete, "faults/"+id, "")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, jsonObject{"removed": 1.0}, removed)
	for _, id := range []string{id, "none", "0", "-1"} {
		r.fails(http.StatusNotFound, http.MethodDelete, "faults/"+id, "", `faults: there is no fault "`+id+`"`)
	}
	_, removed = r.ask(http.MethodDelete, "faults", "")
	assert.Equal(t, jsonObject{"removed": 1.0}, removed)
	assert.Equal(t, []any{}, r.get("faults")["faults"])
}

func TestAFaultOfTheControlAPIHappens(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	r.ask(http.MethodPost, "faults", `{"kind": "drop_after_accept", "operation": "Messages.Send", "times": 1}`)
	client := srv.NewClient(t)
	for _, isLost := range []bool{true, false} {
		_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
		assert.Equal(t, isLost, conversation.OutcomeOf(err) == conversation.OutcomeUnknown, err)
	}

	fault := r.list("faults", "faults")[0]
	assert.Equal(t, []any{1.0, true}, []any{fault["hits"], fault["spent"]}, "a fault that is spent is still listed")
	requests := r.list("requests?operation=Messages.Send", "requests")
	require.Len(t, requests, 2)
	assert.Equal(t, "drop_after_accept", requests[0]["fault"])
	assert.NotContains(t, requests[1], "fault")
	_, removed := r.ask(http.MethodDelete, "faults", "")
	assert.Equal(t, jsonObject{"removed": 1.0}, removed)
}

// TestTheKindsOfFaultsAreNamedAsTheirConstants compares the names with the source.
func TestTheKindsOfFaultsAreNamedAsTheirConstants(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("fault_kind.go")
	require.NoError(t, err)
	constants := regexp.MustCompile(`(?m)^\tFault(\w+) .*// `).FindAllStringSubmatch(string(source), -1)
	require.Len(t, constants, 23)
	_, r := steered(t, conversationtest.Config{})
	words := strings.NewReplacer("HTML", "Html", "JSON", "Json")
	for _, constant := range constants {
		name := regexp.MustCompile(`\B[A-Z]`).ReplaceAllString(words.Replace(constant[1]), "_$0")
		status, added := r.ask(http.MethodPost, "faults", `{"kind": "`+strings.ToLower(name)+`"}`)
		assert.Equal(t, http.StatusCreated, status, added)
	}
}

func TestAWrongFaultOfTheControlAPIIsExplained(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	for body, mentions := range map[string][]string{
		`{}`:                                     {`faults: kind: "" is unknown`, "drop_after_accept"},
		`{"kind": "FaultReset"}`:                 {`faults: kind: "FaultReset" is unknown`, "reset"},
		`{"kind": "reset", "operation": "Send"}`: {`faults: operation: "Send" is not known`, "Messages.Send"},
		`{"kind": "reset", "skip": -1}`:          {"faults: skip: -1 is negative"},
		`{"kind": "reset", "skip": "1"}`:         {"faults: skip", "string"},
		`{"kind": "reset", "delay": "-1s"}`:      {"faults: delay: -1s is negative"},
		`{"kind": "slow", "delay": "2"}`:         {`faults: delay: "2" is not a duration`, "2s"},
		`{"kind": "slow", "delay": 2}`:           {"faults: delay", "number"},
		`{"kind": "reset", "probability": 1.5}`:  {"faults: probability: 1.5 is not from 0 to 1"},
		`{"kind": "status", "status": 99}`:       {"faults: status: 99 is not from 200 to 599"},
		`{"kind": "rate_limit", "retry_after": "x", "retry_after_date": true}`: {`faults: retry_after: "x" must be a number of seconds for retry_after_date`},
		`{"kind": "token_endpoint_down", "operation": "Messages.Send"}`:        {"faults: operation: token endpoint down", "use the kind status"},
		`{"kind": "reset", "id": "1"}`:                                         {"faults: id: it is generated"},
		`{"kind": "reset", "hits": 1}`:                                         {`faults: field "hits" is unknown`},
	} {
		r.fails(http.StatusBadRequest, http.MethodPost, "faults", body, mentions...)
	}
	assert.Empty(t, r.list("faults", "faults"))
	_, added := r.ask(http.MethodPost, "faults", `{"kind": "rate_limit", "retry_after": 3}`)
	assert.Equal(t, "3", added["retry_after"], "a number is a number of seconds too")
}
