package command

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
)

// sendRequest returns the request of the flags and of the file.
func (p *program) sendRequest(cmd *cobra.Command, f *sendFlags) (*conversation.SendMessageRequest, error) {
	request := &conversation.SendMessageRequest{}
	if err := p.sendContent(cmd, f, request); err != nil {
		return nil, err
	}
	for _, part := range []func(*conversation.SendMessageRequest) error{f.setApp, f.setRecipient, f.setSettings} {
		if err := part(request); err != nil {
			return nil, err
		}
	}
	return request, nil
}

// sendContent sets the message, or the whole request if it is in a file.
func (p *program) sendContent(cmd *cobra.Command, f *sendFlags, request *conversation.SendMessageRequest) error {
	var kinds []string
	for _, name := range []string{"text", "media", "template", "file"} {
		if cmd.Flags().Changed(name) {
			kinds = append(kinds, "--"+name)
		}
	}
	switch len(kinds) {
	case 0:
		return usageError("the message is missing: pass --text, --media, --template or --file")
	case 1:
	default:
		return usageError("%s exclude each other: keep one", strings.Join(kinds, " and "))
	}
	switch kinds[0] {
	case "--text":
		request.Message = conversation.Text(f.text)
	case "--media":
		request.Message = conversation.Media(f.media)
	case "--template":
		params, err := namedValues("--param", f.template.params)
		if err != nil {
			return err
		}
		request.Message = conversation.Template(f.template.id, f.template.version, f.template.language, params)
	default:
		return p.decodeFile(cmd.Context(), "--file", f.file, request)
	}
	return nil
}

// namedValues splits each NAME=VALUE of a flag.
func namedValues(flag string, pairs []string) (map[string]string, error) {
	var values map[string]string
	for i, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, usageError("%s: number %d is not NAME=VALUE", flag, i+1)
		}
		if _, given := values[name]; given {
			return nil, usageError("%s: number %d has the name of another: keep one", flag, i+1)
		}
		if values == nil {
			values = map[string]string{}
		}
		values[name] = value
	}
	return values, nil
}

func (f *sendFlags) setApp(request *conversation.SendMessageRequest) error {
	if f.app != "" || request.AppID != "" {
		return fillIn(&request.AppID, f.app, "--app", "app_id")
	}
	app, err := requireApp("")
	request.AppID = app
	return err
}

func (f *sendFlags) setSettings(request *conversation.SendMessageRequest) error {
	if f.ttl%time.Second != 0 {
		return usageError("--ttl must be whole seconds, such as 90s")
	}
	queue, err := parseQueue(f.queue)
	if err != nil {
		return err
	}
	priority, err := parseChannels("--channel-priority", f.priority)
	if err != nil {
		return err
	}
	if priority != nil && request.ChannelPriorityOrder != nil {
		return inBoth("--channel-priority", "channel_priority_order")
	}
	if priority != nil {
		request.ChannelPriorityOrder = priority
	}
	for _, err := range []error{
		fillIn(&request.TTL, int(f.ttl/time.Second), "--ttl", "ttl"),
		fillIn(&request.CorrelationID, f.correlationID, "--correlation-id", "correlation_id"),
		fillIn(&request.MessageMetadata, f.metadata, "--metadata", "message_metadata"),
		fillIn(&request.CallbackURL, f.callbackURL, "--callback-url", "callback_url"),
		fillIn(&request.Queue, queue, "--queue", "queue"),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// fillIn sets a field of the request to the value of a flag. The file must not have another one.
func fillIn[T comparable](field *T, value T, flag, name string) error {
	var unset T
	switch {
	case value == unset:
		return nil
	case *field != unset && *field != value:
		return inBoth(flag, name)
	}
	*field = value
	return nil
}

func inBoth(flag, name string) error {
	return usageError("%s: the file of --file has another %s: keep one", flag, name)
}

func parseQueue(name string) (conversation.Queue, error) {
	switch strings.ToLower(name) {
	case "":
		return "", nil
	case "high", "high_priority":
		return conversation.QueueHighPriority, nil
	case "normal", "normal_priority":
		return conversation.QueueNormalPriority, nil
	}
	return "", usageError("--queue must be high or normal")
}
