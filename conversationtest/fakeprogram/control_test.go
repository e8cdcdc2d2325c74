package fakeprogram

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ask sends a request and returns the status and the body of the answer.
func ask(t *testing.T, method, target, body string, change func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	require.NoError(t, err)
	if change != nil {
		change(r)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	require.NoError(t, err)
	defer func() { assert.NoError(t, resp.Body.Close()) }()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(answer)
}

func TestTheControlURLServesTheControlAPI(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"the server's address": nil, "a separate address": {"-control-addr", "127.0.0.1:0"}, "all addresses": {"-control-addr", ":0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := runHere(t, args...)
			for _, path := range []string{"", "/", "/state"} {
				status, answer := ask(t, http.MethodGet, here.info.ControlURL+path, "", nil)
				assert.Equal(t, http.StatusOK, status, answer)
			}
			status, answer := ask(t, http.MethodPost, here.info.ControlURL+"/receive", `{"channel": "SMS", "identity": "15551230000", "text": "hi"}`, nil)
			assert.Equal(t, http.StatusOK, status, answer)
			assert.Equal(t, args == nil, strings.HasPrefix(here.info.ControlURL, here.info.BaseURL))
			assert.Equal(t, 0, here.end())
			assert.Empty(t, here.log.String(), "requests to the control API are not those of the API")
		})
	}
}

func TestWithAControlAddressTheServersAddressHasNoControlAPI(t *testing.T) {
	t.Parallel()
	here := runHere(t, "-control-addr", "127.0.0.1:0")
	status, _ := ask(t, http.MethodGet, here.info.BaseURL+"/_fake/state", "", nil)
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Equal(t, 0, here.end())
}

func TestOnlyTheControlAddressServesStrangers(t *testing.T) {
	t.Parallel()
	stranger := func(r *http.Request) { r.Host = "fake.test:8788" }
	here := runHere(t)
	status, answer := ask(t, http.MethodGet, here.info.ControlURL+"/state", "", stranger)
	assert.Equal(t, http.StatusForbidden, status)
	assert.Contains(t, answer, "-control-addr")
	assert.Equal(t, 0, here.end())

	here = runHere(t, "-control-addr", "127.0.0.1:0")
	status, answer = ask(t, http.MethodGet, here.info.ControlURL+"/state", "", stranger)
	assert.Equal(t, http.StatusOK, status, answer)
	assert.Equal(t, 0, here.end())
}

func TestAControlAddressInUseIsExplained(t *testing.T) {
	t.Parallel()
	here := runHere(t)
	used := strings.TrimPrefix(here.info.BaseURL, "http://")
	var stdout, stderr bytes.Buffer
	code := Main(t.Context(), programName, []string{"-addr", "127.0.0.1:0", "-control-addr", used}, &stdout, &stderr)
	assert.Equal(t, 0, here.end())

	assert.Equal(t, 1, code)
	assert.Empty(t, stdout.String())
	assert.Regexp(t, `^conversation-fake: cannot serve the control API on "`+used+`": .*in use\n$`, stderr.String())
}
