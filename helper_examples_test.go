package conversation_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

// exampleClient returns a client whose requests are answered as reply does, so that the examples need no network. The fake server in
// conversationtest does much more.
func exampleClient(reply conversation.Option, opts ...conversation.Option) *conversation.Client {
	token := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "TOKEN"})
	all := []conversation.Option{conversation.WithTokenSource(token), conversation.WithRegion(conversation.RegionEU), reply}
	client, err := conversation.NewClient("PROJECT_ID", append(all, opts...)...)
	if err != nil {
		panic(err)
	}
	return client
}

// canned answers every request with one response.
func canned(status int, body string) conversation.Option {
	return responding(func(*http.Request, string) (int, string) { return status, body })
}

// printing prints each request, and answers it with one body.
func printing(body string) conversation.Option {
	return responding(func(req *http.Request, sent string) (int, string) {
		fmt.Println(strings.TrimSpace(req.Method + " " + req.URL.RequestURI() + " " + sent))
		return http.StatusOK, body
	})
}

// responding answers each request as answer does. A status of 0 is a connection that broke.
func responding(answer func(req *http.Request, sent string) (status int, body string)) conversation.Option {
	return conversation.WithHTTPClient(&http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
		var sent []byte
		if req.Body != nil {
			sent, _ = io.ReadAll(req.Body)
		}
		status, body := answer(req, string(sent))
		if status == 0 {
			return nil, io.ErrUnexpectedEOF
		}
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
	})})
}

// printJSON prints a value as it is sent.
func printJSON(value any) {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(encoded))
}
