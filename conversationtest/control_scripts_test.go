package conversationtest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAScriptIsAddedListedAndRemovedOverHTTP(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Script: conversationtest.ScriptRead, ScriptDelay: 2 * time.Second})
	const script = `{"script": "fallback", "delay": "1.5s", "channel": "RCS", "code": "CHANNEL_REJECT", "description": "Too large",
		"sub_code": "ATTACHMENT_REJECTED", "skip": 1, "times": 2, "probability": 0.5, "seed": 7}`
	status, added := r.ask(http.MethodPost, "scripts", script)
	require.Equal(t, http.StatusCreated, status, added)
	srv.Script(conversationtest.ScriptRule{})

	answer := r.get("scripts")
	assert.Equal(t, []any{"read", "2s"}, []any{answer["script"], answer["delay"]}, "those of the Config")
	listed := r.list("scripts", "scripts")
	require.Len(t, listed, 2)
	assert.Equal(t, added, listed[0])
	id, _ := added["id"].(string)
	assert.NotEmpty(t, id)
	for field, value := range map[string]any{"id": id, "hits": 0.0, "spent": false} {
		assert.Equal(t, value, added[field], field)
		delete(added, field)
	}
	assert.JSONEq(t, script, asJSON(t, added))
	assert.Equal(t, "none", listed[1]["script"])

	status, removed := r.ask(http.MethodDelete, "scripts/"+id, "")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, jsonObject{"removed": 1.0}, removed)
	for _, id := range []string{id, "none", "0", "-1"} {
		r.fails(http.StatusNotFound, http.MethodDelete, "scripts/"+id, "",
			`scripts: there is no script "`+id+`": GET /_fake/scripts lists the scripts`)
	}
	_, removed = r.ask(http.MethodDelete, "scripts", "")
	assert.Equal(t, jsonObject{"removed": 1.0}, removed)
	assert.Equal(t, jsonObject{"script": "read", "delay": "2s", "scripts": []any{}}, r.get("scripts"))
}

func TestAScriptOfTheControlAPIApplies(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"none":     nil,
		"deliver":  {"QUEUED_ON_CHANNEL on RCS", "DELIVERED on RCS"},
		"read":     {"QUEUED_ON_CHANNEL on RCS", "DELIVERED on RCS", "READ on RCS"},
		"fail":     {"QUEUED_ON_CHANNEL on RCS", "FAILED on RCS"},
		"fallback": {"QUEUED_ON_CHANNEL on RCS", "SWITCHING_CHANNEL on RCS", "QUEUED_ON_CHANNEL on SMS", "DELIVERED on SMS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, r := steered(t, conversationtest.Config{Script: conversationtest.ScriptDeliver})
			hooked(srv, "", conversation.TriggerMessageDelivery)
			_, added := r.ask(http.MethodPost, "scripts", `{"script": "`+name+`", "times": 1}`)
			assert.Equal(t, name, added["script"])

			sendOver(t, srv, conversation.ChannelRCS, conversation.ChannelSMS)
			settle(t, srv)
			assert.Equal(t, want, reported(t, srv))
			script := r.list("scripts", "scripts")[0]
			assert.Equal(t, []any{1.0, true}, []any{script["hits"], script["spent"]}, "a script that is spent is still listed")

			sendOver(t, srv, conversation.ChannelSMS)
			settle(t, srv)
			assert.Equal(t, []string{"QUEUED_ON_CHANNEL on SMS", "DELIVERED on SMS"}, reported(t, srv)[len(want):])
			r.post("reset", "")
			assert.Empty(t, r.list("scripts", "scripts"))
		})
	}
}

func TestAScriptOfTheControlAPIHasItsReason(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	hooked(srv, "", conversation.TriggerMessageDelivery)
	r.ask(http.MethodPost, "scripts", `{"script": "fail", "code": "RATE_LIMITED", "description": "Slow down", "sub_code": "OTHER"}`)
	sendText(t, srv, "hello")
	settle(t, srv)
	assert.Equal(t, []any{jsonObject{"code": "RATE_LIMITED", "description": "Slow down", "sub_code": "OTHER"}}, reasonsOf(t, srv))
}

func TestAWrongScriptOfTheControlAPIIsExplained(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	for body, mentions := range map[string][]string{
		``:                                                {`scripts: script: "" is unknown: use none, deliver, read, fail, fallback`},
		`{}`:                                              {`scripts: script: "" is unknown`},
		`[]`:                                              {"scripts: the body is not a single JSON object", "script, delay, channel"},
		`{"script": "ScriptFail"}`:                        {`scripts: script: "ScriptFail" is unknown: use none, deliver, read, fail, fallback`},
		`{"script": 3}`:                                   {"scripts: script: a JSON number is not allowed here: send a string"},
		`{"script": "fail", "delay": "2"}`:                {`scripts: delay: "2" is not a duration: write it as 2s or 500ms`},
		`{"script": "fail", "delay": 2}`:                  {"scripts: delay: a JSON number"},
		`{"script": "fail", "delay": "-1s"}`:              {"scripts: delay: -1s is negative: use 0 or more"},
		`{"script": "fail", "channel": "SMSS"}`:           {`scripts: channel: "SMSS" is unknown: use SMS, RCS, WHATSAPP`},
		`{"script": "fail", "channel": ["SMS"]}`:          {"scripts: channel: a JSON array is not allowed here: send a string"},
		`{"script": "fail", "code": 1}`:                   {"scripts: code: a JSON number"},
		`{"script": "fail", "skip": -1}`:                  {"scripts: skip: -1 is negative: use 0 or more"},
		`{"script": "fail", "times": -1}`:                 {"scripts: times: -1 is negative: use 0 or more"},
		`{"script": "fail", "times": "1"}`:                {"scripts: times: a JSON string is not allowed here: send a number"},
		`{"script": "fail", "probability": 1.5}`:          {"scripts: probability: 1.5 is not from 0 to 1"},
		`{"script": "fail", "probability": -0.1}`:         {"scripts: probability: -0.1 is not from 0 to 1"},
		`{"script": "fail", "seed": -1}`:                  {"scripts: seed: a JSON number"},
		`{"script": "fail", "id": "1"}`:                   {"scripts: id: it is generated: leave it out"},
		`{"script": "fail", "hits": 1}`:                   {`scripts: field "hits" is unknown: use`},
		`{"script": "fail", "reason": {"code": "OTHER"}}`: {`scripts: field "reason" is unknown: use`, "code, description, sub_code"},
	} {
		r.fails(http.StatusBadRequest, http.MethodPost, "scripts", body, mentions...)
	}
	r.fails(http.StatusBadRequest, http.MethodGet, "scripts?app_id=1", "", `scripts: query parameter "app_id" is unknown`)
	r.fails(http.StatusMethodNotAllowed, http.MethodPut, "scripts", "{}", "use GET or POST or DELETE")
	assert.Empty(t, r.list("scripts", "scripts"))
}
