package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of the live platform that a schema cannot describe.
const (
	minTTL, maxTTL           = 3, 315576000000
	maxConversationMetadata  = 2048 // As JSON.
	maxEmphasizedItem        = 15
	minOrderExpiration       = 300 // Seconds.
	conversations, allEvents = "/v1/projects/{project_id}/conversations", "/v1/projects/{project_id}/events"
	messages                 = "/v1/projects/{project_id}/messages"
	sendMessage              = "/v1/projects/{project_id}/messages:send"
	templates                = "/v2/projects/{project_id}/templates"
)

// object is a JSON object.
type object = map[string]any

// rules returns the problems of a request that keeps the schemas of the live platform, by the rules that no schema has.
func rules(r Request) []string {
	switch r.HTTP.Method + " " + r.Path {
	case http.MethodGet + " " + conversations:
		return oneOfQuery(r, "app_id", "contact_id")
	case http.MethodGet + " " + allEvents:
		return oneOfQuery(r, "conversation_id", "contact_id")
	case http.MethodGet + " " + messages:
		return sourcedQuery(r, "conversation_id", "contact_id")
	}
	var body object
	if json.Unmarshal(r.Body, &body) != nil {
		return nil
	}
	found := &findings{now: r.Now, injected: strings.HasSuffix(r.Path, ":inject-message")}
	switch r.HTTP.Method + " " + r.Path {
	case http.MethodPost + " " + sendMessage, http.MethodPost + " " + batchMessages:
		found.send(body)
	case http.MethodPost + " " + templates:
		found.newTemplate(body)
	}
	found.object("", body)
	return found.problems
}

// oneOfQuery requires one of several query parameters.
func oneOfQuery(r Request, names ...string) []string {
	query := r.HTTP.URL.Query()
	if slices.ContainsFunc(names, func(name string) bool { return query.Get(name) != "" }) {
		return nil
	}
	return []string{names[0] + ": it or " + names[1] + " is required"}
}

// sourcedQuery rejects query parameters that messages sent in DISPATCH mode do not have. The other source is the default.
func sourcedQuery(r Request, names ...string) []string {
	query := r.HTTP.URL.Query()
	for _, name := range names {
		if query.Get(name) != "" && query.Get("messages_source") == "DISPATCH_SOURCE" {
			return []string{name + ": it needs messages_source CONVERSATION_SOURCE"}
		}
	}
	return nil
}

// findings collects the problems of a body.
type findings struct {
	now      time.Time
	injected bool // what is checked was sent before
	problems []string
}

func (f *findings) add(path, format string, args ...any) {
	f.problems = append(f.problems, path+": "+fmt.Sprintf(format, args...))
}

func (f *findings) send(body object) {
	if ttl, ok := body["ttl"].(string); ok {
		seconds, err := strconv.ParseInt(strings.TrimSuffix(ttl, "s"), 10, 64)
		if err != nil || seconds < minTTL || seconds > maxTTL {
			f.add("ttl", "it must be from %ds to %ds", minTTL, int64(maxTTL))
		}
	}
	if metadata, ok := body["conversation_metadata"]; ok {
		encoded, err := json.Marshal(metadata)
		if err != nil || utf8.RuneCount(encoded) > maxConversationMetadata {
			f.add("conversation_metadata", "it has more than %d characters as JSON", maxConversationMetadata)
		}
	}
}

func (f *findings) newTemplate(body object) {
	for _, name := range []string{"default_translation", "translations"} {
		if body[name] == nil {
			f.add(name, "it is required")
		}
	}
}

// object checks an object of a body, and the values in it.
func (f *findings) object(path string, of object) {
	f.identity(path, of)
	for _, name := range slices.Sorted(maps.Keys(of)) {
		at := join(path, name)
		if check := fieldRules[name]; check != nil {
			check(f, at, of[name])
		}
		if !isFree[name] {
			f.value(at, of[name])
		}
	}
}

func (f *findings) value(path string, value any) {
	switch value := value.(type) {
	case object:
		f.object(path, value)
	case []any:
		for i, item := range value {
			f.value(fmt.Sprintf("%s[%d]", path, i), item)
		}
	}
}

// isFree has the fields whose content is up to the caller.
var isFree = map[string]bool{
	"additional_data": true, "batch_metadata": true, "conversation_metadata": true, "flow_action_payload": true, "message_metadata": true,
	"metadata_json": true, "parameters": true, "parameter_mappings": true, "payload": true, "postback_data": true,
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
