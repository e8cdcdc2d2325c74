package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	batchHost     = "/batch" // The Batch API has its own host, which here is a path.
	batchMessages = batchHost + "/v1/projects/{project_id}/messages"

	// maxBatchAhead is how far ahead a batch can be sent.
	maxBatchAhead = 7 * 24 * time.Hour
)

// isBatch reports whether r is a request of the Batch API.
func (r Request) isBatch() bool { return strings.HasPrefix(r.Path, batchHost+"/") }

// batchProblems returns the problems of a request of the Batch API: those of the schemas, else those that no schema has. The
// message of a batch is checked as its first recipient gets it.
func (r Request) batchProblems() []string {
	below := r
	below.Path = strings.TrimPrefix(r.Path, batchHost)
	var problems []string
	switch r.HTTP.Method + " " + r.Path {
	case http.MethodPost + " " + batchMessages:
		below.Body = filledIn(r.Body)
		problems = batchRules(r)
	case http.MethodDelete + " " + batchMessages:
		problems = cancelRules(r.Body)
	}
	if broken := batchDocument().problems(below); len(broken) > 0 {
		return broken
	}
	below.Path = r.Path
	return append(problems, rules(below)...)
}

// filledIn returns the body of a batch with the message of the first recipient.
func filledIn(body []byte) []byte {
	var batch object
	if json.Unmarshal(body, &batch) != nil {
		return body
	}
	parameters := parametersOf(batch, 0)
	batch["message"] = Fill(batch["message"], parameters)
	filled, err := json.Marshal(batch)
	if err != nil {
		return body
	}
	return filled
}

func parametersOf(batch object, index int) map[string]string {
	recipients, _ := batch["recipient_and_params"].([]any)
	if index >= len(recipients) {
		return nil
	}
	recipient, _ := recipients[index].(object)
	given, _ := recipient["parameters"].(object)
	parameters := map[string]string{}
	for name, value := range given {
		if text, ok := value.(string); ok {
			parameters[name] = text
		}
	}
	return parameters
}

// batchRules returns the problems of a batch by the rules that no schema has.
func batchRules(r Request) []string {
	var batch object
	if json.Unmarshal(r.Body, &batch) != nil {
		return nil
	}
	found := &findings{now: r.Now}
	given, _ := batch["send_after"].(string)
	if at, err := time.Parse(time.RFC3339, given); err == nil && at.After(r.Now.Add(maxBatchAhead)) {
		found.add("send_after", "it is more than 7 days ahead")
	}
	names := Placeholders(batch["message"])
	recipients, _ := batch["recipient_and_params"].([]any)
	for i := range recipients {
		parameters := parametersOf(batch, i)
		for _, name := range names {
			if _, ok := parameters[name]; !ok {
				found.add(fmt.Sprintf("recipient_and_params[%d].parameters", i), "the message has ${%s}, which they lack", name)
			}
		}
	}
	return found.problems
}

// cancelRules requires what names the batches to cancel.
func cancelRules(body []byte) []string {
	var request struct {
		BatchID string `json:"batch_id"`
		Key     string `json:"metadata_key"`
		Value   string `json:"metadata_value"`
	}
	if json.Unmarshal(body, &request) != nil || request.BatchID != "" || request.Key != "" && request.Value != "" {
		return nil
	}
	return []string{"batch_id: it is required, or metadata_key and metadata_value are"}
}

// Part returns the problems of the message of a batch to one of its recipients.
func Part(appID string, recipient, message json.RawMessage, now time.Time) []string {
	body, err := json.Marshal(map[string]any{"app_id": appID, "recipient": recipient, "message": message})
	if err != nil {
		return []string{"message: " + err.Error()}
	}
	send := &http.Request{Method: http.MethodPost, URL: new(url.URL), Header: http.Header{}}
	return Platform(Request{HTTP: send, Path: sendMessage, Params: map[string]string{"project_id": "P"}, Body: body, Now: now})
}

// Placeholders returns the names in the placeholders of a JSON value, such as name for "Hi ${name}", each once.
func Placeholders(value any) []string {
	names := map[string]bool{}
	_ = eachString(value, func(text string) string {
		_ = expand(text, func(name string) string {
			names[name] = true
			return ""
		})
		return text
	})
	return slices.Sorted(maps.Keys(names))
}

// Fill returns a JSON value with the parameters in place of the placeholders in its strings. A placeholder without a
// parameter stays.
func Fill(value any, parameters map[string]string) any {
	return eachString(value, func(text string) string {
		return expand(text, func(name string) string {
			if parameter, ok := parameters[name]; ok {
				return parameter
			}
			return "${" + name + "}"
		})
	})
}

// eachString returns a copy of a JSON value with other strings. The names of fields stay.
func eachString(value any, change func(string) string) any {
	switch value := value.(type) {
	case string:
		return change(value)
	case object:
		changed := make(object, len(value))
		for name, field := range value {
			changed[name] = eachString(field, change)
		}
		return changed
	case []any:
		changed := make([]any, len(value))
		for i, item := range value {
			changed[i] = eachString(item, change)
		}
		return changed
	default:
		return value
	}
}

// expand replaces each ${name} of a text, from left to right. What it is replaced with is not expanded again.
func expand(text string, replace func(name string) string) string {
	var expanded strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed || name == "" {
			expanded.WriteString(text)
			return expanded.String()
		}
		expanded.WriteString(before)
		expanded.WriteString(replace(name))
		text = after
	}
}
