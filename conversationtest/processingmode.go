package conversationtest

import "github.com/sinchgo/conversation"

// ProcessingMode says what the apps of the server keep of what they send and get.
type ProcessingMode = conversation.ProcessingMode

const (
	// ConversationMode keeps messages, and makes contacts and conversations for them. It is the default.
	ConversationMode = conversation.ProcessingModeConversation
	// DispatchMode keeps nothing: no conversation is started, no contact made, and no message can be read back.
	DispatchMode = conversation.ProcessingModeDispatch
)
