package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheStreamHasTheFaultsAfterEachChange(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	events := listen(t, srv, "", "")

	first := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultHTML})
	added := events.next()
	assert.Equal(t, "faults", added.kind)
	assert.Equal(t, r.get("faults"), added.data, "as in GET")
	r.ask(http.MethodPost, "faults", `{"kind": "slow", "delay": "1s"}`)
	assert.Equal(t, r.get("faults"), events.next().data)
	first.Remove()
	first.Remove() // It changes nothing.
	assert.Equal(t, r.get("faults"), events.next().data)
	srv.ClearFaults()
	srv.ClearFaults()
	assert.Equal(t, jsonObject{"faults": []any{}}, events.next().data)

	srv.Reset()
	assert.Equal(t, "reset", events.next().kind)
}
