package conversationtest

import (
	"fmt"

	"github.com/sinchgo/conversation"
)

func (p *project) transcodeMessage(c *call) (any, error) {
	var request conversation.TranscodeRequest
	var present struct {
		AppMessage object `json:"app_message"`
	}
	if err := readObject(c.body, &request, &present); err != nil {
		return nil, err
	}
	problems := required("app_id", request.AppID)
	problems = append(problems, oneKind("app_message", "message", present.AppMessage, messageKinds)...)
	problems = append(problems, checkChannels(request.Channels)...)
	if err := invalid(problems); err != nil {
		return nil, err
	}
	if err := p.hasApp(request.AppID); err != nil {
		return nil, err
	}
	response := conversation.TranscodeResponse{TranscodedMessage: map[string]string{}}
	for _, channel := range request.Channels {
		response.TranscodedMessage[string(channel)] = transcoded(channel, present.AppMessage)
	}
	return response, nil
}

func checkChannels(channels []conversation.Channel) []string {
	if len(channels) == 0 {
		return []string{"channels: at least one is required"}
	}
	var problems []string
	for i, channel := range channels {
		problems = append(problems, required(fmt.Sprintf("channels[%d]", i), string(channel))...)
	}
	return problems
}
