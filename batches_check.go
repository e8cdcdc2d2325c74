package conversation

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// Limits of the Batch API.
const (
	maxBatch      = 1000 // recipients, contacts or ids of a call
	maxBatchDelay = 7 * 24 * time.Hour
)

// reservedBatchKey is the key of metadata that the platform sets to the id of the batch.
const reservedBatchKey = "_batch_id"

// checker returns a checker for a call to the host of batches, which has a problem if the client cannot call it.
func (s *BatchesService) checker(op operation) checker {
	check := checker{op: op, platform: true, limits: !s.client.noLimitChecks}
	switch {
	case s.client.basicAuth:
		check.reject("WithBasicAuth", "does not work for batches, which require an access token: use WithOAuth2 or WithTokenSource")
	case s.client.batchURL == "":
		check.reject("WithBatchBaseURL", "is missing: with a base URL, the address of batches must be set too, by this option or "+envBatch)
	}
	return check
}

func checkSendBatch(check checker, req *SendBatchRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	names := check.batch(req)
	check.items("recipient_and_params", len(req.RecipientAndParams), "add a recipient")
	for i := range req.RecipientAndParams {
		if check.problem != nil {
			break
		}
		check.problem = check.batchRecipient(i, &req.RecipientAndParams[i], names)
	}
	return check.problem
}

// batch checks what all recipients share, and returns the names of the placeholders in the message, sorted.
func (c *checker) batch(req *SendBatchRequest) []string {
	c.required("app_id", req.AppID)
	c.ttl(req.TTL)
	c.length("correlation_id", req.CorrelationID, maxCorrelationID)
	c.optionalURL("callback_url", req.CallbackURL)
	c.channelProperties(req.ChannelProperties)
	c.unreserved("batch_metadata", req.BatchMetadata)
	c.unreserved("message_metadata", req.MessageMetadata)
	c.unreserved("conversation_metadata", req.ConversationMetadata)
	if ahead := time.Until(req.SendAfter.Time); c.limits && ahead > maxBatchDelay {
		c.exceeds("send_after", "is more than 7 days ahead: the platform schedules nothing later")
	}
	c.placeholders = true
	c.appMessage("message", &req.Message)
	c.placeholders = false
	names := placeholderNames(req.Message)
	if slices.Contains(names, "") {
		c.reject("message", "has a placeholder without a name: write ${name}, or leave it out")
	}
	return names
}

// batchRecipient returns the first problem of a recipient: of its shape, its metadata, or the parameters that it has or
// lacks. The error has the index of the recipient and no value of it.
func (c *checker) batchRecipient(i int, to *BatchRecipient, names []string) error {
	own := checker{op: c.op, platform: c.platform, limits: c.limits}
	own.recipient(to.Recipient)
	own.unreserved("message_metadata", to.MessageMetadata)
	own.unreserved("conversation_metadata", to.ConversationMetadata)
	own.parameters(to.Parameters, names)
	if problem, ok := errors.AsType[*ArgumentError](own.problem); ok {
		problem.Field = element("recipient_and_params", i) + "." + problem.Field
	}
	return own.problem
}

// parameters requires one parameter for each placeholder, and no other. WithoutLimitChecks turns it off: what the
// platform takes for a placeholder may change.
func (c *checker) parameters(given map[string]string, names []string) {
	if !c.limits {
		return
	}
	found := 0
	for _, name := range names {
		if _, ok := given[name]; !ok {
			c.exceeds("parameters."+redact.Mask(name), "is missing: the message has the placeholder ${%s}", redact.Mask(name))
			return
		}
		found++
	}
	if found == len(given) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			c.exceeds("parameters."+redact.Mask(name), "is not used: the message has no placeholder ${%s}, so remove the parameter", redact.Mask(name))
			return
		}
	}
}

// unreserved rejects metadata with the key that the platform overwrites.
func (c *checker) unreserved(field string, metadata JSONObject) {
	if _, found := metadata[reservedBatchKey]; found {
		c.reject(field+"."+reservedBatchKey, "is reserved: the platform sets it to the id of the batch, so use another key")
	}
}

// items requires a list of 1 to maxBatch items.
func (c *checker) items(field string, items int, fix string) {
	if items == 0 {
		c.reject(field, "is empty: "+fix)
	}
	c.count(field, items, maxBatch)
}

var placeholder = regexp.MustCompile(`\$\{([^{}]*)\}`)

// placeholderNames returns the names of all placeholders in the strings of a message, sorted. A message that cannot be
// encoded is found when the request is.
func placeholderNames(message AppMessage) []string {
	encoded, err := wire.EncodeJSON(toPlatformAppMessage(message))
	if err != nil {
		return nil
	}
	var value any
	if json.Unmarshal(encoded, &value) != nil {
		return nil
	}
	names := map[string]bool{}
	addPlaceholders(names, value)
	return slices.Sorted(maps.Keys(names))
}

func addPlaceholders(names map[string]bool, value any) {
	switch value := value.(type) {
	case string:
		for _, match := range placeholder.FindAllStringSubmatch(value, -1) {
			names[match[1]] = true
		}
	case []any:
		for _, item := range value {
			addPlaceholders(names, item)
		}
	case map[string]any:
		for _, member := range value {
			addPlaceholders(names, member)
		}
	}
}

func checkCreateContacts(check checker, req *CreateContactsRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.items("contacts", len(req.Contacts), "add a contact")
	for i, contact := range req.Contacts {
		if check.problem != nil {
			break
		}
		at := element("contacts", i)
		check.identities(at+".channel_identities", contact.ChannelIdentities)
		check.length(at+".metadata", contact.Metadata, maxMetadata)
	}
	return check.problem
}

func checkDeleteContacts(check checker, req *DeleteContactsRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.items("contact_ids", len(req.ContactIDs), "add the id of a contact")
	for i, id := range req.ContactIDs {
		if isBlank(id) {
			check.reject(element("contact_ids", i), isRequired)
		}
	}
	return check.problem
}

func checkInsertConsents(check checker, req *InsertConsentsRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.required("app_id", req.AppID)
	if len(req.ConsentRecords) == 0 {
		check.reject("consent_records", "is empty: add a record")
	}
	for i, record := range req.ConsentRecords {
		if isBlank(record.Identification) {
			check.reject(element("consent_records", i)+".identification", isRequired)
		}
		if isBlank(string(record.ConsentType)) {
			check.reject(element("consent_records", i)+".consent_type", "is required: set a list, such as ConsentsOptOutAll")
		}
	}
	return check.problem
}
