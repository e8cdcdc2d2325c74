package conversationtest

import (
	"net/http"
)

// tokenOperation stands for the token endpoint.
const tokenOperation = "token"

// operationNames gives the routes the names that their operations have in the SDK.
var operationNames = map[string]string{
	"POST messages:send":           "Messages.Send",
	"GET messages":                 "Messages.List",
	"GET messages/{message_id}":    "Messages.Get",
	"PATCH messages/{message_id}":  "Messages.Update",
	"DELETE messages/{message_id}": "Messages.Delete",
	"POST messages:transcode":      "Transcoding.Transcode",

	"POST messages:fetch-last-message": "Messages.LastMessages",

	"POST contacts":                        "Contacts.Create",
	"GET contacts":                         "Contacts.List",
	"GET contacts/{contact_id}":            "Contacts.Get",
	"PATCH contacts/{contact_id}":          "Contacts.Update",
	"DELETE contacts/{contact_id}":         "Contacts.Delete",
	"POST contacts:merge":                  "Contacts.Merge",
	"POST contacts/{destination_id}:merge": "Contacts.Merge",
	"POST contacts:getChannelProfile":      "Contacts.ChannelProfile",
	"GET contacts:identityConflicts":       "Contacts.IdentityConflicts",

	"POST conversations":                        "Conversations.Create",
	"GET conversations":                         "Conversations.List",
	"GET conversations/{conversation_id}":       "Conversations.Get",
	"PATCH conversations/{conversation_id}":     "Conversations.Update",
	"DELETE conversations/{conversation_id}":    "Conversations.Delete",
	"POST conversations/{conversation_id}:stop": "Conversations.Stop",
	"GET conversations:recent":                  "Conversations.Recent",

	"POST conversations/{conversation_id}:inject-message": "Conversations.InjectMessage",
	"POST conversations/{conversation_id}:inject-event":   "Conversations.InjectEvent",

	"POST apps":            "Apps.Create",
	"GET apps":             "Apps.List",
	"GET apps/{app_id}":    "Apps.Get",
	"PATCH apps/{app_id}":  "Apps.Update",
	"DELETE apps/{app_id}": "Apps.Delete",

	"POST apps/{app_id}/webhooks":  "Webhooks.Create",
	"POST webhooks":                "Webhooks.Create",
	"GET apps/{app_id}/webhooks":   "Webhooks.List",
	"GET webhooks/{webhook_id}":    "Webhooks.Get",
	"PATCH webhooks/{webhook_id}":  "Webhooks.Update",
	"DELETE webhooks/{webhook_id}": "Webhooks.Delete",

	"POST events:send":         "Events.Send",
	"GET events":               "Events.List",
	"GET events/{event_id}":    "Events.Get",
	"DELETE events/{event_id}": "Events.Delete",

	"POST capability:query": "Capability.Query",

	"GET apps/{app_id}/consents/{list_type}":           "Consents.Identities",
	"GET apps/{app_id}/consents/identities/{identity}": "Consents.AuditRecords",

	"POST settings":   "ProjectSettings.Create",
	"GET settings":    "ProjectSettings.Get",
	"PATCH settings":  "ProjectSettings.Update",
	"DELETE settings": "ProjectSettings.Delete",

	"POST templates":                           "Templates.Create",
	"GET templates":                            "Templates.List",
	"GET templates/{template_id}":              "Templates.Get",
	"PUT templates/{template_id}":              "Templates.Update",
	"DELETE templates/{template_id}":           "Templates.Delete",
	"GET templates/{template_id}/translations": "Templates.Translations",
}

func knownOperation(name string) bool {
	if name == "" || name == tokenOperation {
		return true
	}
	for route, operation := range operationNames {
		if name == route || name == operation {
			return true
		}
	}
	return false
}

// operationOf gives the route of a request, "token" for the token endpoint, or nothing when there is no such operation.
func operationOf(r *http.Request) string {
	if r.URL.Path == tokenPath {
		return tokenOperation
	}
	version, _, rest, _ := splitPath(r.URL.EscapedPath())
	found, _, ok := findRoute(version, r.Method, rest)
	if !ok {
		return ""
	}
	return found.name()
}

// concerns reports whether the fault can happen to an operation, given as operationOf does.
func (f Fault) concerns(operation string) bool {
	switch {
	case f.Kind == FaultTokenEndpointDown:
		return operation == tokenOperation
	case f.Operation == "":
		return operation != tokenOperation
	default:
		return operation == f.Operation || operationNames[operation] == f.Operation
	}
}
