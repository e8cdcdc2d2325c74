package conversationtest

import (
	"cmp"

	"github.com/sinchgo/conversation"
)

// ProcessingMode says what the apps of the server keep of what they send and get.
type ProcessingMode = conversation.ProcessingMode

const (
	// ConversationMode keeps messages, and makes contacts and conversations for them. It is the default.
	ConversationMode = conversation.ProcessingModeConversation
	// DispatchMode keeps nothing: no conversation is started, no contact made, and no message can be read back.
	DispatchMode = conversation.ProcessingModeDispatch
)

// modeOf is the processing mode of an app: its own, else that of the Config. The caller holds the mutex.
func (p *project) modeOf(appID string) ProcessingMode {
	app, err := p.apps.find(appID)
	if err != nil {
		return p.mode
	}
	return cmp.Or(app.ProcessingMode, p.mode)
}

// modeOfSend is the processing mode of a message. The caller holds the mutex.
func (p *project) modeOfSend(request *conversation.SendMessageRequest) ProcessingMode {
	if request.ProcessingStrategy == conversation.ProcessingStrategyDispatchOnly {
		return DispatchMode
	}
	return p.modeOf(request.AppID)
}
