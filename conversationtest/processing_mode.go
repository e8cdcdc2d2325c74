package conversationtest

import (
	"cmp"

	"github.com/sinchgo/conversation"
)

// modeOf returns the processing mode of an app: its own, else that of the Config. The caller holds the mutex.
func (p *project) modeOf(appID string) conversation.ProcessingMode {
	app, err := p.apps.find(appID)
	if err != nil {
		return p.mode
	}
	return cmp.Or(app.ProcessingMode, p.mode)
}

// modeOfSend returns the processing mode of a message. The caller holds the mutex.
func (p *project) modeOfSend(request *conversation.SendMessageRequest) conversation.ProcessingMode {
	if request.ProcessingStrategy == conversation.ProcessingStrategyDispatchOnly {
		return conversation.ProcessingModeDispatch
	}
	return p.modeOf(request.AppID)
}
