package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

// FuzzVerify compares Verify with an oracle that shares no code with it.
func FuzzVerify(f *testing.F) {
	for _, body := range samples(f) {
		header := webhook.Sign(body, secret, nonce, signed)
		f.Add(body, header.Get(prefix), nonce, header.Get(prefix+"-Timestamp"), "HmacSHA256")
	}
	f.Fuzz(func(t *testing.T, body []byte, signature, nonce, timestamp, algorithm string) {
		check := func(signature string) {
			header := http.Header{
				prefix: {signature}, prefix + "-Nonce": {nonce}, prefix + "-Timestamp": {timestamp}, prefix + "-Algorithm": {algorithm},
			}
			err := webhook.Verify(body, header, secret, at(0))
			if want := rightlySigned(body, signature, nonce, timestamp, algorithm); (err == nil) != want {
				t.Fatalf("Verify returned %v, the oracle %t", err, want)
			}
			if err != nil && strings.Contains(err.Error(), oracleSignature(body, nonce, timestamp)) {
				t.Fatal("the error holds the right signature")
			}
		}
		check(signature)
		check(oracleSignature(body, nonce, timestamp))
	})
}

var plainTimestamp = regexp.MustCompile(`^(0|[1-9][0-9]{0,11})$`)

func rightlySigned(body []byte, signature, nonce, timestamp, algorithm string) bool {
	if algorithm != "HmacSHA256" || !plainTimestamp.MatchString(timestamp) || strings.HasSuffix(timestamp, "\n") {
		return false
	}
	if strings.Contains(nonce, ".") || nonce == "" || len(nonce) > 256 {
		return false
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || signature != oracleSignature(body, nonce, timestamp) {
		return false
	}
	age := signed.Sub(time.Unix(seconds, 0))
	return age <= 24*time.Hour && age >= -5*time.Minute
}

func oracleSignature(body []byte, nonce, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(string(body) + "." + nonce + "." + timestamp))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
