package relay

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/nats-io/nats.go"
)

const (
	nonceHeader  = "X-Sinch-Webhook-Signature-Nonce"
	keptPrefix   = "X-Sinch-Webhook-"
	contentType  = "Content-Type"
	replayHeader = "Relay-Replay" // which replay put the callback there
	longestNonce = 256            // in bytes; a receiver that verifies takes no longer one
)

// keptHeader gives the headers of a request that are kept with a callback, by their usual names.
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

// onlyKept gives what a callback in the stream, or a dead letter, has of a callback: all but what the engine added.
func onlyKept(header nats.Header) nats.Header {
	kept := keptHeader(http.Header(header))
	if replay := header.Get(replayHeader); replay != "" {
		kept.Set(replayHeader, replay)
	}
	return kept
}

// keyOf gives the key that copies of a callback share: its nonce, or the hash of the body when it was not signed. A
// replay begins anew.
func keyOf(body []byte, header nats.Header) string {
	key := token(header.Get(nonceHeader))
	if key == "" || len(header.Get(nonceHeader)) > longestNonce {
		sum := sha256.Sum256(body)
		key = "body." + hex.EncodeToString(sum[:]) // a token has no dot
	}
	if replay := header.Get(replayHeader); replay != "" {
		key += "." + replay
	}
	return key
}
