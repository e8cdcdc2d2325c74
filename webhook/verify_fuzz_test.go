package webhook_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

// The forms of a request: what a proxy does to it.
const (
	twoLines    = 1 << iota // each header has two lines
	oneLine                 // each header has two values in a line
	noAlgorithm             // the header of the algorithm is removed
	marked                  // the body begins with a byte order mark
	twoNonces               // there is a second, different nonce
)

// FuzzVerify compares Verify and two receivers, with a secret and with the secrets of apps, with oracles that share no code
// with them.
func FuzzVerify(f *testing.F) {
	form := byte(0)
	for _, body := range samples(f) {
		header := webhook.Sign(body, secret, nonce, signed)
		f.Add(body, header.Get(prefix), nonce, header.Get(prefix+"-Timestamp"), "HmacSHA256", form)
		form++
	}
	f.Add([]byte(`{"APP_ID":"A","\u0061pp_id":"B"}`), "AAAA", "a,a", "1772366400", "", byte(0))
	f.Add([]byte(`{"app_id":12,"message":{}}`), "AAAA", "a, a", "1772366399", "HmacSHA256,HmacSHA256", byte(marked|oneLine))
	f.Fuzz(func(t *testing.T, body []byte, signature, nonce, timestamp, algorithm string, form byte) {
		if form&marked != 0 {
			body = append([]byte(byteOrderMark), body...)
		}
		oracle := oracleSignature(body, secret, oracleValue(nonce), timestamp)
		for _, signature := range []string{signature, oracle} {
			checkVerify(t, body, headerOf(form, signature, nonce, timestamp, algorithm))
		}
		checkAppSecrets(t, body, func(secret string) http.Header {
			return headerOf(form, oracleSignature(body, secret, oracleValue(nonce), timestamp), nonce, timestamp, algorithm)
		})
	})
}

// headerOf returns the headers of a request in a form.
func headerOf(form byte, signature, nonce, timestamp, algorithm string) http.Header {
	header := http.Header{prefix: {signature}, prefix + "-Nonce": {nonce}, prefix + "-Timestamp": {timestamp}, prefix + "-Algorithm": {algorithm}}
	for name, lines := range header {
		if form&twoLines != 0 {
			lines = append(lines, lines[0])
		}
		if form&oneLine != 0 {
			lines[0] += ", " + lines[0]
		}
		header[name] = lines
	}
	if form&noAlgorithm != 0 {
		header.Del(prefix + "-Algorithm")
	}
	if form&twoNonces != 0 {
		header.Add(prefix+"-Nonce", nonce+"x")
	}
	return header
}

// checkVerify compares Verify, and a receiver, with the oracle.
func checkVerify(t *testing.T, body []byte, header http.Header) {
	t.Helper()
	right, inside := oracleVerify(body, header, secret)
	err := webhook.Verify(body, header, secret, at(0))
	if (err == nil) != (right && inside) {
		t.Fatalf("Verify returned %v, the oracle %t, %t", err, right, inside)
	}
	if outside := errors.Is(err, webhook.ErrTooOld) || errors.Is(err, webhook.ErrTooNew); outside != (right && !inside) {
		t.Fatalf("Verify returned %v, the oracle %t, %t", err, right, inside)
	}
	nonce, timestamp := oracleValue(header[prefix+"-Nonce"]...), oracleValue(header[prefix+"-Timestamp"]...)
	if err != nil && strings.Contains(err.Error(), oracleSignature(body, secret, nonce, timestamp)) {
		t.Fatal("the error holds the right signature")
	}
	kept := &keeper{}
	req := newCallback(t, body, "")
	req.Header = header
	answer := serve(newReceiver(t, at(0)).Forward(kept.keep), req).Code
	if accepted := right && inside && len(body) > 0; accepted != (answer == 200) || accepted != (len(kept.bodies) == 1) {
		t.Fatalf("the receiver answered %d, the oracle %t, %t", answer, right, inside)
	}
	if right && !inside && len(body) > 0 && answer != 503 {
		t.Fatalf("outside of the window, answered %d", answer)
	}
	if len(kept.bodies) == 1 && !bytes.Equal(kept.bodies[0], body) {
		t.Fatal("the body was changed")
	}
}

var plainTimestamp = regexp.MustCompile(`^(0|[1-9][0-9]{0,11})$`)

// oracleVerify returns whether a callback is rightly signed, and whether its time is inside the window.
func oracleVerify(body []byte, header http.Header, secret string) (right, inside bool) {
	timestamp, nonce := oracleValue(header[prefix+"-Timestamp"]...), oracleValue(header[prefix+"-Nonce"]...)
	if algorithm := oracleValue(header[prefix+"-Algorithm"]...); algorithm != "HmacSHA256" && algorithm != "" {
		return false, false
	}
	if !plainTimestamp.MatchString(timestamp) || strings.HasSuffix(timestamp, "\n") {
		return false, false
	}
	if strings.ContainsAny(nonce, ".,") || nonce == "" || len(nonce) > 256 {
		return false, false
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || oracleValue(header[prefix]...) != oracleSignature(body, secret, nonce, timestamp) {
		return false, false
	}
	age := signed.Sub(time.Unix(seconds, 0))
	return true, age <= 24*time.Hour && age >= -5*time.Minute
}

var comma = regexp.MustCompile(`[ \t]*,[ \t]*`)

// oracleValue returns the value of a header, and a comma if it has two.
func oracleValue(lines ...string) string {
	different := map[string]bool{}
	value := ""
	for _, line := range lines {
		if strings.Contains(line, ",") {
			line = strings.Trim(line, " \t")
		}
		for _, value = range comma.Split(line, -1) {
			different[value] = true
		}
	}
	if len(different) > 1 {
		return ","
	}
	return value
}

func oracleSignature(body []byte, secret, nonce, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(string(body) + "." + nonce + "." + timestamp))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
