package conversationtest_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// matrixOperation is a row of the retry matrix: an operation, with its row of contractTable.
type matrixOperation struct {
	id         string
	row        contractRow
	request    any
	method     string
	idempotent bool
	needs      []string // Those keys of matrixThings that are in its request.
}

// idempotentPosts are the operations that are idempotent although their method is POST.
var idempotentPosts = map[string]bool{"stopConversation": true, "transcodeMessage": true, "queryCapability": true}

// replies reports whether a reply has a body.
func (op matrixOperation) replies() bool {
	return op.method != http.MethodDelete && op.id != "stopConversation"
}

// matrixOperations returns the 29 operations of openapi.yaml.
func matrixOperations(t *testing.T) []matrixOperation {
	t.Helper()
	var operations []matrixOperation
	for _, id := range slices.Sorted(maps.Keys(openAPITable)) {
		row := openAPITable[id]
		request := row.minimal
		if id == "updateApp" { // The minimal update clears the name, which the fake rejects.
			request = row.full[0]
		}
		client, tap := tappedClient(t, conversation.DialectOpenAPI, http.StatusOK, anyReply)
		_, err := row.call(t.Context(), client, request)
		require.NoError(t, err)
		sent := tap.only(t)
		op := matrixOperation{
			id: id, row: row, request: request, method: sent.method,
			idempotent: sent.method != http.MethodPost || idempotentPosts[id],
		}
		for name := range matrixThings {
			if strings.Contains(sent.url.EscapedPath()+sent.body, name) {
				op.needs = append(op.needs, name)
			}
		}
		operations = append(operations, op)
	}
	require.Len(t, operations, len(openAPITable))
	return operations
}

// matrixThings create the resources for the ids of contractTable. The keys are these ids as they appear in a request.
var matrixThings = map[string]func(t *testing.T, c *conversation.Client) string{
	"app%2F1":         func(*testing.T, *conversation.Client) string { return "APP" },
	`"app/1"`:         func(*testing.T, *conversation.Client) string { return `"APP"` },
	`"C"`:             quotedContact,
	`"S"`:             quotedContact,
	`"contact:merge"`: quotedContact,
	"contact%3F1":     someContact,
	"message%3A1": func(t *testing.T, c *conversation.Client) string {
		t.Helper()
		sent, err := c.Messages.Send(t.Context(), hello("APP"))
		require.NoError(t, err)
		return sent.MessageID
	},
	"conversation%231": func(t *testing.T, c *conversation.Client) string {
		t.Helper()
		started, err := c.Conversations.Create(t.Context(), &conversation.CreateConversationRequest{AppID: "APP", ContactID: someContact(t, c)})
		require.NoError(t, err)
		return started.ID
	},
	"w%C3%A9bhook%252F1": func(t *testing.T, c *conversation.Client) string {
		t.Helper()
		created, err := c.Webhooks.Create(t.Context(), "APP", &conversation.CreateWebhookRequest{
			Target: "https://example.com/other", Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound},
		})
		require.NoError(t, err)
		return created.ID
	},
}

// contactNumber counts the contacts, so that their phone numbers differ.
var contactNumber atomic.Int64

func someContact(t *testing.T, c *conversation.Client) string {
	t.Helper()
	number := fmt.Sprintf("1555%07d", contactNumber.Add(1))
	created, err := c.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: number}},
	})
	require.NoError(t, err)
	return created.ID
}

func quotedContact(t *testing.T, c *conversation.Client) string {
	t.Helper()
	return `"` + someContact(t, c) + `"`
}

// stage is a fake on which the calls of contractTable succeed, with a transport that translates their ids.
type stage struct {
	srv   *conversationtest.Server
	plain *conversation.Client // Without the translation.
	names *strings.Replacer
}

// setStage starts a fake that has the resources that an operation needs.
func setStage(t *testing.T, op matrixOperation) *stage {
	t.Helper()
	srv := start(t, conversationtest.Config{
		InMemory: true, AppID: "APP", Contract: conversationtest.OpenAPIContract, Mode: conversation.ProcessingModeConversation,
	})
	plain, err := conversation.NewClient(srv.ProjectID(), conversation.WithBasicAuth(srv.KeyID(), srv.KeySecret()),
		conversation.WithBaseURL(srv.BaseURL()), conversation.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	require.NoError(t, err)
	var names []string
	for _, name := range op.needs {
		names = append(names, name, matrixThings[name](t, plain))
	}
	return &stage{srv: srv, plain: plain, names: strings.NewReplacer(names...)}
}

// RoundTrip replaces the ids of contractTable with those of the stage.
func (s *stage) RoundTrip(req *http.Request) (*http.Response, error) {
	meant := req.Clone(req.Context())
	path := s.names.Replace(req.URL.EscapedPath())
	meant.URL.Path, meant.URL.RawPath = path, ""
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		text := s.names.Replace(string(body))
		meant.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
		meant.Body, _ = meant.GetBody()
		meant.ContentLength = int64(len(text))
	}
	return s.srv.Transport().RoundTrip(meant)
}

// effects counts the results of the calls of an operation that is not idempotent.
func (s *stage) effects(t *testing.T, id string) int {
	t.Helper()
	switch id {
	case "sendMessage":
		return len(s.srv.Sent())
	case "sendEvent":
		return len(s.srv.SentEvents())
	}
	ctx := t.Context()
	contacts, err := s.plain.Contacts.List(ctx, nil)
	require.NoError(t, err)
	conversations, err := s.plain.Conversations.List(ctx, &conversation.ListConversationsParams{AppID: "APP"})
	require.NoError(t, err)
	apps, err := s.plain.Apps.List(ctx)
	require.NoError(t, err)
	webhooks, err := s.plain.Webhooks.List(ctx, "APP")
	require.NoError(t, err)
	if id == "mergeContacts" { // Each merge removes one.
		return -len(contacts.Items)
	}
	return len(contacts.Items) + len(conversations.Items) + len(apps.Apps) + len(webhooks.Webhooks)
}

// stopwatch is middleware that records when the attempts of a call begin.
type stopwatch struct {
	mu      sync.Mutex
	starts  []time.Time
	onStart func(attempt int)
	http.RoundTripper
}

func (w *stopwatch) wrap(next http.RoundTripper) http.RoundTripper {
	w.RoundTripper = next
	return w
}

// RoundTrip implements [http.RoundTripper].
func (w *stopwatch) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.starts = append(w.starts, time.Now())
	attempt := len(w.starts)
	w.mu.Unlock()
	if w.onStart != nil {
		w.onStart(attempt)
	}
	return w.RoundTripper.RoundTrip(req)
}
