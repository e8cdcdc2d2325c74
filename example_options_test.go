package conversation_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/sinchgo/conversation"
)

// newClient returns a client of an app in the EU, for examples of one more option.
func newClient(opts ...conversation.Option) *conversation.Client {
	return exampleClient(canned(http.StatusOK, `{"id":"01HX","message_id":"01HX"}`), opts...)
}

// setenv sets variables, and returns a function that removes them.
func setenv(variables map[string]string) (restore func()) {
	for name, value := range variables {
		_ = os.Setenv(name, value)
	}
	return func() {
		for name := range variables {
			_ = os.Unsetenv(name)
		}
	}
}

func ExampleNewClientFromEnv() {
	restore := setenv(map[string]string{ // the environment of your program has them
		"SINCH_PROJECT_ID":          "PROJECT_ID",
		"SINCH_KEY_ID":              "KEY_ID",
		"SINCH_KEY_SECRET":          "KEY_SECRET",
		"SINCH_CONVERSATION_REGION": "eu",
	})
	defer restore()

	client, err := conversation.NewClientFromEnv()
	if err != nil {
		fmt.Println(err) // it names each variable that is missing or invalid
		return
	}
	fmt.Println(client)
	// Output: conversation.Client{project: PROJECT_ID, host: eu.conversation.api.sinch.com, dialect: platform}
}

func ExampleWithOAuth2() {
	client, err := conversation.NewClient("PROJECT_ID",
		conversation.WithOAuth2(os.Getenv("KEY_ID"), os.Getenv("KEY_SECRET")), // an access key of the project
		conversation.WithRegion(conversation.RegionEU))
	fmt.Println(client == nil, err)
	// Output: true conversation: NewClient: WithOAuth2 has a key id that is empty: create an access key in the Sinch dashboard; has a key secret that is empty: create an access key in the Sinch dashboard
}

// For a trial: it needs no token, but its rate is limited to a few requests.
func ExampleWithBasicAuth() {
	client, err := conversation.NewClient("PROJECT_ID",
		conversation.WithBasicAuth("KEY_ID", "KEY_SECRET"),
		conversation.WithRegion(conversation.RegionEU))
	fmt.Println(client, err) // neither shows the key
	// Output: conversation.Client{project: PROJECT_ID, host: eu.conversation.api.sinch.com, dialect: platform} <nil>
}

// The access tokens come from a service of your own that holds the key.
func ExampleWithTokenSource() {
	tokens := &clientcredentials.Config{ClientID: "SERVICE", ClientSecret: "SECRET", TokenURL: "https://tokens.shop.example/sinch"}
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, &http.Client{Timeout: 10 * time.Second})
	_, err := conversation.NewClient("PROJECT_ID",
		conversation.WithTokenSource(tokens.TokenSource(ctx)), // it caches tokens, and has a timeout
		conversation.WithRegion(conversation.RegionEU))
	fmt.Println(err)
	// Output: <nil>
}

func ExampleWithRegion() {
	region, err := conversation.ParseRegion("br") // such as from a file of settings
	if err != nil {
		fmt.Println(err)
		return
	}
	client := newClient(conversation.WithRegion(region))
	fmt.Println(client.BaseURL())
	// Output: https://br.conversation.api.sinch.com
}

// All calls pass through a gateway of the company. The client still speaks to the live platform behind it.
func ExampleWithBaseURL() {
	client := newClient(
		conversation.WithBaseURL("https://gateway.shop.example/sinch"),
		conversation.WithDialect(conversation.DialectPlatform))
	fmt.Println(client.BaseURL())
	// Output: https://gateway.shop.example/sinch
}

func ExampleWithTemplatesBaseURL() {
	client := exampleClient(responding(func(req *http.Request, _ string) (int, string) {
		fmt.Println(req.URL)
		return http.StatusOK, `{}`
	}), conversation.WithTemplatesBaseURL("https://gateway.shop.example/templates"))

	_, err := client.Templates.List(context.Background())
	fmt.Println(err)
	// Output:
	// https://gateway.shop.example/templates/v2/projects/PROJECT_ID/templates
	// <nil>
}

func ExampleWithBatchBaseURL() {
	client := exampleClient(responding(func(req *http.Request, _ string) (int, string) {
		fmt.Println(req.URL)
		return http.StatusOK, `{"batch_id":"BATCH_ID","status":"SENT"}`
	}), conversation.WithBatchBaseURL("https://gateway.shop.example/batches"))

	_, err := client.Batches.Get(context.Background(), "BATCH_ID")
	fmt.Println(err)
	// Output:
	// https://gateway.shop.example/batches/v1/projects/PROJECT_ID/messages/BATCH_ID
	// <nil>
}

func ExampleWithTokenURL() {
	_, err := conversation.NewClient("PROJECT_ID",
		conversation.WithOAuth2("KEY_ID", "KEY_SECRET"),
		conversation.WithTokenURL("http://tokens.shop.example/oauth2/token"),
		conversation.WithRegion(conversation.RegionEU))
	fmt.Println(err)
	// Output: conversation: NewClient: WithTokenURL uses http to "tokens.shop.example", which would expose credentials to the network: use https, or for tests WithInsecureHTTP or SINCH_CONVERSATION_INSECURE_HTTP=true
}

// A fake server in another container has no certificate.
func ExampleWithInsecureHTTP() {
	client := newClient(conversation.WithBaseURL("http://conversation-fake:8787"), conversation.WithInsecureHTTP())
	fmt.Println(client.BaseURL())
	// Output: http://conversation-fake:8787
}

// A server that was generated from openapi.yaml speaks another dialect than the live platform.
func ExampleWithDialect() {
	client := newClient(conversation.WithDialect(conversation.DialectOpenAPI))
	fmt.Println(client)
	// Output: conversation.Client{project: PROJECT_ID, host: eu.conversation.api.sinch.com, dialect: openapi}
}

// The timeout is that of one attempt; the context is that of the call with all its retries.
func ExampleWithTimeout() {
	client := newClient(conversation.WithTimeout(5 * time.Second))

	ctx, cancel := context.WithTimeout(context.Background(), 12*time.Second)
	defer cancel()
	_, err := client.Messages.Get(ctx, "01HX")
	fmt.Println(err)
	// Output: <nil>
}

// A user waits for the answer: fail early, and leave more retries to the user.
func ExampleWithRetry() {
	client := exampleClient(canned(http.StatusServiceUnavailable, ``), conversation.WithRetry(conversation.RetryPolicy{
		MaxAttempts: 2, BaseDelay: 50 * time.Millisecond, MaxRetryAfter: 2 * time.Second,
	}))

	var response conversation.Response
	_, err := client.Messages.Get(context.Background(), "01HX", conversation.WithResponse(&response))
	fmt.Println(response.Attempts, err)
	// Output: 2 conversation: Messages.Get: HTTP 503: the reply has no body (2 attempts)
}

// The queue that calls the client retries by itself.
func ExampleWithRetry_none() {
	client := exampleClient(canned(http.StatusServiceUnavailable, ``), conversation.WithRetry(conversation.NoRetry))

	var response conversation.Response
	_, err := client.Messages.Get(context.Background(), "01HX", conversation.WithResponse(&response))
	fmt.Println(response.Attempts, err)
	// Output: 1 conversation: Messages.Get: HTTP 503: the reply has no body
}

func ExampleWithLogger() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: withoutTimes}))
	client := newClient(conversation.WithLogger(logger))

	_, _ = client.Messages.Get(context.Background(), "01HX")
	// Output: level=DEBUG msg="conversation: request" operation=Messages.Get method=GET route=/v1/projects/{project_id}/messages/{message_id} attempt=1 outcome=accepted status_code=200
}

// withoutTimes leaves out what differs from run to run.
func withoutTimes(_ []string, attr slog.Attr) slog.Attr {
	if attr.Key == slog.TimeKey || attr.Key == "duration" {
		return slog.Attr{}
	}
	return attr
}

func ExampleWithUserAgent() {
	client := exampleClient(responding(func(req *http.Request, _ string) (int, string) {
		fmt.Println(req.UserAgent()[len(req.UserAgent())-len("shop/1.4"):])
		return http.StatusOK, `{}`
	}), conversation.WithUserAgent("shop/1.4"))

	fmt.Println(client.Messages.Delete(context.Background(), "01HX"))
	// Output:
	// shop/1.4
	// <nil>
}

// The platform has raised a limit that this version still enforces.
func ExampleWithoutLimitChecks() {
	var choices []conversation.Choice
	for table := range 12 {
		choices = append(choices, conversation.TextChoice(fmt.Sprint("Table ", table), ""))
	}
	request := &conversation.SendMessageRequest{
		AppID: "APP_ID", Recipient: conversation.ToContact("CONTACT_ID"), Message: conversation.Choices("Choose one.", choices...),
	}

	_, err := newClient().Messages.Send(context.Background(), request)
	fmt.Println(err)
	_, err = newClient(conversation.WithoutLimitChecks()).Messages.Send(context.Background(), request)
	fmt.Println(err)
	// Output:
	// conversation: Messages.Send: message.choice_message.choices has 12 items: the platform accepts at most 10 (WithoutLimitChecks turns this check off)
	// <nil>
}

func ExampleWithMaxResponseBytes() {
	client := newClient(conversation.WithMaxResponseBytes(10))

	_, err := client.Messages.Get(context.Background(), "01HX")
	fmt.Println(err)
	// Output: conversation: Messages.Get: HTTP 200: the reply is larger than the limit: raise it with WithMaxResponseBytes if it is meant to be
}

// The company's proxy intercepts TLS. The settings of the default transport are kept, and HTTP/2 with them.
func ExampleWithHTTPClient() {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // It is one.
	transport.TLSClientConfig = &tls.Config{RootCAs: nil /* yours: a pool with the company's certificate */, MinVersion: tls.VersionTLS12}
	transport.MaxIdleConnsPerHost = 100

	_, err := conversation.NewClient("PROJECT_ID",
		conversation.WithOAuth2("KEY_ID", "KEY_SECRET"),
		conversation.WithRegion(conversation.RegionEU),
		conversation.WithHTTPClient(&http.Client{Transport: transport}))
	fmt.Println(err)
	// Output: <nil>
}

// A middleware counts requests by the operation of the call, which has few different values.
func ExampleWithMiddleware() {
	requests := map[string]int{} // yours is a counter that is safe for concurrent use
	counting := func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			call, _ := conversation.CallFromContext(req.Context())
			requests[call.Operation]++
			return next.RoundTrip(req)
		})
	}
	client := newClient(conversation.WithMiddleware(counting))

	_, _ = client.Messages.Get(context.Background(), "01HX")
	fmt.Println(requests)
	// Output: map[Messages.Get:1]
}

// A request that is not the first of its call is a retry.
func ExampleAttemptFromContext() {
	marking := func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			if attempt, ok := conversation.AttemptFromContext(req.Context()); ok && attempt > 1 {
				fmt.Println("retry", attempt-1)
			}
			return next.RoundTrip(req)
		})
	}
	client := exampleClient(canned(http.StatusServiceUnavailable, ``), conversation.WithMiddleware(marking),
		conversation.WithRetry(conversation.RetryPolicy{BaseDelay: time.Millisecond}))

	_, err := client.Messages.Get(context.Background(), "01HX")
	fmt.Println(err)
	// Output:
	// retry 1
	// retry 2
	// conversation: Messages.Get: HTTP 503: the reply has no body (3 attempts)
}
