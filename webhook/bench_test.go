package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

// kibibyte returns a callback of 1 KiB about a text message.
func kibibyte() []byte {
	const head = `{"app_id":"01EB37HMH1M6SV18ASNS3G135H","accepted_time":"2026-03-01T12:00:00.123456Z","event_time":"2026-03-01T12:00:00Z",` +
		`"project_id":"e2df3a34-a71b-4448-9db5-a8d2baad28e4","message_metadata":"","message":{"id":"01FJA8B3MCVQF1BYCNNQ7X4GPW",` +
		`"direction":"TO_APP","contact_message":{"text_message":{"text":"`
	const tail = `"}},"channel_identity":{"channel":"WHATSAPP","identity":"15551230000","app_id":""},` +
		`"conversation_id":"01FJA8AKBQNX1NM3C1D9V8FTTQ","contact_id":"01FJA8AKBHPNR3DHBKZBVN7HVQ","metadata":"",` +
		`"accept_time":"2026-03-01T12:00:00.101Z","sender_id":"12039414555","processing_mode":"CONVERSATION","injected":false}}`
	return []byte(head + strings.Repeat("Lorem ipsum. ", 100)[:1024-len(head)-len(tail)] + tail)
}

// BenchmarkVerifyAndParse compares with the bare work: one HMAC, and json.Unmarshal into the same struct. Both run in
// alternation; "ratio" is the median over the rounds.
func BenchmarkVerifyAndParse(b *testing.B) {
	body := kibibyte()
	header := webhook.Sign(body, secret, nonce, signed)
	clock := at(0)
	ours := func() {
		if err := webhook.Verify(body, header, secret, clock); err != nil {
			b.Fatal(err)
		}
		if _, err := webhook.Parse(body); err != nil {
			b.Fatal(err)
		}
	}
	bare := func() {
		if !bareVerify(body, header) {
			b.Fatal("not signed")
		}
		if err := json.Unmarshal(body, new(webhook.MessageInbound)); err != nil {
			b.Fatal(err)
		}
	}
	const batch = 200
	var ratios []float64
	var oursTime, bareTime time.Duration
	b.ReportAllocs()
	for b.Loop() {
		o, r := timed(batch, ours), timed(batch, bare)
		oursTime, bareTime = oursTime+o, bareTime+r
		ratios = append(ratios, float64(o)/float64(r))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ratio")
	b.ReportMetric(float64(oursTime.Nanoseconds())/float64(b.N*batch), "ns/ours")
	b.ReportMetric(float64(bareTime.Nanoseconds())/float64(b.N*batch), "ns/bare")
}

func timed(times int, work func()) time.Duration {
	start := time.Now()
	for range times {
		work()
	}
	return time.Since(start)
}

func bareVerify(body []byte, header http.Header) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	mac.Write([]byte("." + header.Get(prefix+"-Nonce") + "." + header.Get(prefix+"-Timestamp")))
	given, err := base64.StdEncoding.DecodeString(header.Get(prefix))
	return err == nil && hmac.Equal(mac.Sum(nil), given)
}
