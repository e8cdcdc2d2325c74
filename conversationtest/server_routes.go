package conversationtest

import (
	"net/http"
	"net/url"
	"strings"
)

// routes holds every operation that the fake knows, by the version of the API, the method and the path below the project.
// A segment in braces takes any text; {name}:verb takes a text that the verb follows.
var routes = []route{
	{v1, http.MethodPost, "messages:send", (*project).sendMessage},
	{v1, http.MethodGet, "messages", (*project).listMessages},
	{v1, http.MethodGet, "messages/{message_id}", (*project).getMessage},
	{v1, http.MethodPatch, "messages/{message_id}", (*project).updateMessage},
	{v1, http.MethodDelete, "messages/{message_id}", (*project).deleteMessage},
	{v1, http.MethodPost, "messages:fetch-last-message", (*project).lastMessages},
	{v1, http.MethodPost, "messages:transcode", (*project).transcodeMessage},

	{v1, http.MethodPost, "contacts", (*project).createContact},
	{v1, http.MethodGet, "contacts", (*project).listContacts},
	{v1, http.MethodGet, "contacts/{contact_id}", (*project).getContact},
	{v1, http.MethodPatch, "contacts/{contact_id}", (*project).updateContact},
	{v1, http.MethodDelete, "contacts/{contact_id}", (*project).deleteContact},
	{v1, http.MethodPost, "contacts:merge", (*project).mergeContacts},
	{v1, http.MethodPost, "contacts/{destination_id}:merge", (*project).mergeContact}, // On the platform.
	{v1, http.MethodPost, "contacts:getChannelProfile", (*project).channelProfile},
	{v1, http.MethodGet, "contacts:identityConflicts", (*project).listIdentityConflicts},

	{v1, http.MethodPost, "conversations", (*project).createConversation},
	{v1, http.MethodGet, "conversations", (*project).listConversations},
	{v1, http.MethodGet, "conversations/{conversation_id}", (*project).getConversation},
	{v1, http.MethodPatch, "conversations/{conversation_id}", (*project).updateConversation},
	{v1, http.MethodDelete, "conversations/{conversation_id}", (*project).deleteConversation},
	{v1, http.MethodPost, "conversations/{conversation_id}:stop", (*project).stopConversation},
	{v1, http.MethodGet, "conversations:recent", (*project).listRecentConversations},
	{v1, http.MethodPost, "conversations/{conversation_id}:inject-message", (*project).injectMessage},
	{v1, http.MethodPost, "conversations/{conversation_id}:inject-event", (*project).injectEvent},

	{v1, http.MethodPost, "apps", (*project).createApp},
	{v1, http.MethodGet, "apps", (*project).listApps},
	{v1, http.MethodGet, "apps/{app_id}", (*project).getApp},
	{v1, http.MethodPatch, "apps/{app_id}", (*project).updateApp},
	{v1, http.MethodDelete, "apps/{app_id}", (*project).deleteApp},

	{v1, http.MethodPost, "apps/{app_id}/webhooks", (*project).createAppWebhook},
	{v1, http.MethodPost, "webhooks", (*project).createWebhook}, // On the platform.
	{v1, http.MethodGet, "apps/{app_id}/webhooks", (*project).listWebhooks},
	{v1, http.MethodGet, "webhooks/{webhook_id}", (*project).getWebhook},
	{v1, http.MethodPatch, "webhooks/{webhook_id}", (*project).updateWebhook},
	{v1, http.MethodDelete, "webhooks/{webhook_id}", (*project).deleteWebhook},

	{v1, http.MethodPost, "events:send", (*project).sendEvent},
	{v1, http.MethodGet, "events", (*project).listEvents},
	{v1, http.MethodGet, "events/{event_id}", (*project).getEvent},
	{v1, http.MethodDelete, "events/{event_id}", (*project).deleteEvent},
	{v1, http.MethodPost, "capability:query", (*project).queryCapability},

	{v1, http.MethodGet, "apps/{app_id}/consents/{list_type}", (*project).listConsents},
	{v1, http.MethodGet, "apps/{app_id}/consents/identities/{identity}", (*project).listAuditRecords},

	{v1, http.MethodPost, "settings", (*project).createSettings},
	{v1, http.MethodGet, "settings", (*project).getSettings},
	{v1, http.MethodPatch, "settings", (*project).updateSettings},
	{v1, http.MethodDelete, "settings", (*project).deleteSettings},

	{v2, http.MethodPost, "templates", (*project).createTemplate},
	{v2, http.MethodGet, "templates", (*project).listTemplates},
	{v2, http.MethodGet, "templates/{template_id}", (*project).getTemplate},
	{v2, http.MethodPut, "templates/{template_id}", (*project).updateTemplate},
	{v2, http.MethodDelete, "templates/{template_id}", (*project).deleteTemplate},
	{v2, http.MethodGet, "templates/{template_id}/translations", (*project).listTranslations},
}

// The versions of the API. Templates have another than the rest.
const (
	v1 = "v1"
	v2 = "v2"
)

type route struct {
	version string
	method  string
	pattern string
	handler handler
}

// name is what faults call the route.
func (r route) name() string { return r.method + " " + r.pattern }

// handler runs one operation. Its result is encoded as JSON; an *apiError chooses another status than 200.
type handler func(*project, *call) (any, error)

// call is a request that has found its operation.
type call struct {
	handler handler
	project *project
	path    string
	params  map[string]string
	query   url.Values
	body    []byte
}

func (s *Server) route(method string, u *url.URL) (*call, error) {
	path := u.EscapedPath()
	version, escapedID, rest, ok := splitPath(path)
	if !ok {
		return nil, notFound("path", path)
	}
	projectID, err := url.PathUnescape(escapedID)
	if err != nil {
		return nil, notFound("project", escapedID)
	}
	project, ok := s.projects[projectID]
	if !ok {
		return nil, notFound("project", projectID)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, invalidArgument("the query cannot be read: %v", err)
	}
	found, params, ok := findRoute(version, method, rest)
	if !ok {
		return nil, &apiError{
			status:  http.StatusNotImplemented,
			message: "no operation " + method + " " + path,
		}
	}
	return &call{handler: found.handler, project: project, path: path, params: params, query: query}, nil
}

// splitPath takes an escaped path of the API apart. The rest is what follows the project.
func splitPath(path string) (version, projectID, rest string, ok bool) {
	const parts = 5 // Nothing, the version, "projects", the id and the rest.
	split := strings.SplitN(path, "/", parts)
	if len(split) < parts-1 || split[0] != "" || split[1] != v1 && split[1] != v2 || split[2] != "projects" {
		return "", "", "", false
	}
	return split[1], split[3], strings.Join(split[parts-1:], "/"), true
}

// findRoute finds the route of what follows the project in a path, and the parameters there.
func findRoute(version, method, rest string) (route, map[string]string, bool) {
	for _, known := range routes {
		if known.version != version || known.method != method {
			continue
		}
		if params, ok := match(known.pattern, rest); ok {
			return known, params, true
		}
	}
	return route{}, nil, false
}

// match compares an escaped path with a pattern and gives the unescaped parameters.
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

// matchSegment looks for the verb before it unescapes: an escaped colon belongs to the id.
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
