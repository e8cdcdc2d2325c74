package conversationtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"github.com/sinchgo/conversation"
)

// controlSend is a message that an app sends to a contact.
type controlSend struct {
	AppID    string               `json:"app_id"`
	Channel  conversation.Channel `json:"channel"`
	Identity string               `json:"identity"`
	Text     *string              `json:"text"`
	Message  json.RawMessage      `json:"message"`
}

// send sends a message as the app does, with a request to the API. It is for trying things by hand.
func (c *controlCall) send() (any, error) {
	var body controlSend
	if err := c.read(&body); err != nil {
		return nil, err
	}
	switch {
	case body.Channel == "":
		return nil, c.invalid("channel: it is required: use %s", channelNames())
	case body.Identity == "":
		return nil, c.invalid("identity: it is required: use a phone number, or what identifies a contact on %s", body.Channel)
	case (body.Text == nil) == (body.Message == nil):
		return nil, c.invalid("text: it is required, unless there is a message: set one of text and message")
	}
	sender, err := c.keyOf(body.AppID)
	if err != nil {
		return nil, err
	}
	content := body.Message
	if body.Text != nil {
		content = encoded(map[string]any{"text_message": map[string]any{"text": *body.Text}})
	}
	return c.sendAs(sender, encoded(map[string]any{
		"app_id": sender.AppID,
		"recipient": map[string]any{"identified_by": map[string]any{"channel_identities": []conversation.ChannelIdentity{
			{Channel: body.Channel, Identity: body.Identity},
		}}},
		"message": content,
	}))
}

// keyOf returns the project of an app, with its key. Without an app, it is the first project.
func (c *controlCall) keyOf(appID string) (Project, error) {
	config := c.server.config
	p, err := c.projectOf(appID)
	if err != nil {
		return Project{}, err
	}
	for _, project := range config.Projects {
		if project.ID == p.id {
			project.AppID = appID
			return project, nil
		}
	}
	if appID == "" {
		appID = config.AppID
	}
	return Project{ID: config.ProjectID, KeyID: config.KeyID, KeySecret: config.KeySecret, AppID: appID}, nil
}

// sendAs makes the request of a send. If the API rejects it, the error has its status and message.
func (c *controlCall) sendAs(sender Project, body []byte) (any, error) {
	target := c.server.BaseURL() + "/v1/projects/" + sender.ID + "/messages:send"
	r, err := http.NewRequestWithContext(c.request.Context(), http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.SetBasicAuth(sender.KeyID, sender.KeySecret)
	r.Header.Set("Content-Type", "application/json")
	resp, err := c.server.Transport().RoundTrip(r)
	if err != nil {
		return nil, &apiError{status: http.StatusBadGateway, message: "send: there was no answer: see the faults"}
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, &apiError{status: http.StatusBadGateway, message: "send: the answer ended early: see the faults"}
	}
	if resp.StatusCode != http.StatusOK {
		var failure errorBody
		_ = json.Unmarshal(answer, &failure) // Without a message, the status has to do.
		return nil, &apiError{status: resp.StatusCode, message: "send: the API answered with " + resp.Status + ": " + failure.Error.Message}
	}
	return json.RawMessage(answer), nil
}
