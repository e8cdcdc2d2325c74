package conversationtest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAClientOfAnotherMachineDoesNotSteerTheServer(t *testing.T) {
	t.Parallel()
	for address, status := range map[string]int{
		"127.0.0.1:1": http.StatusOK, "127.1.2.3:1": http.StatusOK, "[::1]:1": http.StatusOK, "[::ffff:127.0.0.1]:1": http.StatusOK,
		"192.0.2.1:1": http.StatusForbidden, "10.0.0.1:1": http.StatusForbidden, "[fe80::1%eth0]:1": http.StatusForbidden,
		"[::ffff:192.0.2.1]:1": http.StatusForbidden, "": http.StatusForbidden, "@": http.StatusForbidden,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_fake/", nil)
		r.RemoteAddr, r.Host = address, "localhost"
		r.Header.Set("X-Forwarded-For", "127.0.0.1")
		answer := httptest.NewRecorder()
		loopbackOnly(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(answer, r)
		assert.Equal(t, status, answer.Code, address)
	}
}
