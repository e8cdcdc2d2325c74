package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItUsesTheFake(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run,
		`Created 25 contacts\.`, `(?s)with All:\n(  [0-9A-Z]{26}  SMS:155512300\d\d\n){12}\n`,
		`page 1: 10 contacts\n  page 2: 10 contacts\n  page 3: 5 contacts\n$`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run)
}

func TestLiveOnlyReadsAndMasksIdentities(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", "")
	require.NoError(t, makeContacts(t.Context(), srv.NewClient(t), 11))
	before := len(srv.Requests())

	got := exampletest.Run(t.Context(), run, "-live", "-max", "3")

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "SMS:1555***10")
	assert.NotContains(t, got.Stdout, "155512300")
	assert.Contains(t, got.Stdout, "page 2: 1 contacts\n")
	for _, request := range srv.Requests()[before:] {
		if request.Path != "/oauth2/token" {
			assert.Equal(t, http.MethodGet, request.Method)
		}
	}
}
