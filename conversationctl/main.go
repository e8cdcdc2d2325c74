// Conversationctl is the operator's tool for the Sinch Conversation API. It finds out what is wrong with a project, its apps
// and webhooks, sends messages, receives callbacks, and reads and changes what the API stores.
//
//	conversationctl doctor --app APP_ID
//	conversationctl send --app APP_ID --to SMS:+12025550123 --text "Hello" --wait
//	conversationctl listen --addr :8080 --secret-env SINCH_WEBHOOK_SECRET
//
// It reads the environment variables of conversation.NewClientFromEnv. A flag overrides each of them, except the key secret,
// which is read from the environment, a file or a prompt. conversationctl help lists the commands.
package main

import (
	"os"

	"github.com/sinchgo/conversation/conversationctl/internal/command"
)

func main() { os.Exit(command.Main()) }
