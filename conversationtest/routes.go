package conversationtest

import (
	"net/http"
	"net/url"
	"strings"
)

// routes holds every operation that the fake knows, by method and by the path below the project.
// A segment in braces takes any text; {name}:verb takes a text that the verb follows.
var routes = []route{
	{http.MethodPost, "messages:send", (*project).sendMessage},
	{http.MethodGet, "messages", (*project).listMessages},
	{http.MethodGet, "messages/{message_id}", (*project).getMessage},
	{http.MethodDelete, "messages/{message_id}", (*project).deleteMessage},
	{http.MethodPost, "messages:transcode", (*project).transcodeMessage},

	{http.MethodPost, "contacts", (*project).createContact},
	{http.MethodGet, "contacts", (*project).listContacts},
	{http.MethodGet, "contacts/{contact_id}", (*project).getContact},
	{http.MethodPatch, "contacts/{contact_id}", (*project).updateContact},
	{http.MethodDelete, "contacts/{contact_id}", (*project).deleteContact},
	{http.MethodPost, "contacts:merge", (*project).mergeContacts},
	{http.MethodPost, "contacts/{destination_id}:merge", (*project).mergeContact}, // On the platform.

	{http.MethodPost, "conversations", (*project).createConversation},
	{http.MethodGet, "conversations", (*project).listConversations},
	{http.MethodGet, "conversations/{conversation_id}", (*project).getConversation},
	{http.MethodPatch, "conversations/{conversation_id}", (*project).updateConversation},
	{http.MethodDelete, "conversations/{conversation_id}", (*project).deleteConversation},
	{http.MethodPost, "conversations/{conversation_id}:stop", (*project).stopConversation},

	{http.MethodPost, "apps", (*project).createApp},
	{http.MethodGet, "apps", (*project).listApps},
	{http.MethodGet, "apps/{app_id}", (*project).getApp},
	{http.MethodPatch, "apps/{app_id}", (*project).updateApp},
	{http.MethodDelete, "apps/{app_id}", (*project).deleteApp},

	{http.MethodPost, "apps/{app_id}/webhooks", (*project).createAppWebhook},
	{http.MethodPost, "webhooks", (*project).createWebhook}, // On the platform.
	{http.MethodGet, "apps/{app_id}/webhooks", (*project).listWebhooks},
	{http.MethodGet, "webhooks/{webhook_id}", (*project).getWebhook},
	{http.MethodPatch, "webhooks/{webhook_id}", (*project).updateWebhook},
	{http.MethodDelete, "webhooks/{webhook_id}", (*project).deleteWebhook},

	{http.MethodPost, "events:send", (*project).sendEvent},
	{http.MethodPost, "capability:query", (*project).queryCapability},
}

type route struct {
	method  string
	pattern string
	handler handler
}

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

const apiPrefix = "/v1/projects/"

func (s *Server) route(method string, u *url.URL) (*call, error) {
	path := u.EscapedPath()
	rest, ok := strings.CutPrefix(path, apiPrefix)
	if !ok {
		return nil, notFound("path", path)
	}
	escapedID, rest, _ := strings.Cut(rest, "/")
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
	for _, route := range routes {
		if route.method != method {
			continue
		}
		if params, ok := match(route.pattern, rest); ok {
			return &call{handler: route.handler, project: project, path: path, params: params, query: query}, nil
		}
	}
	return nil, &apiError{
		status:  http.StatusNotImplemented,
		message: "no operation " + method + " " + path,
	}
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
