package conversationtest

import (
	"net/http"
	"net/url"
	"strings"
)

// routes holds every operation that the fake knows.
var routes = []route{
	{"Messages.Send", v1, http.MethodPost, "messages:send", (*project).sendMessage},
	{"Messages.List", v1, http.MethodGet, "messages", (*project).listMessages},
	{"Messages.Get", v1, http.MethodGet, "messages/{message_id}", (*project).getMessage},
	{"Messages.Update", v1, http.MethodPatch, "messages/{message_id}", (*project).updateMessage},
	{"Messages.Delete", v1, http.MethodDelete, "messages/{message_id}", (*project).deleteMessage},
	{"Messages.LastMessages", v1, http.MethodPost, "messages:fetch-last-message", (*project).lastMessages},
	{"Transcoding.Transcode", v1, http.MethodPost, "messages:transcode", (*project).transcodeMessage},

	{"Contacts.Create", v1, http.MethodPost, "contacts", (*project).createContact},
	{"Contacts.List", v1, http.MethodGet, "contacts", (*project).listContacts},
	{"Contacts.Get", v1, http.MethodGet, "contacts/{contact_id}", (*project).getContact},
	{"Contacts.Update", v1, http.MethodPatch, "contacts/{contact_id}", (*project).updateContact},
	{"Contacts.Delete", v1, http.MethodDelete, "contacts/{contact_id}", (*project).deleteContact},
	{"Contacts.Merge", v1, http.MethodPost, "contacts:merge", (*project).mergeContacts},
	{"Contacts.Merge", v1, http.MethodPost, "contacts/{destination_id}:merge", (*project).mergeContact}, // On the platform.
	{"Contacts.ChannelProfile", v1, http.MethodPost, "contacts:getChannelProfile", (*project).channelProfile},
	{"Contacts.IdentityConflicts", v1, http.MethodGet, "contacts:identityConflicts", (*project).listIdentityConflicts},

	{"Conversations.Create", v1, http.MethodPost, "conversations", (*project).createConversation},
	{"Conversations.List", v1, http.MethodGet, "conversations", (*project).listConversations},
	{"Conversations.Get", v1, http.MethodGet, "conversations/{conversation_id}", (*project).getConversation},
	{"Conversations.Update", v1, http.MethodPatch, "conversations/{conversation_id}", (*project).updateConversation},
	{"Conversations.Delete", v1, http.MethodDelete, "conversations/{conversation_id}", (*project).deleteConversation},
	{"Conversations.Stop", v1, http.MethodPost, "conversations/{conversation_id}:stop", (*project).stopConversation},
	{"Conversations.Recent", v1, http.MethodGet, "conversations:recent", (*project).listRecentConversations},
	{"Conversations.InjectMessage", v1, http.MethodPost, "conversations/{conversation_id}:inject-message", (*project).injectMessage},
	{"Conversations.InjectEvent", v1, http.MethodPost, "conversations/{conversation_id}:inject-event", (*project).injectEvent},

	{"Apps.Create", v1, http.MethodPost, "apps", (*project).createApp},
	{"Apps.List", v1, http.MethodGet, "apps", (*project).listApps},
	{"Apps.Get", v1, http.MethodGet, "apps/{app_id}", (*project).getApp},
	{"Apps.Update", v1, http.MethodPatch, "apps/{app_id}", (*project).updateApp},
	{"Apps.Delete", v1, http.MethodDelete, "apps/{app_id}", (*project).deleteApp},

	{"Webhooks.Create", v1, http.MethodPost, "apps/{app_id}/webhooks", (*project).createAppWebhook},
	{"Webhooks.Create", v1, http.MethodPost, "webhooks", (*project).createWebhook}, // On the platform.
	{"Webhooks.List", v1, http.MethodGet, "apps/{app_id}/webhooks", (*project).listWebhooks},
	{"Webhooks.Get", v1, http.MethodGet, "webhooks/{webhook_id}", (*project).getWebhook},
	{"Webhooks.Update", v1, http.MethodPatch, "webhooks/{webhook_id}", (*project).updateWebhook},
	{"Webhooks.Delete", v1, http.MethodDelete, "webhooks/{webhook_id}", (*project).deleteWebhook},

	{"Events.Send", v1, http.MethodPost, "events:send", (*project).sendEvent},
	{"Events.List", v1, http.MethodGet, "events", (*project).listEvents},
	{"Events.Get", v1, http.MethodGet, "events/{event_id}", (*project).getEvent},
	{"Events.Delete", v1, http.MethodDelete, "events/{event_id}", (*project).deleteEvent},
	{"Capability.Query", v1, http.MethodPost, "capability:query", (*project).queryCapability},

	{"Consents.Identities", v1, http.MethodGet, "apps/{app_id}/consents/{list_type}", (*project).listConsents},
	{"Consents.AuditRecords", v1, http.MethodGet, "apps/{app_id}/consents/identities/{identity}", (*project).listAuditRecords},

	{"ProjectSettings.Create", v1, http.MethodPost, "settings", (*project).createSettings},
	{"ProjectSettings.Get", v1, http.MethodGet, "settings", (*project).getSettings},
	{"ProjectSettings.Update", v1, http.MethodPatch, "settings", (*project).updateSettings},
	{"ProjectSettings.Delete", v1, http.MethodDelete, "settings", (*project).deleteSettings},

	{"Templates.Create", v2, http.MethodPost, "templates", (*project).createTemplate},
	{"Templates.List", v2, http.MethodGet, "templates", (*project).listTemplates},
	{"Templates.Get", v2, http.MethodGet, "templates/{template_id}", (*project).getTemplate},
	{"Templates.Update", v2, http.MethodPut, "templates/{template_id}", (*project).updateTemplate},
	{"Templates.Delete", v2, http.MethodDelete, "templates/{template_id}", (*project).deleteTemplate},
	{"Templates.Translations", v2, http.MethodGet, "templates/{template_id}/translations", (*project).listTranslations},

	{"Batches.Send", batchV1, http.MethodPost, "messages", (*project).sendBatch},
	{"Batches.Get", batchV1, http.MethodGet, "messages/{batch_id}", (*project).getBatch},
	{"Batches.FindByMetadata", batchV1, http.MethodGet, "messages", (*project).findBatches},
	{"Batches.Cancel", batchV1, http.MethodDelete, "messages", (*project).cancelBatches},
	{"Batches.CreateContacts", batchV1, http.MethodPost, "contacts", (*project).createContacts},
	{"Batches.DeleteContacts", batchV1, http.MethodDelete, "contacts", (*project).deleteContacts},
	{"Batches.InsertConsents", batchV1, http.MethodPost, "consents", (*project).insertConsents},
}

// The versions of the API. Only templates use v2.
const (
	v1      = "v1"
	v2      = "v2"
	batchV1 = "batch/v1" // The Batch API. It has its own host, which here is a path.
)

// batchPath is where the Batch API is below BaseURL. Its paths mean other things in the rest of the API.
const batchPath = "/batch"

// isBatch reports whether a path is one of the Batch API.
func isBatch(path string) bool { return strings.HasPrefix(path, batchPath+"/") }

// tokenRoute is the route of the token endpoint, whatever the method.
var tokenRoute = &route{operation: "token"}

// route is an operation, and the requests that it answers.
type route struct {
	operation string // The name in the SDK, such as "Messages.Send".
	version   string
	method    string
	pattern   string // The path below the project. {name} matches a segment, and {name}:verb one that ends in the verb.
	handler   handler
}

// isNamed reports whether name is the operation's name or its method and pattern, such as "POST messages:send" or
// "POST batch/messages".
func (r *route) isNamed(name string) bool {
	pattern := r.pattern
	if r.version == batchV1 {
		pattern = "batch/" + pattern
	}
	return name == r.operation || name == r.method+" "+pattern
}

// path returns the template of the path, as the contracts write it.
func (r *route) path() string { return "/" + r.version + "/projects/{project_id}/" + r.pattern }

// handler runs one operation. Its result is encoded as JSON; an *apiError sets another status than 200.
type handler func(*project, *call) (any, error)

// routeOf returns the route of a request, and nil for an unknown operation.
func routeOf(r *http.Request) *route {
	if r.URL.Path == tokenPath {
		return tokenRoute
	}
	version, _, rest, _ := splitPath(r.URL.EscapedPath())
	found, _ := findRoute(version, r.Method, rest)
	return found
}

// splitPath splits an escaped path of the API. The rest is what follows the project.
func splitPath(path string) (version, projectID, rest string, ok bool) {
	const parts = 5 // Nothing, the version, "projects", the id and the rest.
	if below, ok := strings.CutPrefix(path, batchPath); ok {
		version, projectID, rest, ok = splitPath(below)
		return "batch/" + version, projectID, rest, ok
	}
	split := strings.SplitN(path, "/", parts)
	if len(split) < parts-1 || split[0] != "" || split[1] != v1 && split[1] != v2 || split[2] != "projects" {
		return "", "", "", false
	}
	return split[1], split[3], strings.Join(split[parts-1:], "/"), true
}

// findRoute returns the route of the part of a path below the project, and its parameters. It returns nil if there is
// no such operation.
func findRoute(version, method, rest string) (*route, map[string]string) {
	for i := range routes {
		known := &routes[i]
		if known.version != version || known.method != method {
			continue
		}
		if params, ok := match(known.pattern, rest); ok {
			return known, params
		}
	}
	return nil, nil
}

// match compares an escaped path with a pattern and returns the unescaped parameters.
func match(pattern, path string) (map[string]string, bool) {
	patterns, segments := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(patterns) != len(segments) {
		return nil, false
	}
	params := map[string]string{}
	for i, segment := range segments {
		name, value, ok := matchSegment(patterns[i], segment)
		if !ok {
			return nil, false
		}
		if name != "" {
			params[name] = value
		}
	}
	return params, true
}

// matchSegment cuts off the verb before it unescapes the segment, because an escaped colon belongs to the id.
func matchSegment(pattern, segment string) (name, value string, ok bool) {
	if !strings.HasPrefix(pattern, "{") {
		literal, err := url.PathUnescape(segment)
		return "", "", err == nil && literal == pattern
	}
	name, verb, _ := strings.Cut(pattern[1:], "}")
	escaped, ok := strings.CutSuffix(segment, verb)
	if !ok || escaped == "" {
		return "", "", false
	}
	value, err := url.PathUnescape(escaped)
	return name, value, err == nil
}
