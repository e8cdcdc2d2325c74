package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

// TestMain is the program itself in the processes that the program starts.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, "-worker") {
		main()
	}
	os.Exit(m.Run())
}

func TestByDefaultEachStoredOrderIsConfirmedOnceOnTheFake(t *testing.T) {
	t.Setenv("DATABASE_URL", os.Getenv("PGCONVERSATION_TEST_DSN"))
	got := exampletest.Run(t.Context(), run)
	require.Zero(t, got.Code, got.Stderr)
	if strings.Contains(got.Stdout, "PostgreSQL is not installed here") { // make test says so, too
		return
	}
	for _, line := range []string{
		`Order 1002: the card was declined, so the order was rolled back, and its confirmation with it\.`,
		`Order 1003: its confirmation is unknown\. It may have been sent, so no worker sends it again\.`,
		`1001 +delivered +accepted, DELIVERED +1`,
		`1003 +delivered +accepted, DELIVERED +1`,
		`1004 +delivered +accepted, DELIVERED +1`,
	} {
		assert.Regexp(t, `(?m)^`+line+`$`, got.Stdout)
	}
	assert.NotRegexp(t, `(?m)^1002`, got.Stdout)
	assert.NotContains(t, got.Stdout, "15551230000")
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	t.Setenv("DATABASE_URL", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "SINCH_WEBHOOK_SECRET", "DATABASE_URL")
}
