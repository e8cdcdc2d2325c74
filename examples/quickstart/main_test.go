package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

const number = "15551230000"

func runQuickstart(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs strings.Builder
	code = run(ctx, args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestByDefaultItSendsToTheFakeAndReadsBack(t *testing.T) {
	t.Parallel()

	code, stdout, stderr := runQuickstart(t.Context())

	assert.Zero(t, code)
	assert.Empty(t, stderr)
	assert.Contains(t, strings.SplitN(stdout, "\n", 2)[0], "fake server in this process")
	assert.Regexp(t, `Sent message [0-9A-Z]{26} to SMS:15551230000, accepted at 20\d\d-`, stdout)
	assert.Contains(t, stdout, `Read it back: "Hello from Go!"`)
	assert.Regexp(t, `ACCEPTED +DIRECTION +IDENTITY +MESSAGE ID\n20.*TO_CONTACT  SMS:15551230000  [0-9A-Z]{26}\n$`, stdout)
}

func TestHelpIsNoFailureAndAnUnknownFlagIs(t *testing.T) {
	t.Parallel()

	code, _, stderr := runQuickstart(t.Context(), "-h")
	assert.Zero(t, code)
	assert.Contains(t, stderr, "-live")

	code, _, stderr = runQuickstart(t.Context(), "-unknown")
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "-unknown")
}

func TestAnEndedContextEndsIt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	code, _, stderr := runQuickstart(ctx)

	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "context canceled")
	assert.NotContains(t, stderr, "may have been sent")
}

// setEnv sets the variables of -live but SINCH_APP_ID, to a server that stands for Sinch.
func setEnv(t *testing.T, srv *conversationtest.Server, baseURL string) {
	t.Helper()
	t.Setenv("SINCH_PROJECT_ID", srv.ProjectID())
	t.Setenv("SINCH_KEY_ID", srv.KeyID())
	t.Setenv("SINCH_KEY_SECRET", srv.KeySecret())
	t.Setenv("SINCH_CONVERSATION_BASE_URL", baseURL)
	t.Setenv("SINCH_TOKEN_URL", srv.TokenURL())
}

func newServer(t *testing.T) *conversationtest.Server {
	t.Helper()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	return srv
}

func TestLiveNamesEverythingThatIsMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	t.Setenv("SINCH_REGION", "")
	t.Setenv("SINCH_CONVERSATION_BASE_URL", "")
	required := []string{"SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET", "SINCH_CONVERSATION_REGION"}
	for _, name := range required {
		t.Setenv(name, "")
	}

	code, stdout, stderr := runQuickstart(t.Context(), "-live")

	assert.Equal(t, 2, code)
	assert.Empty(t, stdout)
	for _, name := range append(required, "SINCH_APP_ID", "-to") {
		assert.Contains(t, stderr, name)
	}
}

func TestLiveSendsAndMasksIdentities(t *testing.T) {
	srv := newServer(t)
	setEnv(t, srv, srv.BaseURL())
	t.Setenv("SINCH_APP_ID", srv.AppID())

	code, stdout, stderr := runQuickstart(t.Context(), "-live", "-to", "sms:"+number)

	assert.Zero(t, code, stderr)
	assert.Contains(t, stdout, "to SMS:1555***00")
	assert.NotContains(t, stdout, number)
	assert.NotContains(t, stdout, "fake")
	assert.Equal(t, number, srv.Sent()[0].Request.Recipient.IdentifiedBy.ChannelIdentities[0].Identity)
}

func TestLiveReportsARefusalAndNothingMore(t *testing.T) {
	srv := newServer(t)
	setEnv(t, srv, srv.BaseURL())
	t.Setenv("SINCH_APP_ID", "OTHER")

	code, _, stderr := runQuickstart(t.Context(), "-live", "-to", "SMS:"+number)

	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "OTHER")
	assert.NotContains(t, stderr, "may have been sent")
}

func TestLiveSaysWhenTheMessageMayHaveBeenSent(t *testing.T) {
	srv := newServer(t)
	broken := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(broken.Close)
	setEnv(t, srv, broken.URL)
	t.Setenv("SINCH_APP_ID", srv.AppID())

	code, stdout, stderr := runQuickstart(t.Context(), "-live", "-to", "SMS:"+number)

	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, "The message may have been sent: do not blindly repeat it.")
}

func TestLiveCopesWithMessagesThatAreNotStored(t *testing.T) {
	srv := newServer(t)
	dispatch := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			_, _ = w.Write([]byte(`{"message_id": "M1", "accepted_time": "2026-03-01T12:00:00Z"}`))
		case strings.HasSuffix(r.URL.Path, "/M1"):
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write([]byte(`{}`))
		}
	}))
	t.Cleanup(dispatch.Close)
	setEnv(t, srv, dispatch.URL)
	t.Setenv("SINCH_APP_ID", srv.AppID())

	code, stdout, stderr := runQuickstart(t.Context(), "-live", "-to", "SMS:"+number)

	assert.Zero(t, code, stderr)
	assert.Contains(t, stdout, "Sent message M1")
	assert.Contains(t, stdout, "cannot be read back")
	assert.Contains(t, stdout, "no stored messages")
}

func TestMaskKeepsNoShortIdentity(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "+155***00", mask("+15551230000"))
	assert.Equal(t, "***", mask("123456789"))
	assert.Equal(t, "***", mask(""))
}
