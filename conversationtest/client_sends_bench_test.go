//go:build unix

package conversationtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sinchgo/conversation"
)

// BenchmarkTenThousandSends measures how much more CPU time the fake needs than a handler that does nothing: it must
// stay far below 200 µs a send.
func BenchmarkTenThousandSends(b *testing.B) {
	for name, cfg := range map[string]Config{"in memory": {InMemory: true}, "on a socket": {}} {
		b.Run(name, func(b *testing.B) {
			empty := emptyOptions(b, cfg)
			for b.Loop() {
				srv := NewServer(cfg)
				const sends = 10_000
				without := cpuOfSends(b, sends, "project", "app", empty...)
				with := cpuOfSends(b, sends, srv.ProjectID(), srv.AppID(), srv.Options()...)
				if len(srv.Sent()) != sends {
					b.Fatalf("sent %d messages", len(srv.Sent()))
				}
				srv.Close()
				b.ReportMetric((with - without).Seconds(), "extra-cpu-s/op")
				b.ReportMetric(float64((with-without).Microseconds())/sends, "extra-cpu-µs/send")
				b.ReportMetric(float64(without.Microseconds())/sends, "empty-cpu-µs/send")
			}
		})
	}
}

const emptyAnswer = `{"message_id":"01HZZZZZZZZZZZZZZZZZZZZZZZ","accepted_time":"2026-03-01T12:00:00Z"}`

// emptyOptions connects a client to a handler that reads each request and always returns the same reply.
func emptyOptions(b *testing.B, cfg Config) []conversation.Option {
	b.Helper()
	basic := conversation.WithBasicAuth("key", "secret")
	if cfg.InMemory {
		return []conversation.Option{
			basic, conversation.WithBaseURL("https://empty.invalid"),
			conversation.WithHTTPClient(&http.Client{Transport: emptyTransport{}}),
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, emptyAnswer)
	}))
	b.Cleanup(server.Close)
	return []conversation.Option{basic, conversation.WithBaseURL(server.URL)}
}

type emptyTransport struct{}

func (emptyTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Request: req, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(emptyAnswer)),
	}, nil
}

func cpuOfSends(b *testing.B, sends int, projectID, appID string, opts ...conversation.Option) time.Duration {
	b.Helper()
	client, err := conversation.NewClient(projectID, opts...)
	if err != nil {
		b.Fatal(err)
	}
	defer client.CloseIdleConnections()
	request := &conversation.SendMessageRequest{
		AppID:     appID,
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("hello"),
	}
	before := cpuTime(b)
	for range sends {
		if _, err := client.Messages.Send(b.Context(), request); err != nil {
			b.Fatal(err)
		}
	}
	return cpuTime(b) - before
}

// cpuTime returns the CPU time that this process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
