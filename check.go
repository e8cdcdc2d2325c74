package conversation

import (
	"strconv"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// checker checks the arguments of one call and keeps the first problem it finds. It names fields by their JSON paths.
type checker struct {
	op       operation
	platform bool // the request is for the live platform
	limits   bool // its size is limited
	problem  error
}

func (c *Client) checker(op operation) checker {
	platform := c.dialect == DialectPlatform
	return checker{op: op, platform: platform, limits: platform && !c.noLimitChecks}
}

func (c *checker) reject(field, reason string) {
	if c.problem == nil {
		c.problem = refuse(c.op, field, reason)
	}
}

func refuse(op operation, field, reason string) error {
	return &ArgumentError{Operation: op.name, Field: field, Reason: reason}
}

func nilContext(op operation) error {
	return refuse(op, "ctx", "is nil: pass context.Background()")
}

func nilRequest(op operation) error {
	return refuse(op, "req", "is nil: pass a request")
}

const isRequired = "is required"

func isBlank(value string) bool { return strings.TrimSpace(value) == "" }

func (c *checker) required(field, value string) {
	if isBlank(value) {
		c.reject(field, isRequired)
	}
}

// segment rejects an id that cannot be a segment of a path.
func (c *checker) segment(field, id string) {
	if problem := wire.SegmentProblem(id); problem != "" {
		c.reject(field, problem)
	}
}

// oneKind requires exactly one of the kinds of an object to be set.
func (c *checker) oneKind(field, fix string, set []string) {
	switch len(set) {
	case 0:
		c.reject(field, "has no content: "+fix)
	case 1:
	default:
		c.reject(field, "has more than one kind ("+strings.Join(set, ", ")+"): keep one")
	}
}

// recipient requires exactly one of the two forms, filled in.
func (c *checker) recipient(to Recipient) {
	switch {
	case to.ContactID == "" && to.IdentifiedBy == nil:
		c.reject("recipient", "is required: set contact_id or identified_by, with ToContact or ToChannel")
	case to.ContactID != "" && to.IdentifiedBy != nil:
		c.reject("recipient", "has both contact_id and identified_by: keep one")
	case to.ContactID != "":
		c.required("recipient.contact_id", to.ContactID)
	default:
		c.identities("recipient.identified_by.channel_identities", to.IdentifiedBy.ChannelIdentities)
	}
}

// identities requires at least one identity, each with a channel and an address.
func (c *checker) identities(field string, identities []ChannelIdentity) {
	if len(identities) == 0 {
		c.reject(field, "is empty: add at least one identity")
	}
	for i, identity := range identities {
		if isBlank(string(identity.Channel)) {
			c.reject(element(field, i)+".channel", isRequired)
		}
		if isBlank(identity.Identity) {
			c.reject(element(field, i)+".identity", isRequired)
		}
	}
}

// element returns the path of an element of a list.
func element(field string, i int) string {
	return field + "[" + strconv.Itoa(i) + "]"
}
