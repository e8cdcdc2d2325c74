package relay

import (
	"net/http"
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation/webhook"
)

const (
	keptPrefix   = "X-Sinch-Webhook-"
	contentType  = "Content-Type"
	replayHeader = "Relay-Replay" // ID of the replay that appended the callback
)

// keptHeader returns the headers of a request that are stored with a callback, under their canonical names.
func keptHeader(header http.Header) nats.Header {
	kept := make(nats.Header, 5)
	for name, values := range header {
		name = http.CanonicalHeaderKey(name)
		if strings.HasPrefix(name, keptPrefix) || name == contentType {
			kept[name] = values
		}
	}
	return kept
}

// onlyKept returns the headers of a stored callback or dead letter without those that the engine added.
func onlyKept(header nats.Header) nats.Header {
	kept := keptHeader(http.Header(header))
	if replay := header.Get(replayHeader); replay != "" {
		kept.Set(replayHeader, replay)
	}
	return kept
}

// keyOf returns the key that duplicates of a callback share. Each replay has separate keys.
func keyOf(body []byte, header nats.Header) string {
	key := webhook.DeduperKey(body)
	if replay := header.Get(replayHeader); replay != "" {
		key += "." + replay
	}
	return key
}
