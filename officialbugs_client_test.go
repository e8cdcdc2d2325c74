package conversation_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// lateBugs are things that users had to ask for.
var lateBugs = []bug{
	{"node_1.5.0_nothing_can_be_logged", func(t *testing.T) {
		t.Helper()
		var log bytes.Buffer
		client, _ := newTestClient(t, answerWith(200, anyReply), conversation.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
		for name, call := range everyCall() {
			log.Reset()
			require.NoError(t, call(t.Context(), client))
			assert.Contains(t, log.String(), "operation="+name)
			assert.Contains(t, log.String(), "status_code=200")
		}
	}},
	{"java_2.1_no_proxy_can_be_used", callsGoThroughAProxy},
	{"java_2.1_client_cannot_be_closed", func(t *testing.T) {
		t.Helper()
		client, _ := newTestClient(t, answerWith(200, anyReply))
		var reused []bool
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			GotConn: func(info httptrace.GotConnInfo) { reused = append(reused, info.Reused) },
		})
		require.NoError(t, get(ctx, client))
		require.NoError(t, get(ctx, client))
		client.CloseIdleConnections()
		require.NoError(t, get(ctx, client), "it still works")
		assert.Equal(t, []bool{false, true, false}, reused)
	}},
	{"python_2.2.0_429_is_not_repeated_for_all_calls", func(t *testing.T) {
		t.Helper()
		repeats429(t, nil)
	}},
	{"node_1.6.0_429_is_repeated_without_regard_to_retry_after", func(t *testing.T) {
		t.Helper()
		repeats429(t, map[string]string{"Retry-After": "7"})
	}},
	{"java_1.4.0_headers_are_found_in_one_case_only", headersInAnyCase},
	{"python_2.2.0_apps_are_missing", func(t *testing.T) {
		t.Helper()
		hasCalls(t, "Apps", "Create", "List", "Get", "Update", "Delete")
	}},
	{"python_2.2.0_contacts_are_missing", func(t *testing.T) {
		t.Helper()
		hasCalls(t, "Contacts", "Create", "List", "Get", "Update", "Delete", "Merge")
	}},
}

func callsGoThroughAProxy(t *testing.T) {
	t.Helper()
	var asked atomic.Value
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.RequestURI)
		_, _ = io.WriteString(w, `{"id":"M"}`)
	}))
	t.Cleanup(proxy.Close)
	address, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	transport := &http.Transport{Proxy: http.ProxyURL(address)}
	t.Cleanup(transport.CloseIdleConnections)
	client := dialing(t, "http://127.0.0.1:9", conversation.WithHTTPClient(&http.Client{Transport: transport}))
	require.NoError(t, get(t.Context(), client))
	assert.Equal(t, "GET http://127.0.0.1:9/v1/projects/project/messages/m", asked.Load())
}

// repeats429 lets each operation be limited twice.
func repeats429(t *testing.T, header map[string]string) {
	t.Helper()
	for name, call := range everyCall() {
		synctest.Test(t, func(t *testing.T) {
			client, wire := scripted(t, []step{{status: 429, header: header}, {status: 429, header: header}, {status: 200, body: anyReply}})
			require.NoError(t, call(t.Context(), client), name)
			seen := wire.requests()
			require.Len(t, seen, 3, name)
			for i := 1; i < len(seen) && header != nil; i++ {
				assertWaited(t, 7*time.Second, seen[i].at.Sub(seen[i-1].at))
			}
		})
	}
}

// headersInAnyCase talks to a server that writes its headers in lower and in upper case.
func headersInAnyCase(t *testing.T) {
	t.Helper()
	for _, form := range []func(string) string{strings.ToLower, strings.ToUpper} {
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }()
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			fmt.Fprintf(conn, "HTTP/1.1 429 Too Many Requests\r\n%s: R-1\r\n%s: 99\r\n%s: 0\r\n\r\n",
				form("X-Request-Id"), form("Retry-After"), form("Content-Length"))
		}()
		var response conversation.Response
		client := dialing(t, "http://"+listener.Addr().String())
		failed := as[*conversation.Error](t, sendCall.do(t.Context(), client, conversation.WithResponse(&response)))
		assert.Equal(t, "R-1", failed.RequestID)
		assert.Equal(t, "R-1", response.RequestID)
		assert.Equal(t, 99*time.Second, failed.RetryAfter)
	}
}

func hasCalls(t *testing.T, service string, methods ...string) {
	t.Helper()
	for _, method := range methods {
		call := everyCall()[service+"."+method]
		require.NotNil(t, call, method)
		client, server := newTestClient(t, answerWith(200, anyReply))
		require.NoError(t, call(t.Context(), client))
		assert.Contains(t, server.only(t).uri, "/v1/projects/PROJECT/"+strings.ToLower(service))
	}
}

// todaysBugs are what the official SDKs still get wrong.
var todaysBugs = []bug{
	{"all_today_only_429_is_repeated", func(t *testing.T) {
		t.Helper()
		for _, fault := range []step{{status: 503}, {status: 500}, {status: 502}, {status: 504}, {status: 408}, {err: errReset}} {
			synctest.Test(t, func(t *testing.T) {
				client, wire := scripted(t, []step{fault, {status: 200, body: getCall.ok}})
				require.NoError(t, getCall.do(t.Context(), client))
				assert.Len(t, wire.requests(), 2)
			})
		}
	}},
	{"all_today_an_outage_multiplies_the_load", func(t *testing.T) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			const calls = 1000
			client, wire := scripted(t, []step{{status: 503}})
			for range calls {
				require.Error(t, getCall.do(t.Context(), client))
			}
			assert.LessOrEqual(t, len(wire.requests()), calls+50)
		})
	}},
	{"all_today_a_call_cannot_be_cancelled", func(t *testing.T) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			client, _ := scripted(t, []step{{status: 200, takes: 20 * time.Second, body: anyReply}})
			for name, call := range everyCall() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				started := time.Now()
				require.ErrorIs(t, call(ctx, client), context.DeadlineExceeded, name)
				assert.Equal(t, time.Second, time.Since(started), name)
				cancel()
			}
		})
	}},
	{"node_java_today_there_is_no_timeout", func(t *testing.T) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			client, _ := scripted(t, []step{{status: 200, takes: time.Hour}}, conversation.WithTimeout(2*time.Second))
			started := time.Now()
			require.ErrorIs(t, sendCall.do(t.Context(), client), context.DeadlineExceeded)
			assert.Equal(t, 2*time.Second, time.Since(started))
			started = time.Now()
			require.ErrorIs(t, sendCall.do(t.Context(), client, conversation.WithRequestTimeout(time.Second)), context.DeadlineExceeded)
			assert.Equal(t, time.Second, time.Since(started))
		})
	}},
	{"all_today_errors_show_numbers_and_credentials", func(t *testing.T) {
		t.Helper()
		failed := readError(t, `{"error":{"message":"+46 70 123 45 67 refused for Basic a2V5LWlkOmtleS1zZWNyZXQ="}}`)
		hides(t, everyPrint(t, failed), "123 45 67", "a2V5LWlk")
	}},
	{"all_today_a_lost_reply_looks_like_a_failed_send", func(t *testing.T) {
		t.Helper()
		var requests atomic.Int64
		client := dialing(t, droppingServer(t, &requests))
		err := sendCall.do(t.Context(), client)
		assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
		assert.EqualValues(t, 1, requests.Load())
	}},
}
