// Package raw is a hand-written client, as a user would write it without an SDK: the required types, json.Marshal,
// http.NewRequest, client.Do, json.NewDecoder. It has no retries, no token renewal and no checks.
package raw

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Client calls the API.
type Client struct {
	HTTP    *http.Client
	BaseURL string
	Project string
	Token   string
}

type (
	// SendRequest is a text message to send.
	SendRequest struct {
		AppID     string     `json:"app_id"`
		Message   AppMessage `json:"message"`
		Recipient Recipient  `json:"recipient"`
	}
	// AppMessage is the content of a message.
	AppMessage struct {
		TextMessage *TextMessage `json:"text_message,omitempty"`
	}
	// TextMessage is the text of a message.
	TextMessage struct {
		Text string `json:"text"`
	}
	// Recipient is the recipient of a message.
	Recipient struct {
		IdentifiedBy IdentifiedBy `json:"identified_by"`
	}
	// IdentifiedBy identifies a person by addresses on channels.
	IdentifiedBy struct {
		ChannelIdentities []ChannelIdentity `json:"channel_identities"`
	}
	// ChannelIdentity is an address on a channel.
	ChannelIdentity struct {
		Channel  string `json:"channel"`
		Identity string `json:"identity"`
		AppID    string `json:"app_id,omitempty"`
	}
	// SendResponse is the response to a send.
	SendResponse struct {
		MessageID    string    `json:"message_id"`
		AcceptedTime time.Time `json:"accepted_time"`
	}
	// Message is a stored message.
	Message struct {
		ID              string          `json:"id"`
		Direction       string          `json:"direction"`
		ConversationID  string          `json:"conversation_id"`
		ContactID       string          `json:"contact_id"`
		ChannelIdentity ChannelIdentity `json:"channel_identity"`
		AppMessage      AppMessage      `json:"app_message"`
		Metadata        string          `json:"metadata"`
		AcceptTime      time.Time       `json:"accept_time"`
	}
	// Page is a page of stored messages.
	Page struct {
		Messages      []Message `json:"messages"`
		NextPageToken string    `json:"next_page_token"`
	}
)

// Send sends a message.
func (c *Client) Send(ctx context.Context, message *SendRequest) (*SendResponse, error) {
	var sent SendResponse
	return &sent, c.call(ctx, http.MethodPost, "/messages:send", message, &sent)
}

// Get reads a message.
func (c *Client) Get(ctx context.Context, id string) (*Message, error) {
	var message Message
	return &message, c.call(ctx, http.MethodGet, "/messages/"+url.PathEscape(id), nil, &message)
}

// List reads a page of messages.
func (c *Client) List(ctx context.Context, pageSize int) (*Page, error) {
	query := url.Values{"page_size": {strconv.Itoa(pageSize)}}
	var page Page
	return &page, c.call(ctx, http.MethodGet, "/messages?"+query.Encode(), nil, &page)
}

func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.BaseURL+"/v1/projects/"+c.Project+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.Token)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusMultipleChoices {
		text, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("status %d: %s", resp.StatusCode, text)
	}
	return json.NewDecoder(resp.Body).Decode(out)
}
