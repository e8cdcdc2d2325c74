package main

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryProgramHasItsFirstMessageAccepted(t *testing.T) {
	t.Chdir("../..")
	r := &run{ctx: t.Context(), rounds: 1, out: &strings.Builder{}}
	r.coldstart()
	assert.Contains(t, r.out.String(), "| the SDK, round trips of 0s |")
	assert.Contains(t, r.out.String(), "| the SDK with Warm, round trips of 30ms |")
	assert.NotContains(t, r.out.String(), "NaN")
}

func TestEveryProgramIsStartedInEveryRound(t *testing.T) {
	t.Parallel()
	r := &run{ctx: t.Context(), rounds: 3}
	programs := []starter{{"a", []string{"sh", "-c", "echo $A"}}, {"b", []string{"echo", "0.5"}}}
	starts := r.starts(programs, []string{"A=0.25"})
	assert.Equal(t, []float64{0.25, 0.25, 0.25}, starts["a"].send)
	assert.Equal(t, []float64{0.5, 0.5, 0.5}, starts["b"].send)
	assert.Len(t, starts["a"].total, 3)
	for _, total := range starts["a"].total {
		assert.Positive(t, total)
	}
}

func TestADistantServerIsARoundTripAwayForTheConnectionItsHandshakeAndEachRequest(t *testing.T) {
	t.Parallel()
	const roundTrip = 20 * time.Millisecond
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	defer server.Close()
	address, stop := distant(server.Listener.Addr().String(), roundTrip)
	defer stop()
	client := server.Client()
	for _, atLeast := range []time.Duration{3 * roundTrip, roundTrip} {
		began := time.Now()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+address, strings.NewReader("hello"))
		require.NoError(t, err)
		resp, err := client.Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, "hello", string(body))
		assert.GreaterOrEqual(t, time.Since(began), atLeast)
		assert.EqualValues(t, tls.VersionTLS13, resp.TLS.Version)
	}
}

func TestTheClientsOfTheHostsTrustThem(t *testing.T) {
	t.Parallel()
	environment, stop := hosts(t.TempDir(), 0)
	defer stop()
	set := make(map[string]string)
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		set[name] = value
	}
	assert.NotEqual(t, set["SINCH_AUTH_HOST"], set["SINCH_CONVERSATION_BASE_URL"], "two hosts, as in reality")
	roots, err := os.ReadFile(set["SSL_CERT_FILE"])
	require.NoError(t, err)
	assert.Contains(t, string(roots), "BEGIN CERTIFICATE")
}
