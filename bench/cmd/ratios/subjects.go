package main

import (
	"context"
	"net/http"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/bench/api"
	"github.com/sinchgo/conversation/bench/peer"
	"github.com/sinchgo/conversation/bench/raw"
)

// subject is a client whose calls are measured.
type subject struct {
	name      string
	calls     map[string]func(context.Context) error
	elsewhere func(name string, calls, inFlight int) cost // measures it in another process, in place of calls
	close     func()
}

const (
	netHTTP     = "net/http"
	careful     = "net/http and a timeout"
	sdk         = "the SDK"
	peerName    = "oapi-codegen"
	nodeSDKName = "Node SDK"

	pageSize  = 100
	recipient = "15551230000"
	text      = "Your table is ready. We hold it for a quarter of an hour."
)

// subjects returns the clients, each with a separate transport. The first is net/http, with which the others are compared.
func subjects(baseURL string, transport func() http.RoundTripper) []subject {
	return []subject{
		rawSubject(baseURL, transport(), 0), sdkSubject(baseURL, transport()),
		carefulSubject(baseURL, transport()), peerSubject(baseURL, transport()),
	}
}

// carefulSubject is the hand-written client with a timeout.
func carefulSubject(baseURL string, transport http.RoundTripper) subject {
	s := rawSubject(baseURL, transport, 30*time.Second)
	s.name = careful
	return s
}

func rawSubject(baseURL string, transport http.RoundTripper, timeout time.Duration) subject {
	hc := &http.Client{Transport: transport, Timeout: timeout}
	client := &raw.Client{HTTP: hc, BaseURL: baseURL, Project: api.Project, Token: api.Token}
	return subject{name: netHTTP, calls: map[string]func(context.Context) error{
		"Send": func(ctx context.Context) error {
			return fails(client.Send(ctx, &raw.SendRequest{
				AppID:   api.App,
				Message: raw.AppMessage{TextMessage: &raw.TextMessage{Text: text}},
				Recipient: raw.Recipient{IdentifiedBy: raw.IdentifiedBy{
					ChannelIdentities: []raw.ChannelIdentity{{Channel: "SMS", Identity: recipient}},
				}},
			}))
		},
		"Get":  func(ctx context.Context) error { return fails(client.Get(ctx, api.Message)) },
		"List": func(ctx context.Context) error { return fails(client.List(ctx, pageSize)) },
	}, close: hc.CloseIdleConnections}
}

func sdkSubject(baseURL string, transport http.RoundTripper) subject {
	client := newSDK(baseURL, transport)
	params := &conversation.ListMessagesParams{PageSize: pageSize}
	return subject{name: sdk, calls: map[string]func(context.Context) error{
		"Send": func(ctx context.Context) error {
			return fails(client.Messages.Send(ctx, &conversation.SendMessageRequest{
				AppID:     api.App,
				Message:   conversation.Text(text),
				Recipient: conversation.ToChannel(conversation.ChannelSMS, recipient),
			}))
		},
		"Get":  func(ctx context.Context) error { return fails(client.Messages.Get(ctx, api.Message)) },
		"List": func(ctx context.Context) error { return fails(client.Messages.List(ctx, params)) },
	}, close: client.CloseIdleConnections}
}

// newSDK returns a client with OAuth2. If transport is nil, the client uses its default.
func newSDK(baseURL string, transport http.RoundTripper) *conversation.Client {
	opts := []conversation.Option{
		conversation.WithOAuth2("key-id", "key-secret"),
		conversation.WithBaseURL(baseURL),
		conversation.WithTokenURL(baseURL + "/oauth2/token"),
	}
	if transport != nil {
		opts = append(opts, conversation.WithHTTPClient(&http.Client{Transport: transport}))
	}
	client, err := conversation.NewClient(api.Project, opts...)
	if err != nil {
		panic(err)
	}
	return client
}

func peerSubject(baseURL string, transport http.RoundTripper) subject {
	hc := &http.Client{Transport: transport}
	authorize := func(_ context.Context, req *http.Request) error {
		req.Header.Set("Authorization", "Bearer "+api.Token)
		return nil
	}
	client, err := peer.NewClientWithResponses(baseURL, peer.WithHTTPClient(hc), peer.WithRequestEditorFn(authorize))
	if err != nil {
		panic(err)
	}
	return subject{name: peerName, calls: map[string]func(context.Context) error{
		"Send": func(ctx context.Context) error {
			return fails(client.SendMessageWithResponse(ctx, api.Project, peer.SendMessageRequest{
				AppId:   api.App,
				Message: peer.AppMessage{TextMessage: &peer.TextMessage{Text: new(text)}},
				Recipient: peer.Recipient{IdentifiedBy: &peer.IdentifiedBy{
					ChannelIdentities: &[]peer.ChannelIdentity{{Channel: new(peer.ChannelSMS), Identity: new(recipient)}},
				}},
			}))
		},
		"Get": func(ctx context.Context) error {
			return fails(client.GetMessageWithResponse(ctx, api.Project, api.Message, nil))
		},
		"List": func(ctx context.Context) error {
			return fails(client.ListMessagesWithResponse(ctx, api.Project, &peer.ListMessagesParams{PageSize: new(pageSize)}))
		},
	}, close: hc.CloseIdleConnections}
}

func fails[T any](_ *T, err error) error { return err }
