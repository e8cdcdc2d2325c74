package conversation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// answering returns a client whose requests receive the current answer.
func answering(tb testing.TB, answer func(*http.Request) *http.Response) *conversation.Client {
	tb.Helper()
	client, err := conversation.NewClient("project", workingBasic(conversation.WithHTTPClient(&http.Client{
		Transport: roundTrip(func(req *http.Request) (*http.Response, error) { return answer(req), nil }),
	}))...)
	require.NoError(tb, err)
	return client
}

// longNumber is what no text of an error shows.
var longNumber = regexp.MustCompile(`[0-9]{7}`)

// FuzzErrorBody requires any unsuccessful response to be an *Error with the status and the body, whose string is one line,
// of bounded length, valid, and without long numbers and the credential.
func FuzzErrorBody(f *testing.F) {
	for _, body := range []string{
		``, `null`, `[]`, `{`, `<html>`, `{"error":{}}`, `{"error":null}`, `{"error":"x"}`,
		`{"error":{"code":3,"status":"INVALID_ARGUMENT","message":"no app","details":[{"a":1}]}}`,
		`{"error":{"code":"3","status":5,"message":["x"],"details":{}}}`, `{"error":{"message":"+46 70 123 45 67 a2V5LWlkOmtleS1zZWNyZXQ="}}`, `{"error":{"status":"46701234567"}}`,
		"{\"error\":{\"message\":\"\xff\u2028\\n\\u0000\"}}", `{"error":{"message":"` + strings.Repeat("é1", 400) + `"}}`,
	} {
		f.Add(body, 400, "application/json", "R-1")
		f.Add(body, 503, "text/html", "")
	}
	var answer func(*http.Request) *http.Response
	client := answering(f, func(req *http.Request) *http.Response { return answer(req) })
	f.Fuzz(func(t *testing.T, body string, status int, contentType, requestID string) {
		if status < 300 || status > 599 {
			t.Skip("another kind of answer")
		}
		answer = func(req *http.Request) *http.Response {
			return response(req, status, http.Header{"Content-Type": {contentType}, "X-Request-Id": {requestID}}, strings.NewReader(body))
		}
		err := get(t.Context(), client)
		failed, ok := errors.AsType[*conversation.Error](err)
		if !ok || failed.StatusCode != status || string(failed.Body) != body {
			t.Fatalf("no *Error of the status and body: %v", err)
		}
		text := err.Error()
		if strings.ContainsAny(text, "\n\r") || len(text) > 2100 || longNumber.MatchString(text) || strings.Contains(text, "a2V5LWlkOmtleS1zZWNyZXQ=") {
			t.Fatalf("the text of the error: %q", text)
		}
		if encoded, err := json.Marshal(failed); err != nil || !utf8.Valid(encoded) {
			t.Fatalf("the error cannot be written: %v", err)
		}
	})
}

// FuzzRetryAfter holds the wait that an answer asks for against a plain reading of RFC 9110.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{
		"", "0", "7", " 7 ", "-1", "+1", "1.5", "299.997", "1.", ".5", "0.0", "9223372035.9", "9223372036.1", "99999999999999999999", "9223372036", "9223372037", "007", "7, 8", "soon",
		"Wed, 21 Oct 2026 07:28:00 GMT", "Wednesday, 21-Oct-26 07:28:00 GMT", "Wed Oct 21 07:28:00 2026", "Wed, 21 Oct 9999 07:28:00 GMT",
	} {
		f.Add(value, "Wed, 21 Oct 2026 07:27:00 GMT")
		f.Add(value, "yesterday")
	}
	var header http.Header
	client := answering(f, func(req *http.Request) *http.Response { return response(req, 429, header, strings.NewReader("")) })
	f.Fuzz(func(t *testing.T, value, date string) {
		header = http.Header{"Retry-After": {value}, "Date": {date}}
		before := time.Now()
		failed, ok := errors.AsType[*conversation.Error](get(t.Context(), client))
		if !ok {
			t.Fatal("no *Error")
		}
		after := time.Now()
		if now, err := http.ParseTime(date); err == nil {
			before, after = now, now
		}
		least, most := askedWait(value, after), askedWait(value, before)
		if failed.RetryAfter < least || failed.RetryAfter > most || failed.RetryAfter < 0 {
			t.Fatalf("%v, want %v to %v", failed.RetryAfter, least, most)
		}
	})
}

// askedWait reads a Retry-After once more.
func askedWait(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	asked := new(big.Rat)
	if plainNumber.MatchString(value) {
		asked.SetString(value)
	} else if until, err := http.ParseTime(value); err == nil && until.After(now) {
		asked.SetFrac64(int64(until.Sub(now)), int64(time.Second))
	}
	whole, rest := new(big.Int).DivMod(asked.Num(), asked.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		whole.Add(whole, big.NewInt(1))
	}
	if !whole.IsInt64() || whole.Int64() > int64(math.MaxInt64/time.Second) {
		return math.MaxInt64 // too large
	}
	return time.Duration(whole.Int64()) * time.Second
}

var plainNumber = regexp.MustCompile(`^[0-9]+(\.[0-9]*)?$`)

// FuzzPageTokens lets a server return any tokens, in a loop. The list ends, and every token is sent back unchanged.
func FuzzPageTokens(f *testing.F) {
	for _, tokens := range []string{"", "a", "a\x1fb", "a b", "a+b/c==", "?&=#%", "%2B", "ü\u2028\x00", "\xff", "a\x1fb\x1fc\x1fa", `","next_page_token":"`} {
		f.Add(tokens)
	}
	var tokens, asked []string
	client := answering(f, func(req *http.Request) *http.Response {
		query, err := url.ParseQuery(req.URL.RawQuery)
		if err != nil {
			panic(err)
		}
		asked = append(asked, query.Get("page_token"))
		page, _ := json.Marshal(map[string]any{"messages": []any{map[string]any{"id": "m"}}, "next_page_token": tokens[(len(asked)-1)%len(tokens)]})
		return response(req, 200, nil, strings.NewReader(string(page)))
	})
	f.Fuzz(func(t *testing.T, text string) {
		tokens, asked = strings.Split(strings.ToValidUTF8(text, "\ufffd"), "\x1f"), nil
		items := 0
		var failed error
		for _, err := range client.Messages.All(t.Context(), nil) {
			if failed = err; err == nil {
				items++
			}
			if items > 100+4*len(tokens) {
				t.Fatal("the list does not end")
			}
		}
		for i, token := range asked[1:] {
			if token != tokens[i%len(tokens)] {
				t.Fatalf("token %q came back as %q", tokens[i%len(tokens)], token)
			}
		}
		if items != len(asked) {
			t.Fatalf("%d items of %d pages", items, len(asked))
		}
		if endless := !slices.Contains(tokens, ""); endless != errors.Is(failed, conversation.ErrRepeatedPageToken) && (endless || !hasTwice(tokens)) {
			t.Fatalf("the list ended with %v", failed)
		}
	})
}

func hasTwice(texts []string) bool {
	sorted := slices.Sorted(slices.Values(texts))
	return len(slices.Compact(sorted)) != len(texts)
}

// FuzzTime requires any JSON value to decode without an error, and the result to survive a round trip.
func FuzzTime(f *testing.F) {
	for _, text := range []string{
		`""`, `null`, `5`, `{}`, `"2026-03-01T12:00:00Z"`, `"2026-03-01T12:00:00.123456789+02:00"`, `"2026-03-01T12:00:00"`, `"2026-03-01 12:00:00"`,
		`"2026-03-01T12:00:00+02"`, `"0000-01-01T00:00:00Z"`, `"9999-12-31T23:59:59-23:59"`, `" 2026-03-01T12:00:00Z "`, `"2026-02-30T00:00:00Z"`, `"x"`, `"\ud800"`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) {
			t.Skip("no JSON")
		}
		var read, again struct {
			At conversation.Time `json:"at"`
		}
		if err := json.Unmarshal(fmt.Appendf(nil, `{"at":%s}`, text), &read); err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(read)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &again); err != nil {
			t.Fatal(err)
		}
		if year := read.At.UTC().Year(); year >= 0 && year <= 9999 && !again.At.Equal(read.At.Time) {
			t.Fatalf("%v was written as %s and read as %v", read.At, written, again.At)
		}
	})
}

// FuzzReplies compares every type of reply with encoding/json: a call accepts what that accepts, and what has fields of
// another type; the result is the same after it was written and read again.
func FuzzReplies(f *testing.F) {
	names := slices.Sorted(maps.Keys(replyTypes))
	for _, document := range contracts {
		doc := readContract(f, document)
		for i, name := range names {
			text, err := json.Marshal((&samples{contract: doc, tb: f}).of(doc.Components.Schemas[name]))
			require.NoError(f, err)
			f.Add(i, text)
		}
	}
	for i := range names {
		for _, text := range []string{`{}`, `null`, `[]`, `{"id":null,"messages":[null]}`, `{"id":5}`, `{"transcoded_message":{"":"x"}}`, "{\"id\":\"\xff\"}"} {
			f.Add(i, []byte(text))
		}
	}
	var body []byte
	client := answering(f, func(req *http.Request) *http.Response {
		return response(req, 200, http.Header{"Content-Type": {"application/json"}}, strings.NewReader(string(body)))
	})
	f.Fuzz(func(t *testing.T, index int, text []byte) {
		newReply := replyTypes[names[int(uint(index)%uint(len(names)))]]
		body = text
		reply, plain := newReply(), newReply()
		err := client.Do(t.Context(), http.MethodGet, "/x", nil, reply)
		plainErr := json.Unmarshal(text, plain)
		blank := strings.TrimSpace(string(text)) == "null"
		_, mistyped := errors.AsType[*json.UnmarshalTypeError](plainErr)
		if !mistyped && (err == nil) != (plainErr == nil && !blank) {
			t.Fatalf("the call returned %v, encoding/json %v", err, plainErr)
		}
		if err != nil {
			return
		}
		if !mistyped && !reflect.DeepEqual(reply, plain) {
			t.Fatalf("the call read %+v, encoding/json %+v", reply, plain)
		}
		written, err := json.Marshal(reply)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again := newReply()
		if err := json.Unmarshal(written, again); err != nil {
			t.Fatalf("%s cannot be read again: %v", written, err)
		}
		if twice, err := json.Marshal(again); err != nil || string(twice) != string(written) {
			t.Fatalf("not stable:\n%s\n%s\n%v", written, twice, err)
		}
	})
}
